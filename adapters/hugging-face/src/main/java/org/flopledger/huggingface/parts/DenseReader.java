package org.flopledger.huggingface.parts;

import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DenseFeedForward.Names;
import org.flopledger.model.Fragment;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;

/**
 * Reads a feed-forward layer that every token passes.
 *
 * @param gated whether a gate projection multiplies the inner values
 * @param inner how its inner width is read
 * @param bias whether all its projections have biases
 * @param names conventional module names
 * @param inside what stands between its projections
 */
public record DenseReader(boolean gated, ToLongFunction<Fields> inner, Toggle bias, Names names, Inside inside)
        implements MixerReader {

    /** What has learned values between the projections of a layer. */
    public enum Inside {
        NOTHING,
        /** A norm of the inner values (BitNet). */
        NORM,
        /** An activation with two learned values (xIELU in Apertus). */
        TWO_VALUES
    }

    /** A gated layer with Llama's names and without biases. */
    public static DenseReader llama() {
        return new DenseReader(true, DenseReader::statedWidth, Toggle.OFF, Names.LLAMA, Inside.NOTHING);
    }

    /** A layer of two matrices. */
    public static DenseReader plain(Toggle bias, String up, String down) {
        return new DenseReader(false, DenseReader::statedWidth, bias, new Names(up, up, down), Inside.NOTHING);
    }

    public DenseReader withInner(ToLongFunction<Fields> newInner) {
        return new DenseReader(gated, newInner, bias, names, inside);
    }

    public DenseReader withBias(Toggle newBias) {
        return new DenseReader(gated, inner, newBias, names, inside);
    }

    public DenseReader with(Inside newInside) {
        return new DenseReader(gated, inner, bias, names, newInside);
    }

    public DenseReader named(String gate, String up, String down) {
        return new DenseReader(gated, inner, bias, new Names(gate, up, down), inside);
    }

    /** Returns the stated width, or the family's default. */
    public static long statedWidth(Fields fields) {
        return fields.size(Spellings.INNER);
    }

    /** Returns the stated width, or four times the hidden size. */
    public static long fourTimesHidden(Fields fields) {
        return fields.optionalSize(Spellings.INNER).orElseGet(() -> 4 * fields.size(Spellings.HIDDEN));
    }

    @Override
    public IntFunction<Mixer> read(Fields fields) {
        boolean biased = bias.in(fields);
        long hidden = fields.size(Spellings.HIDDEN);
        long width = inner.applyAsLong(fields);
        Mixer layer = inside == Inside.NOTHING
                ? new DenseFeedForward(hidden, width, gated, biased, biased, names)
                : Mixer.feedForward(hidden, fragment(hidden, width, biased));
        return index -> layer;
    }

    private Fragment fragment(long hidden, long width, boolean biased) {
        var builder = Fragment.builder();
        int up = builder.linear(names.up(), hidden, width, biased, Fragment.INPUT);
        if (gated) {
            up = builder.join(up, builder.linear(names.gate(), hidden, width, biased, Fragment.INPUT));
        }
        int read = inside == Inside.NORM
                ? builder.norm("mlp.ffn_sub_norm", Norm.rms(width), up)
                : builder.values("mlp.act_fn", 2, up);
        return builder.build(builder.linear(names.down(), width, hidden, biased, read));
    }
}
