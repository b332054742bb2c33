package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;

/**
 * Multi-head latent attention: keys and values are projected up from one short latent vector (DeepSeek-V2, arXiv
 * 2405.04434, section 2.1).
 *
 * <p>Weights for each token: {@code h r_q + r_q n (d_n + d_r)}, or {@code h n (d_n + d_r)} without a query rank, plus
 * {@code h (r_kv + d_r) + r_kv n (d_n + d_v) + n d_v h}. The core runs on expanded heads of {@code d_n + d_r} and
 * {@code d_v}, as in training.
 *
 * @param hidden width of the residual stream, h
 * @param heads heads, n
 * @param queryRank rank of the query projection, r_q; 0 for a full one
 * @param keyValueRank rank of keys and values, r_kv
 * @param plainWidth length of the part of queries and keys without positions, d_n
 * @param rotaryWidth length of the part with rotary positions, d_r
 * @param valueWidth length of a value, d_v
 * @param bias whether the down-projections and the output projection have biases
 * @param reach which positions a query sees
 */
public record LatentAttention(
        long hidden,
        long heads,
        long queryRank,
        long keyValueRank,
        long plainWidth,
        long rotaryWidth,
        long valueWidth,
        boolean bias,
        Reach reach)
        implements AttentionKind {

    /** Checks the dimensions. */
    public LatentAttention {
        Require.positive("hidden size", hidden);
        Require.positive("attention heads", heads);
        Require.notNegative("query rank", queryRank);
        Require.positive("key-value rank", keyValueRank);
        Require.positive("head dimension without positions", plainWidth);
        Require.notNegative("rotary head dimension", rotaryWidth);
        Require.positive("value head dimension", valueWidth);
    }

    int wire(Wiring wiring, int input) {
        long queryWidth = plainWidth + rotaryWidth;
        int query = queryRank == 0
                ? wiring.add("self_attn.q_proj", Matrix.linear(hidden, heads * queryWidth, false), input)
                : lowRankQuery(wiring, input, queryWidth);
        int down = wiring.add(
                "self_attn.kv_a_proj_with_mqa", Matrix.linear(hidden, keyValueRank + rotaryWidth, bias), input);
        int latent = wiring.norm("self_attn.kv_a_layernorm", Norm.rms(keyValueRank), down);
        int keysAndValues = wiring.add(
                "self_attn.kv_b_proj", Matrix.linear(keyValueRank, heads * (plainWidth + valueWidth), false), latent);
        // The rotary part of a key comes straight from the down-projection, the rest through the latent vector.
        int key = wiring.join(keysAndValues, down);
        int core = wiring.add(
                "self_attn",
                new Operation.Core(heads, heads, queryWidth, valueWidth, reach),
                query,
                key,
                keysAndValues);
        return wiring.add("self_attn.o_proj", Matrix.linear(heads * valueWidth, hidden, bias), core);
    }

    private int lowRankQuery(Wiring wiring, int input, long queryWidth) {
        int down = wiring.add("self_attn.q_a_proj", Matrix.linear(hidden, queryRank, bias), input);
        int latent = wiring.norm("self_attn.q_a_layernorm", Norm.rms(queryRank), down);
        return wiring.add("self_attn.q_b_proj", Matrix.linear(queryRank, heads * queryWidth, false), latent);
    }
}
