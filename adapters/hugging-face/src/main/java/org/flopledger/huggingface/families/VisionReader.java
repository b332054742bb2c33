package org.flopledger.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Shown;
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
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.Stack;

/** Reads ViT: patches, a class token, learned positions, and a classifier on the class token. */
public final class VisionReader implements FamilyReader {

    /** Names as in transformers 5. */
    private static final DotProductAttention.Names NAMES = new DotProductAttention.Names(
            "attention.q_proj", "attention.k_proj", "attention.v_proj", "attention.o_proj");

    private static final long MOST_PIXELS = 1 << 16;

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape =
                Shape.of(fields, Shape.HeadWidth.DERIVED, fields.size(Spellings.HEADS), fields.size(Spellings.HEADS));
        long hidden = shape.hidden();
        Norm norm = Norm.layer(hidden);
        boolean bias = fields.flag("qkv_bias");
        var attention = DotProductAttention.builder(hidden, shape.heads())
                .reach(Reach.BIDIRECTIONAL)
                .queryKeyValueBias(bias)
                .outputBias(true)
                .names(NAMES)
                .build();
        var dense = DenseFeedForward.plain(hidden, fields.size(Spellings.INNER), true, "mlp.fc1", "mlp.fc2");
        var stack = new Stack(
                "vit",
                "layers",
                patches(fields, hidden),
                Block.preNorm(norm, attention, dense).times(shape.layers()),
                norm);
        List<Head> heads = Heads.builtClass(fields).equals("ViTModel")
                ? List.of(new Head("vit.pooler", hidden, hidden, null, 0, false, false, false))
                : List.of(Head.classifier(hidden, Heads.labels(fields)));
        return new Architecture(name, null, stack, heads, null);
    }

    private static Input patches(Fields fields, long hidden) {
        long count = 1;
        long kernel = 1;
        for (int side = 0; side < 2; side++) {
            long image = side(fields, "image_size", side);
            long patch = side(fields, "patch_size", side);
            if (patch > image) {
                throw fields.wrong("patch_size", Long.toString(patch), "at most image_size (" + image + ")");
            }
            // What is left over at the edge is not seen.
            count *= image / patch;
            kernel *= patch;
        }
        var convolution = new Convolution(fields.size("num_channels"), hidden, kernel, count, true);
        // A class token, and a position for it and for every patch.
        return new Input.Raw(List.of(convolution), count + 1, (count + 2) * hidden, 0, null);
    }

    /** A side is one number for a square, or one of two. */
    private static long side(Fields fields, String name, int index) {
        JsonNode value = fields.raw(name);
        if (value == null || !value.isArray()) {
            return fields.sizeUpTo(MOST_PIXELS, name);
        }
        List<Long> sides = fields.integers(name, MOST_PIXELS);
        if (sides == null || sides.size() != 2 || sides.get(index) < 1) {
            throw fields.wrong(name, Shown.of(value), "an integer or an array of two, each from 1 to " + MOST_PIXELS);
        }
        return sides.get(index);
    }
}
