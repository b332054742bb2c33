package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;

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
public record LightningAttention(long hidden, long heads, long headWidth, long block) implements AttentionKind {

    /** Checks the dimensions. */
    public LightningAttention {
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
