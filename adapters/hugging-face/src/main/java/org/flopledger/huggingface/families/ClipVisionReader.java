package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
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

/** Reads the image half of CLIP: a class token, a norm before the blocks and one of the class token after them. */
final class ClipVisionReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        Norm norm = Norm.layer(hidden);
        Patches patches = Patches.read(fields);
        var input = new Input.Raw(
                List.of(patches.convolution(fields, hidden, false)),
                patches.count() + 1,
                hidden,
                patches.count() + 1,
                norm);
        var stack = new LayerStack(
                "vision_model.encoder",
                "layers",
                input,
                ClipLike.blocks(fields, shape, Reach.BIDIRECTIONAL),
                closing(fields, hidden, norm),
                null);
        return new Architecture(name, null, stack, List.of(), null);
    }

    private static Fragment closing(Fields fields, long hidden, Norm norm) {
        var builder = Fragment.builder();
        int normed = builder.addIn(
                Domain.SEQUENCE, "post_layernorm", null, new Elementwise(norm.parameters(), true), Fragment.INPUT);
        List<String> built = fields.texts("architectures");
        boolean projects = built != null && !built.isEmpty() && built.get(0).endsWith("WithProjection");
        return builder.build(
                projects
                        ? builder.addIn(
                                Domain.SEQUENCE,
                                "visual_projection",
                                null,
                                Matrix.linear(hidden, fields.size("projection_dim"), false),
                                normed)
                        : normed);
    }
}
