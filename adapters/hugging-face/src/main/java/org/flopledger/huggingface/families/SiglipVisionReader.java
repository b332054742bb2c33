package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Elementwise;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.Operation.StateProduct;

/**
 * Reads the image half of SigLIP: patches without a class token, and a head in which one learned query reads them all.
 *
 * @param mayHaveHead whether the head is there unless {@code vision_use_head} says otherwise; Idefics never builds it
 */
record SiglipVisionReader(boolean mayHaveHead) implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        Patches patches = Patches.read(fields);
        var input = new Input.Raw(
                List.of(patches.convolution(fields, hidden, true)), patches.count(), 0, patches.count(), null);
        boolean head = mayHaveHead && (fields.raw("vision_use_head") == null || fields.flag("vision_use_head"));
        var stack = new LayerStack(
                "vision_model.encoder",
                "layers",
                input,
                ClipLike.blocks(fields, shape, Reach.BIDIRECTIONAL),
                closing(fields, hidden, head),
                null);
        return new Architecture(name, null, stack, List.of(), null);
    }

    private static Fragment closing(Fields fields, long hidden, boolean head) {
        var builder = Fragment.builder();
        int normed = builder.norm("post_layernorm", Norm.layer(hidden), Fragment.INPUT);
        if (!head) {
            return builder.build(normed);
        }
        Matrix square = Matrix.linear(hidden, hidden, true);
        int probe = builder.addIn(Domain.SEQUENCE, "head.probe", null, new Elementwise(hidden, false), normed);
        int query = builder.addIn(Domain.SEQUENCE, "head.attention.q", null, square, probe);
        int keysAndValues = builder.linear("head.attention.kv", hidden, 2 * hidden, true, normed);
        // One query over all patches: each is scored and read once.
        int read = builder.add("head.attention", StateProduct.exactly(2 * hidden), keysAndValues, query);
        int output = builder.addIn(Domain.SEQUENCE, "head.attention.out_proj", null, square, read);
        output = builder.addIn(Domain.SEQUENCE, "head.layernorm", null, new Elementwise(2 * hidden, true), output);
        long inner = fields.size(Spellings.INNER);
        output = builder.addIn(Domain.SEQUENCE, "head.mlp.fc1", null, Matrix.linear(hidden, inner, true), output);
        output = builder.addIn(Domain.SEQUENCE, "head.mlp.fc2", null, Matrix.linear(inner, hidden, true), output);
        return builder.build(output);
    }
}
