package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention over queries, keys and values: multi-head, grouped or multi-query by the number of key-value heads.
 *
 * <p>Built with {@link #builder}. Weights for each token: {@code h n_q d + 2 h n_kv d + n_q d h}, and {@code h n_q d} more
 * where the output is gated.
 *
 * @param hidden width of the residual stream, h
 * @param sourceWidth width of the stream that keys and values are read from; differs from hidden only for cross-attention
 * @param heads query heads, n_q
 * @param keyValueHeads key and value heads, n_kv; divides the query heads
 * @param keyWidth length of a query and a key, d
 * @param valueWidth length of a value
 * @param reach which positions a query sees
 * @param queryBias whether the query projection has a bias
 * @param keyBias whether the key projection has a bias
 * @param valueBias whether the value projection has a bias
 * @param outputBias whether the output projection has a bias
 * @param queryNorm norm of the queries, or null
 * @param keyNorm norm of the keys, or null
 * @param gated whether the output is multiplied by a gate computed from the input, of the queries' width
 * @param extraParameters learned values without a product, such as one attention sink a head
 * @param names conventional module names
 */
public record DotProductAttention(
        long hidden,
        long sourceWidth,
        long heads,
        long keyValueHeads,
        long keyWidth,
        long valueWidth,
        Reach reach,
        boolean queryBias,
        boolean keyBias,
        boolean valueBias,
        boolean outputBias,
        @Nullable Norm queryNorm,
        @Nullable Norm keyNorm,
        boolean gated,
        long extraParameters,
        Names names)
        implements AttentionKind {

    /** Checks the dimensions. */
    public DotProductAttention {
        Require.positive("hidden size", hidden);
        Require.positive("source width", sourceWidth);
        Require.positive("attention heads", heads);
        Require.positive("key-value heads", keyValueHeads);
        Require.positive("head dimension", keyWidth);
        Require.positive("value head dimension", valueWidth);
        Require.notNegative("extra attention parameters", extraParameters);
        Require.divides("key-value heads", keyValueHeads, "attention heads", heads);
    }

    /**
     * Conventional module names inside a block. Equal names of query, key and value mean one fused projection.
     *
     * @param query name of the query projection, such as {@code self_attn.q_proj}
     * @param key name of the key projection
     * @param value name of the value projection
     * @param output name of the output projection
     */
    public record Names(String query, String key, String value, String output) {

        /** The names of Llama and its many relatives. */
        public static final Names LLAMA =
                new Names("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj");

        /** Returns names for one fused projection of query, key and value. */
        public static Names fused(String queryKeyValue, String output) {
            return new Names(queryKeyValue, queryKeyValue, queryKeyValue, output);
        }

        boolean isFused() {
            return query.equals(key) && key.equals(value);
        }
    }

    /**
     * Returns a builder of causal multi-head attention without biases, whose heads divide the hidden size.
     *
     * <p>The head dimension is {@code hidden / heads} until {@link Builder#headWidth} says otherwise.
     */
    public static Builder builder(long hidden, long heads) {
        return new Builder(hidden, heads);
    }

    /** Builds a {@link DotProductAttention}. Single-threaded. */
    public static final class Builder {
        private final long hidden;
        private final long heads;
        private long sourceWidth;
        private long keyValueHeads;
        private long keyWidth;
        private long valueWidth;
        private Reach reach = Reach.CAUSAL;
        private boolean queryBias;
        private boolean keyBias;
        private boolean valueBias;
        private boolean outputBias;
        private @Nullable Norm queryNorm;
        private @Nullable Norm keyNorm;
        private boolean gated;
        private long extraParameters;
        private Names names = Names.LLAMA;

        private Builder(long hidden, long heads) {
            this.hidden = Require.positive("hidden size", hidden);
            this.heads = Require.positive("attention heads", heads);
            this.keyValueHeads = heads;
            this.sourceWidth = hidden;
        }

        /** Sets the key and value heads: 1 is multi-query, a divisor of the heads is grouped-query attention. */
        public Builder keyValueHeads(long count) {
            keyValueHeads = count;
            return this;
        }

        /** Sets the length of queries, keys and values. */
        public Builder headWidth(long width) {
            keyWidth = Require.positive("head dimension", width);
            valueWidth = width;
            return this;
        }

        /** Sets which positions a query sees. */
        public Builder reach(Reach newReach) {
            reach = newReach;
            return this;
        }

        /** Makes this cross-attention to an encoder of the given width. */
        public Builder crossTo(long encoderWidth) {
            reach = Reach.CROSS;
            sourceWidth = encoderWidth;
            return this;
        }

        /** Sets the biases of query, key and value projections, one by one. */
        public Builder biases(boolean query, boolean key, boolean value) {
            queryBias = query;
            keyBias = key;
            valueBias = value;
            return this;
        }

        /** Sets the biases of query, key and value projections together. */
        public Builder queryKeyValueBias(boolean present) {
            return biases(present, present, present);
        }

        /** Sets the bias of the output projection. */
        public Builder outputBias(boolean present) {
            outputBias = present;
            return this;
        }

        /** Sets the norms of queries and keys; null for none. */
        public Builder norms(@Nullable Norm query, @Nullable Norm key) {
            queryNorm = query;
            keyNorm = key;
            return this;
        }

        /** Sets whether the output is gated by a projection of the input. */
        public Builder gated(boolean present) {
            gated = present;
            return this;
        }

        /** Sets the number of learned values that take part in no product, such as attention sinks. */
        public Builder extraParameters(long count) {
            extraParameters = count;
            return this;
        }

        /** Sets the conventional module names. */
        public Builder names(Names newNames) {
            names = newNames;
            return this;
        }

        /**
         * Returns the attention.
         *
         * @throws IllegalArgumentException if a dimension is out of range; the message names it
         */
        public DotProductAttention build() {
            if (keyWidth == 0) {
                Require.divides("attention heads", heads, "hidden size", hidden);
                keyWidth = hidden / heads;
                valueWidth = keyWidth;
            }
            return new DotProductAttention(
                    hidden,
                    sourceWidth,
                    heads,
                    keyValueHeads,
                    keyWidth,
                    valueWidth,
                    reach,
                    queryBias,
                    keyBias,
                    valueBias,
                    outputBias,
                    queryNorm,
                    keyNorm,
                    gated,
                    extraParameters,
                    names);
        }
    }

    /** Adds the operations; {@code source} is where keys and values are read, the input itself unless this is cross-attention. */
    int wire(Wiring wiring, int input, int source) {
        long queryWidth = heads * keyWidth;
        long outputWidth = heads * valueWidth;
        int query;
        int key;
        int value;
        if (names.isFused()) {
            long width = queryWidth + keyValueHeads * (keyWidth + valueWidth) + (gated ? outputWidth : 0);
            query = wiring.add(names.query, Matrix.linear(hidden, width, queryBias), input);
            key = query;
            value = query;
        } else {
            // A gated output doubles the query projection (Qwen3-Next): queries and gates come from one matrix.
            long projected = queryWidth + (gated ? outputWidth : 0);
            var where = reach.rule() == Reach.Rule.CROSS ? Operation.Domain.SOURCE_TOKEN : wiring.domain();
            query = wiring.add(names.query, Matrix.linear(hidden, projected, queryBias), input);
            key = wiring.addIn(
                    where,
                    names.key,
                    Operation.Role.OTHER,
                    Matrix.linear(sourceWidth, keyValueHeads * keyWidth, keyBias),
                    source);
            value = wiring.addIn(
                    where,
                    names.value,
                    Operation.Role.OTHER,
                    Matrix.linear(sourceWidth, keyValueHeads * valueWidth, valueBias),
                    source);
        }
        int gate = query;
        query = wiring.norm("self_attn.q_norm", queryNorm, query);
        key = wiring.norm("self_attn.k_norm", keyNorm, key);
        int core = wiring.add(
                "self_attn", new Operation.Core(heads, keyValueHeads, keyWidth, valueWidth, reach), query, key, value);
        if (extraParameters > 0) {
            core = wiring.add("self_attn.sinks", new Operation.Elementwise(extraParameters, false), core);
        }
        if (gated) {
            core = wiring.join(core, gate);
        }
        return wiring.add(names.output, Matrix.linear(outputWidth, hidden, outputBias), core);
    }
}
