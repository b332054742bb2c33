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
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Reach;

/** Reads Whisper: two convolutions over a spectrogram of fixed length, an encoder, and a decoder that attends to it. */
final class WhisperReader implements FamilyReader {

    private static final String[] WIDTH = {"d_model", "hidden_size"};

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(WIDTH);
        long vocabulary = fields.size(Spellings.VOCABULARY);
        var tokens = Input.Tokens.of(vocabulary, hidden).withPositions(fields.size("max_target_positions"));
        Norm norm = Norm.layer(hidden);
        var decoder = Block.preNorm(
                norm,
                attention(fields, "decoder_attention_heads", "self_attn", Reach.CAUSAL),
                attention(fields, "decoder_attention_heads", "encoder_attn", Reach.CROSS),
                feedForward(fields, "decoder_ffn_dim"));
        return new Architecture(
                name,
                encoder(fields),
                new LayerStack("model.decoder", "layers", tokens, times(decoder, fields, "decoder_layers"), norm),
                List.of(new Head(
                        "proj_out", hidden, 0, null, vocabulary, false, fields.flag("tie_word_embeddings"), true)),
                null);
    }

    /** Returns the encoder; where it stands alone its sizes may have the names of any model. */
    static LayerStack encoder(Fields fields) {
        long hidden = fields.size(WIDTH);
        long positions = fields.size("max_source_positions");
        boolean alone = !fields.states("encoder_layers") && fields.states("num_hidden_layers");
        // The second convolution halves the length.
        var convolutions = List.of(
                new Convolution(fields.size("num_mel_bins"), hidden, 3, 2 * positions, true),
                new Convolution(hidden, hidden, 3, positions, true));
        var sound = new Input.Raw(convolutions, positions, 0, positions, null);
        Norm norm = Norm.layer(hidden);
        var block = Block.preNorm(
                norm,
                attention(
                        fields,
                        alone ? "num_attention_heads" : "encoder_attention_heads",
                        "self_attn",
                        Reach.BIDIRECTIONAL),
                feedForward(fields, alone ? "intermediate_size" : "encoder_ffn_dim"));
        return new LayerStack(
                "model.encoder",
                "layers",
                sound,
                times(block, fields, alone ? "num_hidden_layers" : "encoder_layers"),
                norm);
    }

    private static List<Block> times(Block block, Fields fields, String field) {
        return block.times(fields.sizeUpTo(Spellings.MOST_LAYERS, field));
    }

    private static DotProductAttention attention(Fields fields, String headsField, String module, Reach reach) {
        long hidden = fields.size(WIDTH);
        long heads = fields.size(headsField);
        if (hidden % heads != 0) {
            throw fields.wrong(headsField, Long.toString(heads), "a divisor of d_model (" + hidden + ")");
        }
        return DotProductAttention.builder(hidden, heads)
                .reach(reach)
                .biases(true, false, true)
                .outputBias(true)
                .names(new DotProductAttention.Names(
                        module + ".q_proj", module + ".k_proj", module + ".v_proj", module + ".out_proj"))
                .build();
    }

    private static DenseFeedForward feedForward(Fields fields, String field) {
        return DenseFeedForward.plain(fields.size(WIDTH), fields.size(field), true, "fc1", "fc2");
    }
}
