package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Fragment;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Mixer;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;

/**
 * Reads DINOv2: ViT with learned scales of what each layer adds, and a classifier of the class token and the mean patch.
 *
 * @param withRegisters whether it is the form with further tokens that hold nothing of the image, and always a mask token
 */
record DinoReader(boolean withRegisters) implements FamilyReader {

    private static final DotProductAttention.Names NAMES = new DotProductAttention.Names(
            "attention.attention.query",
            "attention.attention.key",
            "attention.attention.value",
            "attention.output.dense");

    @Override
    public Architecture read(String name, Fields fields) {
        Shape shape = BertLike.shape(fields);
        long hidden = shape.hidden();
        Norm norm = Norm.layer(hidden);
        Patches patches = Patches.read(fields);
        long registers = withRegisters ? fields.sizeOrZero("num_register_tokens") : 0;
        long length = patches.count() + 1;
        boolean mask = withRegisters || fields.flag("use_mask_token");
        // A position for the class token and each patch, and the class, mask and register tokens themselves.
        long learned = (length + (mask ? 2 : 1) + registers) * hidden;
        var input =
                new Input.Raw(List.of(patches.convolution(fields, hidden, true)), length + registers, learned, 0, null);
        var block = Block.preNorm(
                norm,
                Mixer.attention(hidden, attention(fields, shape)),
                Mixer.feedForward(hidden, feedForward(fields, hidden)));
        var stack = new LayerStack(
                "dinov2.encoder", "layer", input, block.times(shape.layers()), classifier(fields, hidden, norm), null);
        return new Architecture(name, null, stack, List.of(), null);
    }

    private static Fragment attention(Fields fields, Shape shape) {
        long hidden = shape.hidden();
        boolean bias = fields.flag("qkv_bias");
        var builder = Fragment.builder();
        int query = builder.linear(NAMES.query(), hidden, hidden, bias, Fragment.INPUT);
        int key = builder.linear(NAMES.key(), hidden, hidden, bias, Fragment.INPUT);
        int value = builder.linear(NAMES.value(), hidden, hidden, bias, Fragment.INPUT);
        var core = new Core(shape.heads(), shape.heads(), shape.headWidth(), shape.headWidth(), Reach.BIDIRECTIONAL);
        int read = builder.add("attention", core, query, key, value);
        int output = builder.linear(NAMES.output(), hidden, hidden, true, read);
        return builder.build(builder.values("layer_scale1", hidden, output));
    }

    private static Fragment feedForward(Fields fields, long hidden) {
        long inner = fields.size("mlp_ratio") * hidden;
        var builder = Fragment.builder();
        int output;
        if (fields.flag("use_swiglu_ffn")) {
            // Two thirds of the width, rounded up to a multiple of 8.
            long gated = (inner * 2 / 3 + 7) / 8 * 8;
            int up = builder.linear("mlp.weights_in", hidden, 2 * gated, true, Fragment.INPUT);
            output = builder.linear("mlp.weights_out", gated, hidden, true, up);
        } else {
            int up = builder.linear("mlp.fc1", hidden, inner, true, Fragment.INPUT);
            output = builder.linear("mlp.fc2", inner, hidden, true, up);
        }
        return builder.build(builder.values("layer_scale2", hidden, output));
    }

    private static Fragment classifier(Fields fields, long hidden, Norm norm) {
        var builder = Fragment.builder();
        int normed = builder.norm("layernorm", norm, Fragment.INPUT);
        if (Heads.builtClass(fields).endsWith("Model")) {
            return builder.build(normed);
        }
        return builder.build(builder.addIn(
                Domain.SEQUENCE, "classifier", null, Matrix.linear(2 * hidden, Heads.labels(fields), true), normed));
    }
}
