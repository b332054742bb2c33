package org.flopledger.huggingface.parts;

import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.LatentAttention;
import org.flopledger.model.Mixer;
import org.flopledger.model.Operation.Reach;

/** Reads multi-head latent attention (DeepSeek-V2 and -V3, Kimi K2). */
public final class LatentAttentionReader implements MixerReader {

    @Override
    public IntFunction<Mixer> read(Fields fields) {
        var attention = new LatentAttention(
                fields.size(Spellings.HIDDEN),
                fields.size(Spellings.HEADS),
                // Null means a full query projection; DeepSeek's own inference files write 0.
                fields.isStatedNull("q_lora_rank") ? 0 : fields.sizeOrZero("q_lora_rank"),
                fields.size("kv_lora_rank"),
                fields.size("qk_nope_head_dim"),
                fields.sizeOrZero("qk_rope_head_dim"),
                fields.size("v_head_dim"),
                fields.flag("attention_bias"),
                Reach.CAUSAL);
        return layer -> attention;
    }
}
