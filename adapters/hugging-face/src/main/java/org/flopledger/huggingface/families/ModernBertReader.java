package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.NormKind;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DenseFeedForward.Names;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;

/** Reads ModernBERT: pre-norm blocks with gated feed-forward, most of which see a window to both sides. */
final class ModernBertReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        Norm norm = (fields.flag("norm_bias") ? NormKind.LAYER : NormKind.LAYER_WITHOUT_BIAS).of(hidden);
        List<String> types = LayerTypes.FULL_FROM_FIRST.stated(fields, shape.layers());
        Reach window = Reach.near(Math.max(1, fields.size("local_attention") / 2));
        boolean bias = fields.flag("mlp_bias");
        var dense = new DenseFeedForward(
                hidden, fields.size(Spellings.INNER), true, bias, bias, new Names("mlp.Wi", "mlp.Wi", "mlp.Wo"));
        // The embedded tokens are normalised already, so that the first block's attention has no norm.
        List<Block> blocks = Block.pattern(
                shape.layers(),
                layer -> new Block(
                        List.of(
                                new SubLayer(
                                        layer == 0 ? null : norm,
                                        attention(
                                                fields,
                                                shape,
                                                types.get(layer).equals(LayerTypes.FULL)
                                                        ? Reach.BIDIRECTIONAL
                                                        : window),
                                        null),
                                new SubLayer(norm, dense, null)),
                        false));
        var input = new Input.Tokens(fields.size(Spellings.VOCABULARY), hidden, false, 0, 0, 0, hidden, norm);
        var masked = new Head(
                "decoder",
                hidden,
                hidden,
                fields.flag("classifier_bias"),
                norm,
                fields.size(Spellings.VOCABULARY),
                fields.flag("decoder_bias"),
                fields.flag("tie_word_embeddings"),
                true);
        return new Architecture(
                name,
                null,
                new LayerStack("model", "layers", input, blocks, norm),
                BertLike.heads(fields, hidden, masked, false),
                null);
    }

    private static DotProductAttention attention(Fields fields, Shape shape, Reach reach) {
        boolean bias = fields.flag("attention_bias");
        return DotProductAttention.builder(shape.hidden(), shape.heads())
                .reach(reach)
                .queryKeyValueBias(bias)
                .outputBias(bias)
                .names(DotProductAttention.Names.fused("attn.Wqkv", "attn.Wo"))
                .build();
    }
}
