package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;

/** Reads XGLM: sinusoidal positions, biases everywhere, a head without one. */
final class XglmReader implements FamilyReader {

    private static final DotProductAttention.Names NAMES = new DotProductAttention.Names(
            "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj");

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        long vocabulary = fields.size(Spellings.VOCABULARY);
        long heads = fields.size("attention_heads", "num_attention_heads");
        if (hidden % heads != 0) {
            throw fields.wrong("attention_heads", Long.toString(heads), "a divisor of d_model (" + hidden + ")");
        }
        Norm norm = Norm.layer(hidden);
        var attention = DotProductAttention.builder(hidden, heads)
                .queryKeyValueBias(true)
                .outputBias(true)
                .names(NAMES)
                .build();
        var dense = DenseFeedForward.plain(hidden, fields.size(Spellings.INNER), true, "fc1", "fc2");
        var stack = LayerStack.of(
                Input.Tokens.of(vocabulary, hidden),
                Block.preNorm(norm, attention, dense).times(fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS)),
                norm);
        return new Architecture(
                name,
                null,
                stack,
                List.of(Head.language(hidden, vocabulary, fields.flag("tie_word_embeddings"))),
                null);
    }
}
