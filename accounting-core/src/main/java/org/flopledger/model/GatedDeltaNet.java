package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;

/**
 * Gated delta rule linear attention (arXiv 2412.06464) as in Qwen3-Next. Parameters are exact; the state's cost is an
 * estimate with a band.
 *
 * <p>Weights for each token: {@code h (2 K + 2 V + 2 n_v) + V h} with {@code K = n_k d_k} and {@code V = n_v d_v}, and the
 * depthwise convolution {@code k (2 K + V)}. The state costs best {@code 4 n_v d_k d_v} multiply-adds for each token, least
 * 3 (predict, update, read), most as the chunked form multiplies it in full squares.
 *
 * @param hidden width of the residual stream, h
 * @param keyHeads key heads, n_k
 * @param valueHeads value heads, n_v
 * @param keyWidth length of a key, d_k
 * @param valueWidth length of a value, d_v
 * @param convolutionKernel positions of the depthwise convolution, k
 * @param apart whether gates and rates have projections of their own (Qwen3.5), by which an adapter finds them
 */
public record GatedDeltaNet(
        long hidden,
        long keyHeads,
        long valueHeads,
        long keyWidth,
        long valueWidth,
        long convolutionKernel,
        boolean apart)
        implements AttentionKind {

    /** Chunk of the reference implementation (flash-linear-attention and transformers). */
    private static final long CHUNK = 64;

    /** Checks the dimensions. */
    public GatedDeltaNet {
        Require.positive("hidden size", hidden);
        Require.positive("linear key heads", keyHeads);
        Require.positive("linear value heads", valueHeads);
        Require.positive("linear key head dimension", keyWidth);
        Require.positive("linear value head dimension", valueWidth);
        Require.positive("convolution kernel", convolutionKernel);
        Require.divides("linear key heads", keyHeads, "linear value heads", valueHeads);
    }

    /** Makes a layer with fused projections, as in Qwen3-Next. */
    public GatedDeltaNet(
            long hidden, long keyHeads, long valueHeads, long keyWidth, long valueWidth, long convolutionKernel) {
        this(hidden, keyHeads, valueHeads, keyWidth, valueWidth, convolutionKernel, false);
    }

    @Override
    public int wire(Wiring wiring, int input, int source) {
        long keys = keyHeads * keyWidth;
        long values = valueHeads * valueWidth;
        int projected = project(wiring, input, 2 * keys + values, values, "in_proj_qkv", "in_proj_z", "in_proj_qkvz");
        int rates = project(wiring, input, valueHeads, valueHeads, "in_proj_b", "in_proj_a", "in_proj_ba");
        int convolved = wiring.add(
                "linear_attn.conv1d",
                new Operation.DepthwiseConvolution(2 * keys + values, convolutionKernel, false),
                projected);
        // Decay: a time step bias and A, one value a head each.
        int decayed = wiring.add("linear_attn.A_log", new Operation.Elementwise(2 * valueHeads, false), rates);
        int read = wiring.add("linear_attn", state(), convolved, decayed);
        int normed = wiring.norm("linear_attn.norm", Norm.rms(valueWidth), wiring.join(read, projected));
        return wiring.add("linear_attn.out_proj", Matrix.linear(values, hidden, false), normed);
    }

    private int project(
            Wiring wiring, int input, long first, long second, String firstName, String secondName, String bothName) {
        String module = "linear_attn.";
        return apart
                ? wiring.join(
                        wiring.add(module + firstName, Matrix.linear(hidden, first, false), input),
                        wiring.add(module + secondName, Matrix.linear(hidden, second, false), input))
                : wiring.add(module + bothName, Matrix.linear(hidden, first + second, false), input);
    }

    private Operation.StateProduct state() {
        long outer = valueHeads * keyWidth * valueWidth;
        // Chunked: K K^T, Q K^T, the triangular inverse applied to keys and values, the output, besides the state.
        long chunked = 4 * outer + valueHeads * CHUNK * (3 * keyWidth + 2 * valueWidth + CHUNK);
        return new Operation.StateProduct(4 * outer, 3 * outer, chunked, CHUNK - 1);
    }
}
