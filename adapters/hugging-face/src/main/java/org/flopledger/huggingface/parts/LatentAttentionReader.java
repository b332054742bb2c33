package org.flopledger.huggingface.parts;

import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.LatentAttention;
import org.flopledger.model.LatentAttention.Indexer;
import org.flopledger.model.Mixer;
import org.flopledger.model.Operation.Reach;
import org.jspecify.annotations.Nullable;

/**
 * Reads multi-head latent attention (DeepSeek-V2 and -V3, Kimi K2) and its sparse form with an indexer (DeepSeek-V3.2, GLM-5).
 *
 * @param bias whether the down-projections and the output projection have biases
 * @param indexers which layers have an indexer of their own, the others use the choice of the one before; null for models
 *     whose attention is not sparse
 */
public record LatentAttentionReader(Toggle bias, @Nullable Indexers indexers) implements MixerReader {

    /** Attention that sees every earlier position. */
    public static final LatentAttentionReader DENSE = new LatentAttentionReader(Toggle.field("attention_bias"), null);

    /** Says which layers choose positions themselves. */
    @FunctionalInterface
    public interface Indexers {
        IntPredicate of(Fields fields, long layers);
    }

    /** Returns attention that sees the positions which an indexer chooses. */
    public static LatentAttentionReader sparse(Indexers indexers) {
        return new LatentAttentionReader(Toggle.field("attention_bias"), indexers);
    }

    @Override
    public IntFunction<Mixer> read(Fields fields) {
        if (indexers == null) {
            LatentAttention attention = attention(fields, Reach.CAUSAL, null);
            return layer -> attention;
        }
        Reach chosen = Reach.window(fields.size("index_topk"));
        var indexer = new Indexer(fields.size("index_n_heads"), fields.size("index_head_dim"));
        LatentAttention choosing = attention(fields, chosen, indexer);
        LatentAttention following = attention(fields, chosen, null);
        IntPredicate chooses = indexers.of(fields, fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS));
        return layer -> chooses.test(layer) ? choosing : following;
    }

    private LatentAttention attention(Fields fields, Reach reach, @Nullable Indexer indexer) {
        return new LatentAttention(
                fields.size(Spellings.HIDDEN),
                fields.size(Spellings.HEADS),
                // Null means a full query projection; DeepSeek's own inference files write 0.
                fields.isStatedNull("q_lora_rank") ? 0 : fields.sizeOrZero("q_lora_rank"),
                fields.size("kv_lora_rank"),
                fields.size("qk_nope_head_dim"),
                fields.sizeOrZero("qk_rope_head_dim"),
                fields.size("v_head_dim"),
                bias.in(fields),
                reach,
                indexer);
    }
}
