package org.flopledger.huggingface.parts;

import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.FeedForwardKind.Names;
import org.flopledger.model.Mixer;

/**
 * Reads a feed-forward layer that every token passes.
 *
 * @param gated whether a gate projection multiplies the inner values
 * @param inner how its inner width is read
 * @param bias whether all its projections have biases
 * @param names conventional module names
 */
public record DenseReader(boolean gated, ToLongFunction<Fields> inner, Toggle bias, Names names)
        implements MixerReader {

    /** A gated layer with Llama's names and without biases. */
    public static DenseReader llama() {
        return new DenseReader(true, DenseReader::statedWidth, Toggle.OFF, Names.LLAMA);
    }

    /** A layer of two matrices. */
    public static DenseReader plain(Toggle bias, String up, String down) {
        return new DenseReader(false, DenseReader::statedWidth, bias, new Names(up, up, down));
    }

    public DenseReader withInner(ToLongFunction<Fields> newInner) {
        return new DenseReader(gated, newInner, bias, names);
    }

    public DenseReader withBias(Toggle newBias) {
        return new DenseReader(gated, inner, newBias, names);
    }

    public DenseReader named(String gate, String up, String down) {
        return new DenseReader(gated, inner, bias, new Names(gate, up, down));
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
        var layer = new DenseFeedForward(
                fields.size(Spellings.HIDDEN), inner.applyAsLong(fields), gated, biased, biased, names);
        return index -> layer;
    }
}
