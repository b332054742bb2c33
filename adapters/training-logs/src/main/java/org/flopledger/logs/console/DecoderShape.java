package org.flopledger.logs.console;

import java.util.List;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.MixtureOfExperts;
import org.flopledger.model.Norm;
import org.flopledger.model.ParameterCount;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a decoder whose layers are all alike, as trainers print them. Sizes are untrusted and may make no sense. Immutable.
 *
 * @param layers layers
 * @param hidden width of the residual stream
 * @param heads query heads, which divide the width unless {@code headWidth} is given
 * @param keyValueHeads key and value heads
 * @param headWidth width of a head, 0 for hidden / heads
 * @param inner inner width of the feed-forward
 * @param gated whether the feed-forward is gated
 * @param bias whether all matrices have biases
 * @param norm kind of the norms
 * @param vocabulary rows of the token table as stored
 * @param positions rows of a learned position table, 0 for none
 * @param tied whether the output matrix is the token table
 * @param experts experts of each feed-forward, 0 for none
 * @param active experts that a token is sent to
 */
public record DecoderShape(
        long layers,
        long hidden,
        long heads,
        long keyValueHeads,
        long headWidth,
        long inner,
        boolean gated,
        boolean bias,
        NormShape norm,
        long vocabulary,
        long positions,
        boolean tied,
        long experts,
        long active) {

    private static final long MOST_LAYERS = 10_000;

    /** Kinds of norms. */
    public enum NormShape {
        /** Scale and bias. */
        LAYER,
        /** Scale. */
        RMS,
        /** Nothing learned. */
        PLAIN
    }

    /** Returns GPT-2: biases everywhere, learned positions, one table for input and output. */
    public static DecoderShape gpt2(long layers, long hidden, long heads, long vocabulary, long positions) {
        return new DecoderShape(
                layers,
                hidden,
                heads,
                heads,
                0,
                4 * hidden,
                false,
                true,
                NormShape.LAYER,
                vocabulary,
                positions,
                true,
                0,
                0);
    }

    /** Returns the model, or null if the sizes make none. */
    public @Nullable Architecture architecture(String name) {
        if (layers < 1 || layers > MOST_LAYERS || hidden < 1 || heads < 1 || inner < 1 || vocabulary < 1) {
            return null;
        }
        try {
            Architecture built = build(name);
            return ParameterCount.of(built).total() > 0 ? built : null;
        } catch (IllegalArgumentException | ArithmeticException e) {
            // A damaged log; the run stays, its model is not known.
            return null;
        }
    }

    /** Returns the model if it has exactly as many parameters as the trainer counted, else null: then it is another one. */
    public @Nullable Architecture architecture(String name, long parameters) {
        Architecture built = architecture(name);
        return built != null && ParameterCount.of(built).total() == parameters ? built : null;
    }

    private @Nullable Norm layerNorm() {
        return switch (norm) {
            case LAYER -> Norm.layer(hidden);
            case RMS -> Norm.rms(hidden);
            case PLAIN -> null;
        };
    }

    private Architecture build(String name) {
        var attention = DotProductAttention.builder(hidden, heads)
                .keyValueHeads(keyValueHeads)
                .headWidth(headWidth > 0 ? headWidth : hidden / heads)
                .queryKeyValueBias(bias)
                .outputBias(bias)
                .build();
        var dense = new DenseFeedForward(hidden, inner, gated, bias, bias, DenseFeedForward.Names.LLAMA);
        Mixer feedForward = experts > 0 ? MixtureOfExperts.of(experts, active, dense) : dense;
        var block = new Block(
                List.of(
                        new Block.SubLayer(layerNorm(), attention, null),
                        new Block.SubLayer(layerNorm(), feedForward, null)),
                false);
        var input = Input.Tokens.of(vocabulary, hidden).withPositions(Math.max(0, positions));
        return Architecture.decoder(
                name, LayerStack.of(input, block.times(layers), layerNorm()), Head.language(hidden, vocabulary, tied));
    }
}
