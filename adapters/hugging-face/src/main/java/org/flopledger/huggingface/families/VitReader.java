package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.Shape;
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
 * Reads ViT and DeiT: patches, tokens that stand for the whole image, learned positions, and a classifier on a token.
 *
 * @param tokens tokens beside the patches: one in ViT, one more for distillation in DeiT
 */
record VitReader(long tokens) implements FamilyReader {

    /** Names as in transformers 5. */
    private static final DotProductAttention.Names NAMES = new DotProductAttention.Names(
            "attention.q_proj", "attention.k_proj", "attention.v_proj", "attention.o_proj");

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        Norm norm = Norm.layer(hidden);
        var attention = DotProductAttention.builder(hidden, shape.heads())
                .reach(Reach.BIDIRECTIONAL)
                .queryKeyValueBias(fields.flag("qkv_bias"))
                .outputBias(true)
                .names(NAMES)
                .build();
        var dense = DenseFeedForward.plain(hidden, fields.size(Spellings.INNER), true, "mlp.fc1", "mlp.fc2");
        Patches patches = Patches.read(fields);
        long length = patches.count() + tokens;
        // The tokens themselves, and a position for each of them and for every patch.
        var input = new Input.Raw(
                List.of(patches.convolution(fields, hidden, true)), length, (length + tokens) * hidden, 0, null);
        var stack = new LayerStack(
                "vit", "layers", input, Block.preNorm(norm, attention, dense).times(shape.layers()), norm);
        List<Head> heads = Heads.builtClass(fields).endsWith("Model")
                ? List.of(new Head("vit.pooler", hidden, hidden, null, 0, false, false, false))
                : List.of(Head.classifier(hidden, Heads.labels(fields)));
        return new Architecture(name, null, stack, heads, null);
    }
}
