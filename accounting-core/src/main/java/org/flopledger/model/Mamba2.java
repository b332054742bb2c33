package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;

/**
 * The state-space layer of Mamba-2 (arXiv 2405.21060). Parameters are exact; the scan is an estimate with a band.
 *
 * <p>Weights for each token: {@code h (2 d_i + 2 G N + n_h) + d_i h} and the depthwise convolution. What the scan costs
 * depends on the chunked algorithm that runs it: best 3.5 d_i N multiply-adds for each token (Megatron-LM counts 7 d_i N
 * FLOP), least 2 d_i N for the bare recurrence (update and read), most as the chunked form with chunks of
 * {@code chunk} positions multiplies it in full squares, for sequences of up to {@code chunk}<sup>2</sup> positions.
 *
 * @param hidden width of the residual stream, h
 * @param heads heads, n_h
 * @param headWidth width of a head; inner width d_i = heads x headWidth
 * @param state length of the state, N
 * @param groups groups that share B and C, G
 * @param convolutionKernel positions of the depthwise convolution
 * @param chunk positions of a chunk of the scan
 * @param inputBias whether the input projection has a bias
 * @param outputBias whether the output projection has a bias
 * @param convolutionBias whether the convolution has a bias
 * @param normalised whether what the output projection reads is normalised with learned scales
 */
public record Mamba2(
        long hidden,
        long heads,
        long headWidth,
        long state,
        long groups,
        long convolutionKernel,
        long chunk,
        boolean inputBias,
        boolean outputBias,
        boolean convolutionBias,
        boolean normalised)
        implements AttentionKind {

    /** Checks the dimensions. */
    public Mamba2 {
        Require.positive("hidden size", hidden);
        Require.positive("state-space heads", heads);
        Require.positive("head dimension", headWidth);
        Require.positive("state size", state);
        Require.positive("groups", groups);
        Require.positive("convolution kernel", convolutionKernel);
        Require.positive("chunk size", chunk);
        Require.divides("groups", groups, "state-space heads", heads);
    }

    /** Makes a layer with a norm and with equal biases of input and output projection. */
    public Mamba2(
            long hidden,
            long heads,
            long headWidth,
            long state,
            long groups,
            long convolutionKernel,
            long chunk,
            boolean projectionBias,
            boolean convolutionBias) {
        this(
                hidden,
                heads,
                headWidth,
                state,
                groups,
                convolutionKernel,
                chunk,
                projectionBias,
                projectionBias,
                convolutionBias,
                true);
    }

    @Override
    public int wire(Wiring wiring, int input, int source) {
        long inner = heads * headWidth;
        long channels = inner + 2 * groups * state;
        int projected = wiring.add("mixer.in_proj", Matrix.linear(hidden, inner + channels + heads, inputBias), input);
        int convolved = wiring.add(
                "mixer.conv1d",
                new Operation.DepthwiseConvolution(channels, convolutionKernel, convolutionBias),
                projected);
        // Time step bias, A and D: one value a head each.
        int steps = wiring.add("mixer.A_log", new Operation.Elementwise(3 * heads, false), projected, convolved);
        int scanned = wiring.add("mixer", scan(inner), steps, convolved);
        int gated = wiring.join(scanned, projected);
        int normed = normalised ? wiring.norm("mixer.norm", Norm.rms(inner), gated) : gated;
        return wiring.add("mixer.out_proj", Matrix.linear(inner, hidden, outputBias), normed);
    }

    private Operation.StateProduct scan(long inner) {
        long recurrence = 2 * inner * state;
        // Chunked, full squares, B and C expanded to every head: C B^T and its product with X inside a chunk, then
        // states written and read, and states carried from each chunk to every later one: at most
        // (s/chunk + 1)^2 / s <= 1 times inner x state for each token of sequences up to chunk^2.
        long chunked = chunk * (heads * state + inner) + recurrence + inner * state;
        long named = 7 * inner * state / 2;
        return new Operation.StateProduct(named, recurrence, Math.max(named, chunked), chunk - 1);
    }
}
