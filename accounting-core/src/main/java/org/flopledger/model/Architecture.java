package org.flopledger.model;

import java.util.List;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * A model as composed parts: a stack of blocks, its heads, and where there is one the encoder that it attends to.
 *
 * <p>Immutable. It describes what is multiplied with what; the FLOP of a training step are the estimation package's.
 *
 * <p>Described by anyone who wants exact figures of a model; readers of model configurations make the same.
 *
 * @param name name for people
 * @param encoder stack that the main stack's cross-attention reads, or null
 * @param main stack whose output the heads read
 * @param heads heads, may be empty
 * @param prediction multi-token prediction, or null
 */
public record Architecture(
        String name,
        @Nullable LayerStack encoder,
        LayerStack main,
        List<Head> heads,
        @Nullable MultiTokenPrediction prediction) {

    /** Checks that the parts fit. */
    public Architecture {
        heads = List.copyOf(heads);
        for (Head head : heads) {
            requireWidth("head " + head.path(), head.hidden(), main.input().hidden());
        }
        if (main.readsSource() && encoder == null) {
            throw new IllegalArgumentException("encoder is absent, must be present where a block has cross-attention");
        }
        if (prediction != null) {
            requireWidth(
                    "multi-token prediction block",
                    prediction.block().hidden(),
                    main.input().hidden());
        }
    }

    /**
     * Further depths that each predict one more token (DeepSeek-V3, arXiv 2412.19437, section 2.2): two norms, a projection
     * {@code 2h x h}, one block, a norm, and the main model's own embedding and head.
     *
     * @param depths how many, at least 1
     * @param block the block of each depth
     * @param norm the three norms of each depth
     */
    public record MultiTokenPrediction(long depths, Block block, Norm norm) {

        /** Checks the depths. */
        public MultiTokenPrediction {
            if (depths < 1 || depths > 1000) {
                throw new IllegalArgumentException(
                        "multi-token prediction depths is " + depths + ", must be from 1 to 1000");
            }
        }
    }

    /** Returns a decoder with one head. */
    public static Architecture decoder(String name, LayerStack stack, Head head) {
        return new Architecture(name, null, stack, List.of(head), null);
    }

    /** Returns this model with further predicted depths; 0 depths return it unchanged. */
    public Architecture withMultiTokenPrediction(long depths, Block block, Norm norm) {
        return depths == 0
                ? this
                : new Architecture(name, encoder, main, heads, new MultiTokenPrediction(depths, block, norm));
    }

    /**
     * Returns every operation in the order in which it runs.
     *
     * @throws IllegalArgumentException if dimensions are so large that a product is above 2^63
     */
    public List<Operation> operations() {
        var wiring = new Wiring();
        int source = encoder == null ? -1 : encoder.wire(wiring, Domain.SOURCE_TOKEN, 0, -1);
        int firstLayer = encoder == null ? 0 : encoder.blocks().size();
        int stream = main.wire(wiring, Domain.TOKEN, firstLayer, source);
        for (Head head : heads) {
            head.wire(wiring, stream);
        }
        if (prediction != null) {
            wire(wiring, prediction, stream, firstLayer + main.blocks().size());
        }
        return wiring.operations();
    }

    private void wire(Wiring wiring, MultiTokenPrediction more, int mainStream, int firstLayer) {
        long hidden = main.input().hidden();
        int stream = mainStream;
        for (int depth = 0; depth < more.depths(); depth++) {
            wiring.enter("mtp." + depth + ".", firstLayer + depth, Domain.TOKEN);
            int previous = wiring.norm("hnorm", more.norm(), stream);
            // The next token's embedding is the main model's table again: its rows are counted there.
            int next = wiring.norm("enorm", more.norm(), wiring.reuseTokenTable());
            int joined = wiring.add("eh_proj", Matrix.linear(2 * hidden, hidden, false), wiring.join(previous, next));
            stream = more.block().wire(wiring, joined, -1);
            stream = wiring.norm("norm", more.norm(), stream);
            for (Head head : heads) {
                if (head.eachToken()) {
                    new Head(head.path(), hidden, 0, null, head.outputs(), false, true, true).wire(wiring, stream);
                }
            }
        }
    }

    private static void requireWidth(String what, long width, long hidden) {
        if (width != hidden) {
            throw new IllegalArgumentException(
                    "hidden size of " + what + " is " + width + ", must be that of its stack (" + hidden + ")");
        }
    }
}
