package org.flopledger.model;

import java.util.function.UnaryOperator;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention over queries, keys and values: multi-head, grouped or multi-query by the number of key-value heads.
 *
 * <p>Built with {@link #builder}. Weights for each token: {@code h n_q d + 2 h n_kv d + n_q d h}, and {@code h n_q d} more
 * where each channel of the output is gated.
 *
 * <p>Part of a {@link Block}. Immutable.
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
 * @param variant what few models have besides
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
        Variant variant,
        Names names)
        implements Mixer {

    /** Checks the dimensions. */
    public DotProductAttention {
        Require.positive("hidden size", hidden);
        Require.positive("source width", sourceWidth);
        Require.positive("attention heads", heads);
        Require.positive("key-value heads", keyValueHeads);
        Require.positive("head dimension", keyWidth);
        Require.positive("value head dimension", valueWidth);
        Require.divides("key-value heads", keyValueHeads, "attention heads", heads);
    }

    /** How the output is multiplied by a gate computed from the input. */
    public enum Gate {
        NONE,
        /** One value a channel, from the query projection, which is twice as wide (Qwen3-Next). */
        IN_QUERY,
        /** One value a channel, from a projection of its own (AFMoE). */
        EACH_CHANNEL,
        /** One value a head, from a projection of its own (Laguna, Step 3.7). */
        EACH_HEAD
    }

    /** Where keys and values come from. */
    public enum Memory {
        /** From a projection each. */
        OWN,
        /** From one projection, read as both (Gemma 4). */
        KEYS_AS_VALUES,
        /** From an earlier layer, which has projected them (Gemma 3n, Gemma 4). */
        EARLIER_LAYER
    }

    /**
     * What few models have besides queries, keys and values.
     *
     * @param gate how the output is gated
     * @param memory where keys and values come from
     * @param outputNorm norm of what the output projection reads, or null
     * @param values learned values without a product, such as one attention sink a head
     */
    public record Variant(
            Gate gate, Memory memory, @Nullable Norm outputNorm, long values) {

        /** Nothing besides. */
        public static final Variant PLAIN = new Variant(Gate.NONE, Memory.OWN, null, 0);

        /** Checks the number of values. */
        public Variant {
            Require.notNegative("extra attention parameters", values);
        }
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
        private Variant variant = Variant.PLAIN;
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

        /** Changes which positions a query sees, from what was set before. */
        public Builder mapReach(UnaryOperator<Reach> change) {
            reach = change.apply(reach);
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

        /** Sets how the output is gated by a projection of the input. */
        public Builder gate(Gate gate) {
            variant = new Variant(gate, variant.memory, variant.outputNorm, variant.values);
            return this;
        }

        /** Sets where keys and values come from. */
        public Builder memory(Memory memory) {
            variant = new Variant(variant.gate, memory, variant.outputNorm, variant.values);
            return this;
        }

        /** Sets the norm of what the output projection reads; null for none. */
        public Builder outputNorm(@Nullable Norm norm) {
            variant = new Variant(variant.gate, variant.memory, norm, variant.values);
            return this;
        }

        /** Sets the number of learned values that take part in no product, such as attention sinks. */
        public Builder extraParameters(long count) {
            variant = new Variant(variant.gate, variant.memory, variant.outputNorm, count);
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
                    variant,
                    names);
        }
    }

    @Override
    public Operation.Role role() {
        return Operation.Role.ATTENTION;
    }

    @Override
    public boolean readsSource() {
        return reach.rule() == Reach.Rule.CROSS;
    }

    @Override
    public int wire(Wiring wiring, int input, int source) {
        int[] projected = names.isFused() ? fused(wiring, input) : apart(wiring, input, readsSource() ? source : input);
        int query = wiring.norm("self_attn.q_norm", queryNorm, projected[0]);
        boolean ownKeys = variant.memory != Memory.EARLIER_LAYER;
        int key = ownKeys ? wiring.norm("self_attn.k_norm", keyNorm, projected[1]) : projected[1];
        int core = wiring.add(
                "self_attn",
                new Operation.Core(heads, keyValueHeads, keyWidth, valueWidth, reach),
                query,
                key,
                projected[2]);
        if (variant.values > 0) {
            core = wiring.add("self_attn.sinks", new Operation.Elementwise(variant.values, false), core);
        }
        core = gate(wiring, core, projected[0], input);
        core = wiring.norm("self_attn.o_norm", variant.outputNorm, core);
        return wiring.add(names.output, Matrix.linear(heads * valueWidth, hidden, outputBias), core);
    }

    private int[] fused(Wiring wiring, int input) {
        long width = queryWidth() + keyValueHeads * (keyWidth + valueWidth);
        int all = wiring.add(names.query, Matrix.linear(hidden, width, queryBias), input);
        return new int[] {all, all, all};
    }

    private int[] apart(Wiring wiring, int input, int remembered) {
        var where = readsSource() ? Operation.Domain.SOURCE_TOKEN : wiring.domain();
        int query = wiring.add(names.query, Matrix.linear(hidden, queryWidth(), queryBias), input);
        if (variant.memory == Memory.EARLIER_LAYER) {
            return new int[] {query, input, input};
        }
        Matrix keys = Matrix.linear(sourceWidth, keyValueHeads * keyWidth, keyBias);
        int key = wiring.addIn(where, names.key, role(), keys, remembered);
        if (variant.memory == Memory.KEYS_AS_VALUES) {
            return new int[] {query, key, key};
        }
        Matrix values = Matrix.linear(sourceWidth, keyValueHeads * valueWidth, valueBias);
        return new int[] {query, key, wiring.addIn(where, names.value, role(), values, remembered)};
    }

    /** Queries and their gates come from one matrix where the gate is in the query. */
    private long queryWidth() {
        return heads * keyWidth + (variant.gate == Gate.IN_QUERY ? heads * valueWidth : 0);
    }

    private int gate(Wiring wiring, int core, int query, int input) {
        return switch (variant.gate) {
            case NONE -> core;
            case IN_QUERY -> wiring.join(core, query);
            case EACH_CHANNEL ->
                wiring.join(
                        core,
                        wiring.add("self_attn.gate_proj", Matrix.linear(hidden, heads * valueWidth, false), input));
            case EACH_HEAD ->
                wiring.join(core, wiring.add("self_attn.g_proj", Matrix.linear(hidden, heads, false), input));
        };
    }
}
