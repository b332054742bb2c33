package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;

/**
 * The selective state-space layer of Mamba-1 (arXiv 2312.00752, section 3.4), exact.
 *
 * <p>Weights for each token: {@code h 2 d_i + d_i (r + 2 N) + r d_i + d_i h}, the depthwise convolution {@code k d_i} and
 * {@code d_i N} for reading the state. The recurrence itself is element by element and counts 0.
 *
 * @param hidden width of the residual stream, h
 * @param inner width inside the layer, d_i
 * @param state length of the state of a channel, N
 * @param convolutionKernel positions of the depthwise convolution, k
 * @param timeStepRank rank of the time step projection, r
 * @param projectionBias whether the input and output projections have biases
 * @param convolutionBias whether the convolution has a bias
 * @param innerNorms whether time step, B and C are normalised with learned scales (Jamba)
 */
public record Mamba(
        long hidden,
        long inner,
        long state,
        long convolutionKernel,
        long timeStepRank,
        boolean projectionBias,
        boolean convolutionBias,
        boolean innerNorms)
        implements AttentionKind {

    /** Checks the dimensions. */
    public Mamba {
        Require.positive("hidden size", hidden);
        Require.positive("inner width", inner);
        Require.positive("state size", state);
        Require.positive("convolution kernel", convolutionKernel);
        Require.positive("time step rank", timeStepRank);
    }

    @Override
    public int wire(Wiring wiring, int input, int source) {
        int projected = wiring.add("mixer.in_proj", Matrix.linear(hidden, 2 * inner, projectionBias), input);
        int convolved = wiring.add(
                "mixer.conv1d",
                new Operation.DepthwiseConvolution(inner, convolutionKernel, convolutionBias),
                projected);
        int selective = wiring.add("mixer.x_proj", Matrix.linear(inner, timeStepRank + 2 * state, false), convolved);
        if (innerNorms) {
            selective = wiring.norm("mixer.layernorm", Norm.rms(timeStepRank + 2 * state), selective);
        }
        int timeStep = wiring.add("mixer.dt_proj", Matrix.linear(timeStepRank, inner, true), selective);
        int states = wiring.add(
                "mixer.A_log", new Operation.Elementwise(inner * state, false), timeStep, convolved, selective);
        long multiplyAdds = inner * state;
        int read = wiring.add("mixer", Operation.StateProduct.exactly(multiplyAdds), states, selective);
        int skipped = wiring.add("mixer.D", new Operation.Elementwise(inner, false), read, convolved);
        int gated = wiring.join(skipped, projected);
        return wiring.add("mixer.out_proj", Matrix.linear(inner, hidden, projectionBias), gated);
    }
}
