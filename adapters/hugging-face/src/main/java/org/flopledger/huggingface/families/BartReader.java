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
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.Stack;

/**
 * Reads BART and M2M-100: an encoder and a decoder with one shared table and biases everywhere.
 *
 * @param original whether as in BART, with learned positions, normalised embeddings and norms after each sum; otherwise with
 *     fixed positions and norms before each sub-layer and at the end
 */
record BartReader(boolean original) implements FamilyReader {

    /** Rows 0 and 1 of the position table are never used: an offset kept from the original implementation. */
    private static final long POSITION_OFFSET = 2;

    private static final String[] WIDTH = {"d_model", "hidden_size"};

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(WIDTH);
        long vocabulary = fields.size(Spellings.VOCABULARY);
        long positions = original ? fields.size(Spellings.POSITIONS) + POSITION_OFFSET : 0;
        Norm norm = Norm.layer(hidden);
        Norm embedded = original ? norm : null;
        var words = new Input.Tokens(vocabulary, hidden, false, positions, 0, 0, hidden, embedded);
        var shared = new Input.Tokens(vocabulary, hidden, true, positions, 0, 0, hidden, embedded);
        Norm last = original ? null : norm;
        var encoder = new Stack(
                "model.encoder",
                "layers",
                words,
                block(
                                norm,
                                attention(fields, "encoder_attention_heads", "self_attn", Reach.BIDIRECTIONAL),
                                feedForward(fields, "encoder_ffn_dim"))
                        .times(fields.sizeUpTo(Spellings.MOST_LAYERS, "encoder_layers", "num_hidden_layers")),
                last);
        var decoder = new Stack(
                "model.decoder",
                "layers",
                shared,
                block(
                                norm,
                                attention(fields, "decoder_attention_heads", "self_attn", Reach.CAUSAL),
                                attention(fields, "decoder_attention_heads", "encoder_attn", Reach.CROSS),
                                feedForward(fields, "decoder_ffn_dim"))
                        .times(fields.sizeUpTo(Spellings.MOST_LAYERS, "decoder_layers")),
                last);
        return new Architecture(
                name,
                encoder,
                decoder,
                List.of(Head.language(hidden, vocabulary, fields.flag("tie_word_embeddings"))),
                null);
    }

    private Block block(Norm norm, Mixer... mixers) {
        return original ? Block.postNorm(norm, mixers) : Block.preNorm(norm, mixers);
    }

    private static DotProductAttention attention(Fields fields, String headsField, String module, Reach reach) {
        long hidden = fields.size(WIDTH);
        long heads = fields.size(headsField);
        if (hidden % heads != 0) {
            throw fields.wrong(headsField, Long.toString(heads), "a divisor of d_model (" + hidden + ")");
        }
        return DotProductAttention.builder(hidden, heads)
                .reach(reach)
                .queryKeyValueBias(true)
                .outputBias(true)
                .names(new DotProductAttention.Names(
                        module + ".q_proj", module + ".k_proj", module + ".v_proj", module + ".out_proj"))
                .build();
    }

    private static DenseFeedForward feedForward(Fields fields, String field) {
        return DenseFeedForward.plain(fields.size(WIDTH), fields.size(field), true, "fc1", "fc2");
    }
}
