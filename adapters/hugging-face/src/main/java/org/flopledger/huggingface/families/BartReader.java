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
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;

/**
 * Reads BART and its relatives: an encoder and a decoder with one shared table and biases everywhere.
 *
 * @param form which relative
 */
record BartReader(Form form) implements FamilyReader {

    /** What differs between the relatives. */
    enum Form {
        /** Norms after each sum. Rows 0 and 1 of the position table are never used: an offset of the first implementation. */
        BART(2, true, false),
        /** As BART, with norms before each sub-layer and at the end. */
        MBART(2, true, true),
        /** As BART, with a position table that has no unused rows (BlenderbotSmall). */
        WITHOUT_OFFSET(0, true, false),
        /** Norms before each sub-layer and at the end, none on the embeddings (Blenderbot). */
        BLENDERBOT(0, false, true),
        /** Fixed positions, norms before each sub-layer and at the end (M2M-100). */
        M2M(-1, false, true);

        private final long unusedRows;
        private final boolean normedEmbedding;
        private final boolean normsBefore;

        Form(long unusedRows, boolean normedEmbedding, boolean normsBefore) {
            this.unusedRows = unusedRows;
            this.normedEmbedding = normedEmbedding;
            this.normsBefore = normsBefore;
        }
    }

    private static final String[] WIDTH = {"d_model", "hidden_size"};

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(WIDTH);
        long vocabulary = fields.size(Spellings.VOCABULARY);
        long positions = form.unusedRows < 0 ? 0 : fields.size(Spellings.POSITIONS) + form.unusedRows;
        Norm norm = Norm.layer(hidden);
        Norm embedded = form.normedEmbedding ? norm : null;
        var words = new Input.Tokens(vocabulary, hidden, false, positions, 0, 0, hidden, embedded);
        var shared = new Input.Tokens(vocabulary, hidden, true, positions, 0, 0, hidden, embedded);
        Norm last = form.normsBefore ? norm : null;
        var encoder = new LayerStack(
                "model.encoder",
                "layers",
                words,
                block(
                                norm,
                                attention(fields, "encoder_attention_heads", "self_attn", Reach.BIDIRECTIONAL),
                                feedForward(fields, "encoder_ffn_dim"))
                        .times(fields.sizeUpTo(Spellings.MOST_LAYERS, "encoder_layers", "num_hidden_layers")),
                last);
        var decoder = new LayerStack(
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
        return form.normsBefore ? Block.preNorm(norm, mixers) : Block.postNorm(norm, mixers);
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
