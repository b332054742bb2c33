package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;

/**
 * What moves information between positions through a state of fixed length, in place of attention: state-space layers, the delta
 * rule, linear attention. Used like any {@link Mixer}, in a {@link Block} of its own or beside attention.
 *
 * <p>All kinds are immutable records. Weights are exact; where an implementation chooses how it runs over the state, the cost of
 * the state is a best figure with a least and a most around it.
 */
public sealed interface Recurrence extends Mixer {

    @Override
    default Operation.Role role() {
        return Operation.Role.ATTENTION;
    }

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
    record Mamba(
            long hidden,
            long inner,
            long state,
            long convolutionKernel,
            long timeStepRank,
            boolean projectionBias,
            boolean convolutionBias,
            boolean innerNorms)
            implements Recurrence {

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
            int selective =
                    wiring.add("mixer.x_proj", Matrix.linear(inner, timeStepRank + 2 * state, false), convolved);
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

    /**
     * The state-space layer of Recurrence.Mamba-2 (arXiv 2405.21060). Parameters are exact; the scan is an estimate with a band.
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
    record Mamba2(
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
            implements Recurrence {

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
            int projected =
                    wiring.add("mixer.in_proj", Matrix.linear(hidden, inner + channels + heads, inputBias), input);
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
    record GatedDelta(
            long hidden,
            long keyHeads,
            long valueHeads,
            long keyWidth,
            long valueWidth,
            long convolutionKernel,
            boolean apart)
            implements Recurrence {

        /** Chunk of the reference implementation (flash-linear-attention and transformers). */
        private static final long CHUNK = 64;

        /** Checks the dimensions. */
        public GatedDelta {
            Require.positive("hidden size", hidden);
            Require.positive("linear key heads", keyHeads);
            Require.positive("linear value heads", valueHeads);
            Require.positive("linear key head dimension", keyWidth);
            Require.positive("linear value head dimension", valueWidth);
            Require.positive("convolution kernel", convolutionKernel);
            Require.divides("linear key heads", keyHeads, "linear value heads", valueHeads);
        }

        /** Makes a layer with fused projections, as in Qwen3-Next. */
        public GatedDelta(
                long hidden, long keyHeads, long valueHeads, long keyWidth, long valueWidth, long convolutionKernel) {
            this(hidden, keyHeads, valueHeads, keyWidth, valueWidth, convolutionKernel, false);
        }

        @Override
        public int wire(Wiring wiring, int input, int source) {
            long keys = keyHeads * keyWidth;
            long values = valueHeads * valueWidth;
            int projected =
                    project(wiring, input, 2 * keys + values, values, "in_proj_qkv", "in_proj_z", "in_proj_qkvz");
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
                Wiring wiring,
                int input,
                long first,
                long second,
                String firstName,
                String secondName,
                String bothName) {
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

    /**
     * Linear attention with decay, computed in blocks, as in MiniMax-01 (arXiv 2501.08313, section 2.2). Parameters are exact;
     * the cost of state and blocks is an estimate with a band.
     *
     * <p>Weights for each token: {@code 3 h n d + h n d + n d h} for queries, keys and values, output gate and output. The state
     * costs {@code 2 n d d} multiply-adds for each token, the least (update and read); beside it the pairs inside a block, half
     * the square in the best figure, the whole square at most.
     *
     * @param hidden width of the residual stream, h
     * @param heads heads, n
     * @param headWidth length of queries, keys and values, d
     * @param block positions of a block
     */
    record Lightning(long hidden, long heads, long headWidth, long block) implements Recurrence {

        /** Checks the dimensions. */
        public Lightning {
            Require.positive("hidden size", hidden);
            Require.positive("attention heads", heads);
            Require.positive("head dimension", headWidth);
            Require.positive("attention block size", block);
        }

        @Override
        public int wire(Wiring wiring, int input, int source) {
            long width = heads * headWidth;
            int projected = wiring.add("self_attn.qkv_proj", Matrix.linear(hidden, 3 * width, false), input);
            int gate = wiring.add("self_attn.output_gate", Matrix.linear(hidden, width, false), input);
            long state = 2 * width * headWidth;
            int read = wiring.add(
                    "self_attn",
                    new Operation.StateProduct(state + block * width, state, state + 2 * block * width, block - 1),
                    projected,
                    projected);
            int normed = wiring.norm("self_attn.norm", Norm.rms(width), read);
            return wiring.add("self_attn.out_proj", Matrix.linear(width, hidden, false), wiring.join(normed, gate));
        }
    }
}
