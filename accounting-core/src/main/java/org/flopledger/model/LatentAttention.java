package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention: keys and values are projected up from one short latent vector (DeepSeek-V2, arXiv
 * 2405.04434, section 2.1).
 *
 * <p>Weights for each token: {@code h r_q + r_q n (d_n + d_r)}, or {@code h n (d_n + d_r)} without a query rank, plus
 * {@code h (r_kv + d_r) + r_kv n (d_n + d_v) + n d_v h}. The core runs on expanded heads of {@code d_n + d_r} and
 * {@code d_v}, as in training.
 *
 * <p>Part of a {@link Block}. Immutable.
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
 * @param indexer what picks the positions that a query sees, or null where it sees all that {@code reach} allows
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
        Reach reach,
        @Nullable Indexer indexer)
        implements Mixer {

    /**
     * Sparse attention's choice (DeepSeek-V3.2-Exp): small heads score every earlier position, the best are attended to.
     *
     * @param heads heads of the indexer
     * @param width length of their queries and of the one key that they share
     */
    public record Indexer(long heads, long width) {

        /** Checks the dimensions. */
        public Indexer {
            Require.positive("indexer heads", heads);
            Require.positive("indexer head dimension", width);
        }
    }

    /** Checks the dimensions. */
    public LatentAttention {
        Require.positive("hidden size", hidden);
        Require.positive("attention heads", heads);
        Require.notNegative("query rank", queryRank);
        Require.positive("key-value rank", keyValueRank);
        Require.positive("head dimension without positions", plainWidth);
        Require.notNegative("rotary head dimension", rotaryWidth);
        Require.positive("value head dimension", valueWidth);
        if (indexer != null && queryRank == 0) {
            throw new IllegalArgumentException(
                    "query rank is 0, must be >= 1 where an indexer reads its latent vector");
        }
    }

    /** Makes attention without an indexer. */
    public LatentAttention(
            long hidden,
            long heads,
            long queryRank,
            long keyValueRank,
            long plainWidth,
            long rotaryWidth,
            long valueWidth,
            boolean bias,
            Reach reach) {
        this(hidden, heads, queryRank, keyValueRank, plainWidth, rotaryWidth, valueWidth, bias, reach, null);
    }

    @Override
    public Operation.Role role() {
        return Operation.Role.ATTENTION;
    }

    @Override
    public int wire(Wiring wiring, int input, int source) {
        long queryWidth = plainWidth + rotaryWidth;
        int asked = queryRank == 0 ? input : latentQuery(wiring, input);
        int query = queryRank == 0
                ? wiring.add("self_attn.q_proj", Matrix.linear(hidden, heads * queryWidth, false), asked)
                : wiring.add("self_attn.q_b_proj", Matrix.linear(queryRank, heads * queryWidth, false), asked);
        int down = wiring.add(
                "self_attn.kv_a_proj_with_mqa", Matrix.linear(hidden, keyValueRank + rotaryWidth, bias), input);
        int latent = wiring.norm("self_attn.kv_a_layernorm", Norm.rms(keyValueRank), down);
        int keysAndValues = wiring.add(
                "self_attn.kv_b_proj", Matrix.linear(keyValueRank, heads * (plainWidth + valueWidth), false), latent);
        if (indexer != null) {
            index(wiring, indexer, input, asked);
        }
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

    private int latentQuery(Wiring wiring, int input) {
        int down = wiring.add("self_attn.q_a_proj", Matrix.linear(hidden, queryRank, bias), input);
        return wiring.norm("self_attn.q_a_layernorm", Norm.rms(queryRank), down);
    }

    /** The scores choose positions and are not differentiated: nothing reads them. */
    private void index(Wiring wiring, Indexer index, int input, int asked) {
        int query = wiring.add(
                "self_attn.indexer.wq_b", Matrix.linear(queryRank, index.heads() * index.width(), false), asked);
        int key = wiring.add("self_attn.indexer.wk", Matrix.linear(hidden, index.width(), false), input);
        key = wiring.norm("self_attn.indexer.k_norm", Norm.layer(index.width()), key);
        int weights = wiring.add("self_attn.indexer.weights_proj", Matrix.linear(hidden, index.heads(), false), input);
        // Scores of every head, and their sum weighed by head: no values are read.
        var scores = new Operation.Core(index.heads(), 1, index.width() + 1, 0, Reach.CAUSAL);
        wiring.add("self_attn.indexer", scores, query, key, weights);
    }
}
