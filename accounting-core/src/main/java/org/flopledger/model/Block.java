package org.flopledger.model;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a stack: sub-layers around which the residual stream passes.
 *
 * <p>Immutable; the same block may stand in a stack many times.
 *
 * @param subLayers in order, at least one; all of one hidden width
 * @param parallel whether every sub-layer reads the block's input (GPT-J, Falcon); a sub-layer without a norm of its own
 *     then reads the first one's
 */
public record Block(List<SubLayer> subLayers, boolean parallel) {

    private static final int MOST_LAYERS = 10_000;

    /** Checks that there is a sub-layer and that widths agree. */
    public Block {
        subLayers = requireOneWidth(subLayers);
    }

    static List<SubLayer> requireOneWidth(List<SubLayer> subLayers) {
        if (subLayers.isEmpty()) {
            throw new IllegalArgumentException("sub-layers of a block are absent, must be at least one");
        }
        long hidden = subLayers.get(0).mixer().hidden();
        for (SubLayer subLayer : subLayers) {
            if (subLayer.mixer().hidden() != hidden) {
                throw new IllegalArgumentException("hidden size of a sub-layer is "
                        + subLayer.mixer().hidden() + ", must be " + hidden + " as in the rest of the block");
            }
        }
        return List.copyOf(subLayers);
    }

    /**
     * Attention or feed-forward with the norms around it.
     *
     * @param before norm of what it reads, or null
     * @param mixer what it computes
     * @param after norm of what it returns or of the sum with the residual stream, or null
     * @param repeated whether its learned values are those of an earlier, equal sub-layer, counted there (ALBERT)
     */
    public record SubLayer(
            @Nullable Norm before, Mixer mixer, @Nullable Norm after, boolean repeated) {

        /** Makes a sub-layer with learned values of its own. */
        public SubLayer(@Nullable Norm before, Mixer mixer, @Nullable Norm after) {
            this(before, mixer, after, false);
        }

        /** Returns this sub-layer with the learned values of an earlier, equal one. */
        public SubLayer again() {
            return new SubLayer(before, mixer, after, true);
        }

        /** Adds the operations and returns the one that holds the result; norms are named after {@code name}. */
        int wire(Wiring wiring, String name, int input, int source) {
            boolean outer = wiring.repeat(repeated);
            int output = result(wiring, name, wiring.norm(name + "_before", before, input), source);
            wiring.endRepeat(outer);
            return output;
        }

        /** Adds the operations behind the first norm. */
        int result(Wiring wiring, String name, int read, int source) {
            boolean outer = wiring.repeat(repeated);
            Operation.Role outerRole = wiring.role();
            wiring.enter(mixer.role());
            int output = mixer.wire(wiring, read, source);
            wiring.enter(outerRole);
            output = wiring.norm(name + "_after", after, output);
            wiring.endRepeat(outer);
            return output;
        }
    }

    /** Returns a block whose sub-layers each normalise what they read. */
    public static Block preNorm(Norm norm, Mixer... mixers) {
        return new Block(
                List.of(mixers).stream()
                        .map(mixer -> new SubLayer(norm, mixer, null))
                        .toList(),
                false);
    }

    /** Returns a block whose sub-layers each have a norm after them. */
    public static Block postNorm(Norm norm, Mixer... mixers) {
        return new Block(
                List.of(mixers).stream()
                        .map(mixer -> new SubLayer(null, mixer, norm))
                        .toList(),
                false);
    }

    /** Returns this block with the learned values of an earlier, equal one. */
    public Block again() {
        return new Block(subLayers.stream().map(SubLayer::again).toList(), parallel);
    }

    /**
     * Returns this block {@code count} times.
     *
     * @throws IllegalArgumentException if the count is not from 1 to 10 000
     */
    public List<Block> times(long count) {
        return pattern(count, index -> this);
    }

    /**
     * Returns {@code count} blocks, each given by its 0-based index.
     *
     * @throws IllegalArgumentException if the count is not from 1 to 10 000
     */
    public static List<Block> pattern(long count, IntFunction<Block> blockAt) {
        if (count < 1 || count > MOST_LAYERS) {
            throw new IllegalArgumentException("layers is " + count + ", must be from 1 to " + MOST_LAYERS);
        }
        return IntStream.range(0, (int) count).mapToObj(blockAt).toList();
    }

    /** Returns the width of the residual stream. */
    public long hidden() {
        return subLayers.get(0).mixer().hidden();
    }

    /** Adds the operations; {@code source} is the encoder's output, or a negative number. */
    int wire(Wiring wiring, int input, int source) {
        int stream = input;
        int shared = input;
        for (int i = 0; i < subLayers.size(); i++) {
            SubLayer subLayer = subLayers.get(i);
            int read = parallel && subLayer.before() == null ? shared : parallel ? input : stream;
            boolean outer = wiring.repeat(subLayer.repeated());
            read = wiring.norm("norm" + i + "_before", subLayer.before(), read);
            wiring.endRepeat(outer);
            shared = i == 0 ? read : shared;
            stream = wiring.join(stream, subLayer.result(wiring, "norm" + i, read, source));
        }
        return stream;
    }
}
