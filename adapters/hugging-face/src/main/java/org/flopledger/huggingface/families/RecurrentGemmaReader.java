package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.outputBias;
import static org.flopledger.huggingface.parts.AttentionReader.projectionBias;

import java.util.List;
import java.util.function.IntFunction;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.Shape.HeadWidth;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Fragment;
import org.flopledger.model.Mixer;
import org.flopledger.model.Operation.DepthwiseConvolution;
import org.flopledger.model.Operation.Elementwise;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Reach;

/** Reads RecurrentGemma: linear recurrences (Griffin, arXiv 2402.19427) and windowed attention in turn. */
final class RecurrentGemmaReader implements FamilyReader {

    private static final AttentionReader ATTENTION = AttentionReader.of(
                    HeadWidth.STATED,
                    LayerTypes.ALL_FULL,
                    projectionBias(Toggle.field("attention_bias")),
                    outputBias(Toggle.ON),
                    (fields, shape, attention) -> attention.reach(Reach.window(fields.size("attention_window_size"))))
            .ignoringStatedTypes();

    private static final DecoderReader DECODER = DecoderReader.of(
            RecurrentGemmaReader::mixers,
            DenseReader.llama()
                    .withInner(fields -> fields.size(Spellings.INNER) / 2)
                    .withBias(Toggle.ON)
                    .named("mlp_block.gate_proj", "mlp_block.up_proj", "mlp_block.down_proj"));

    @Override
    public Architecture read(String name, Fields fields) {
        return DECODER.read(name, fields);
    }

    private static IntFunction<Mixer> mixers(Fields fields) {
        List<String> stated = fields.texts(fields.raw("block_types") == null ? "_block_types" : "block_types");
        List<String> kinds =
                stated == null || stated.isEmpty() ? List.of("recurrent", "recurrent", "attention") : stated;
        IntFunction<Mixer> attention = ATTENTION.read(fields);
        Mixer recurrence = recurrence(fields);
        return layer -> kinds.get(layer % kinds.size()).equals("recurrent") ? recurrence : attention.apply(layer);
    }

    private static Mixer recurrence(Fields fields) {
        long hidden = fields.size(Spellings.HIDDEN);
        long width = fields.optionalSize("lru_width").orElse(hidden);
        long heads = fields.size(Spellings.HEADS);
        if (width % heads != 0) {
            throw fields.wrong("lru_width", Long.toString(width), "a multiple of num_attention_heads (" + heads + ")");
        }
        var builder = Fragment.builder();
        String module = "temporal_block.";
        int gate = builder.linear(module + "linear_y", hidden, width, true, Fragment.INPUT);
        int stream = builder.linear(module + "linear_x", hidden, width, true, Fragment.INPUT);
        stream = builder.add(
                module + "conv_1d", new DepthwiseConvolution(width, fields.size("conv1d_width"), true), stream);
        // Input and recurrence gates are block-diagonal: one matrix a head.
        long each = width / heads;
        var blocks = new Matrix(each, each, true, heads, heads, heads, false, false);
        int input = builder.add(module + "rg_lru.input_gate", blocks, stream);
        int recurrent = builder.add(module + "rg_lru.recurrent_gate", blocks, stream);
        int state = builder.add(module + "rg_lru", new Elementwise(width, false), stream, input, recurrent);
        int output = builder.linear(module + "linear_out", width, hidden, true, builder.join(state, gate));
        return Mixer.attention(hidden, builder.build(output));
    }
}
