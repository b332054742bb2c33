package org.flopledger.huggingface.families;

import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Fragment;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.Elementwise;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;

/**
 * The attention of DeepSeek-V4: one vector is key and value of all heads, queries and outputs pass a low rank, outputs in
 * groups of heads.
 *
 * <p>A compressed entry stands for m positions. Scoring one entry in m is counted as scoring all m with a core of one m-th of
 * the width, rounded up; the entries that an indexer picks are those of as many positions.
 */
final class DeepSeekV4Attention {

    private final Fields fields;
    private final long hidden;
    private final long heads;
    private final long width;
    private final long queryRank;

    DeepSeekV4Attention(Fields fields) {
        this.fields = fields;
        hidden = fields.size(Spellings.HIDDEN);
        heads = fields.size(Spellings.HEADS);
        width = fields.size("head_dim");
        queryRank = fields.size("q_lora_rank");
    }

    /**
     * Returns the attention of a layer.
     *
     * @param type kind of the layer
     * @param rate positions of a compressed entry, 0 for none
     */
    Mixer mixer(String type, long rate) {
        var builder = Fragment.builder();
        int latent = builder.norm(
                "self_attn.q_norm",
                Norm.rms(queryRank),
                builder.linear("self_attn.q_a_proj", hidden, queryRank, false, Fragment.INPUT));
        int query = builder.linear("self_attn.q_b_proj", queryRank, heads * width, false, latent);
        int memory = builder.norm(
                "self_attn.kv_norm",
                Norm.rms(width),
                builder.linear("self_attn.kv_proj", hidden, width, false, Fragment.INPUT));
        Reach window = Reach.window(fields.size("sliding_window"));
        int read = builder.add("self_attn", new Core(heads, 1, width, width, window), query, memory, memory);
        if (rate > 0) {
            read = builder.join(read, compressed(builder, type, rate, query, latent));
        }
        read = builder.add("self_attn.sinks", new Elementwise(heads, false), read);
        return Mixer.attention(hidden, builder.build(output(builder, read)));
    }

    private int output(Fragment.Builder builder, int read) {
        long groups = fields.size("o_groups");
        if (heads * width % groups != 0) {
            throw fields.wrong("o_groups", Long.toString(groups), "a divisor of heads x head_dim");
        }
        long rank = fields.size("o_lora_rank");
        // Each group has a matrix of its own, and every token passes all of them.
        var grouped = new Matrix(heads * width / groups, rank, false, groups, groups, groups, false, false);
        int down = builder.add("self_attn.o_a_proj", grouped, read);
        return builder.linear("self_attn.o_b_proj", groups * rank, hidden, false, down);
    }

    private int compressed(Fragment.Builder builder, String type, long rate, int query, int latent) {
        boolean picks = type.startsWith("compressed_sparse");
        long overlap = picks ? 2 : 1;
        int entries = pool(builder, "self_attn.compressor", overlap, rate, width);
        Reach reach = Reach.CAUSAL;
        if (picks) {
            index(builder, overlap, rate, latent);
            reach = Reach.window(Math.multiplyExact(fields.size("index_topk"), rate));
        }
        long narrow = (width + rate - 1) / rate;
        return builder.add("self_attn.compressor", new Core(heads, 1, narrow, narrow, reach), query, entries, entries);
    }

    /** Entries are weighed sums over groups of positions: values, weights and a learned bias of each place in a group. */
    private int pool(Fragment.Builder builder, String module, long overlap, long rate, long entry) {
        int values = builder.linear(module + ".kv_proj", hidden, overlap * entry, false, Fragment.INPUT);
        int weights = builder.linear(module + ".gate_proj", hidden, overlap * entry, false, Fragment.INPUT);
        weights = builder.add(module + ".position_bias", new Elementwise(rate * overlap * entry, false), weights);
        return builder.norm(module + ".kv_norm", Norm.rms(entry), builder.join(values, weights));
    }

    /** The scores choose entries and are not differentiated: nothing reads them. */
    private void index(Fragment.Builder builder, long overlap, long rate, int latent) {
        String module = "self_attn.compressor.indexer";
        long indexHeads = fields.size("index_n_heads");
        long indexWidth = fields.size("index_head_dim");
        int entries = pool(builder, module, overlap, rate, indexWidth);
        int query = builder.linear(module + ".q_b_proj", queryRank, indexHeads * indexWidth, false, latent);
        int weights = builder.linear(module + ".weights_proj", hidden, indexHeads, false, Fragment.INPUT);
        long narrow = (indexWidth + rate - 1) / rate;
        builder.add(module, new Core(indexHeads, 1, narrow, 0, Reach.CAUSAL), query, entries, weights);
    }
}
