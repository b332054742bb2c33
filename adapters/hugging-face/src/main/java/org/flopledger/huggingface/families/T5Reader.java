package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
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
import org.flopledger.model.Operation.Reach;

/**
 * Reads T5: an encoder and a decoder of pre-norm blocks with relative positions and one shared table.
 *
 * @param relativeInEachLayer whether each layer has a table of relative positions (UMT5), otherwise the first of each stack
 */
record T5Reader(boolean relativeInEachLayer) implements FamilyReader {

    private static final String[] WIDTH = {"d_model", "hidden_size"};
    private static final String[] LAYERS = {"num_layers", "num_hidden_layers"};
    private static final String[] HEADS = {"num_heads", "num_attention_heads"};

    @Override
    public Architecture read(String name, Fields fields) {
        long hidden = fields.size(WIDTH);
        long vocabulary = fields.size(Spellings.VOCABULARY);
        long heads = fields.size(HEADS);
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, LAYERS);
        long decoderLayers = fields.states("num_decoder_layers")
                ? fields.sizeUpTo(Spellings.MOST_LAYERS, "num_decoder_layers")
                : layers;
        long table = fields.sizeUpTo(1 << 16, "relative_attention_num_buckets") * heads;
        warnOfUntiedHead(fields);
        Norm norm = Norm.rms(hidden);
        var encoder = Block.preNorm(
                norm, attention(fields, "layer.0.SelfAttention", Reach.BIDIRECTIONAL), feedForward(fields, "layer.1"));
        var decoder = Block.preNorm(
                norm,
                attention(fields, "layer.0.SelfAttention", Reach.CAUSAL),
                attention(fields, "layer.1.EncDecAttention", Reach.CROSS),
                feedForward(fields, "layer.2"));
        var input = new Input.Tokens(
                vocabulary, hidden, false, 0, 0, relativeInEachLayer ? table * layers : table, hidden, null);
        var sharedInput = new Input.Tokens(
                vocabulary, hidden, true, 0, 0, relativeInEachLayer ? table * decoderLayers : table, hidden, null);
        return new Architecture(
                name,
                new LayerStack("encoder", "block", input, encoder.times(layers), norm),
                new LayerStack("decoder", "block", sharedInput, decoder.times(decoderLayers), norm),
                List.of(Head.language(hidden, vocabulary, true)),
                null);
    }

    /** Version 1.1 states an untied head; since release 5 transformers takes that for another setting and ties it. */
    private static void warnOfUntiedHead(Fields fields) {
        if (fields.raw("tie_word_embeddings") != null && !fields.flag("tie_word_embeddings")) {
            fields.notes()
                    .warn(
                            Code.NOT_COUNTED,
                            "tie_word_embeddings is false: the head is counted as tied to the embedding, as transformers 5"
                                    + " builds it; checkpoints with a head of their own have vocab_size x d_model more"
                                    + " parameters");
        }
    }

    private static DotProductAttention attention(Fields fields, String module, Reach reach) {
        return DotProductAttention.builder(fields.size(WIDTH), fields.size(HEADS))
                .headWidth(fields.size("d_kv"))
                .reach(reach)
                .names(new DotProductAttention.Names(module + ".q", module + ".k", module + ".v", module + ".o"))
                .build();
    }

    private static DenseFeedForward feedForward(Fields fields, String layer) {
        String activation = fields.text("feed_forward_proj");
        boolean gated = activation != null && activation.startsWith("gated-");
        String module = layer + ".DenseReluDense.";
        var names = gated
                ? new DenseFeedForward.Names(module + "wi_0", module + "wi_1", module + "wo")
                : new DenseFeedForward.Names(module + "wi", module + "wi", module + "wo");
        return new DenseFeedForward(fields.size(WIDTH), fields.size("d_ff"), gated, false, false, names);
    }
}
