package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;

/**
 * A feed-forward layer that every token passes: {@code g h f} weights, g = 3 if gated (SwiGLU, GeGLU), else 2.
 *
 * <p>Part of a {@link Block}. Immutable.
 *
 * @param hidden width of the residual stream, h
 * @param inner inner width, f
 * @param gated whether a gate projection multiplies the inner values
 * @param innerBias whether the projections to the inner width have biases
 * @param outputBias whether the projection back has a bias
 * @param names conventional module names
 */
public record DenseFeedForward(
        long hidden, long inner, boolean gated, boolean innerBias, boolean outputBias, Names names) implements Mixer {

    /**
     * Conventional module names inside a block. Equal names of gate and up mean one fused projection; a plain feed-forward
     * has no gate and ignores its name.
     *
     * @param gate name of the gate projection, such as {@code mlp.gate_proj}
     * @param up name of the projection to the inner width
     * @param down name of the projection back
     */
    public record Names(String gate, String up, String down) {

        /** The names of Llama and its many relatives. */
        public static final Names LLAMA = new Names("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj");

        boolean isFused() {
            return gate.equals(up);
        }
    }

    /** Checks the dimensions. */
    public DenseFeedForward {
        Require.positive("hidden size", hidden);
        Require.positive("feed-forward width", inner);
    }

    /** Returns a gated feed-forward without biases and with Llama's names. */
    public static DenseFeedForward gated(long hidden, long inner) {
        return new DenseFeedForward(hidden, inner, true, false, false, Names.LLAMA);
    }

    /** Returns a plain feed-forward of two matrices. */
    public static DenseFeedForward plain(long hidden, long inner, boolean bias, String up, String down) {
        return new DenseFeedForward(hidden, inner, false, bias, bias, new Names(up, up, down));
    }

    @Override
    public Operation.Role role() {
        return Operation.Role.FEED_FORWARD;
    }

    @Override
    public int wire(Wiring wiring, int input, int source) {
        return wire(wiring, input, role(), new Matrix(1, 1, false, 1, 1, 1, false, true));
    }

    /** Adds the operations in the manner of {@code pattern}: its copies, how many of them run, whether they are modules. */
    int wire(Wiring wiring, int input, Operation.Role role, Matrix pattern) {
        int inside;
        if (gated && names.isFused()) {
            inside = wiring.add(names.up(), role, shaped(pattern, hidden, 2 * inner, innerBias), input);
        } else if (gated) {
            int gate = wiring.add(names.gate(), role, shaped(pattern, hidden, inner, innerBias), input);
            int up = wiring.add(names.up(), role, shaped(pattern, hidden, inner, innerBias), input);
            inside = wiring.join(gate, up);
        } else {
            inside = wiring.add(names.up(), role, shaped(pattern, hidden, inner, innerBias), input);
        }
        return wiring.add(names.down(), role, shaped(pattern, inner, hidden, outputBias), inside);
    }

    private static Matrix shaped(Matrix pattern, long in, long out, boolean bias) {
        return new Matrix(
                in, out, bias, pattern.copies(), pattern.active(), pattern.executed(), false, pattern.module());
    }
}
