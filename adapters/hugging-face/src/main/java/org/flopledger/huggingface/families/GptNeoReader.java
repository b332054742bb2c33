package org.flopledger.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.NormKind;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Operation.Reach;

/** Reads GPT-Neo: learned positions, and layers that see everything or a window in turn. */
final class GptNeoReader implements FamilyReader {

    private static final DecoderReader DECODER = DecoderReader.of(
                    fields -> {
                        var attention = AttentionReader.of(
                                Shape.HeadWidth.DERIVED,
                                LayerTypes.ALL_FULL,
                                AttentionReader.outputBias(Toggle.ON),
                                AttentionReader.modules(new DotProductAttention.Names(
                                        "attn.attention.q_proj",
                                        "attn.attention.k_proj",
                                        "attn.attention.v_proj",
                                        "attn.attention.out_proj")));
                        var everything = attention.read(fields);
                        var windowed = attention
                                .with((stated, shape, builder) ->
                                        builder.reach(Reach.window(stated.size("window_size"))))
                                .read(fields);
                        List<Boolean> local = local(fields);
                        return layer -> (local.get(layer) ? windowed : everything).apply(layer);
                    },
                    DenseReader.plain(Toggle.ON, "mlp.c_fc", "mlp.c_proj").withInner(DenseReader::fourTimesHidden))
            .at("transformer", "h")
            .with(DecoderReader.InputReader.POSITIONED_TOKENS)
            .with(NormKind.LAYER);

    @Override
    public Architecture read(String name, Fields fields) {
        return DECODER.read(name, fields);
    }

    /** Listed for each layer, or as patterns with how often each is repeated. */
    private static List<Boolean> local(Fields fields) {
        long layers = fields.sizeUpTo(Spellings.MOST_LAYERS, Spellings.LAYERS);
        List<String> listed = fields.texts("attention_layers");
        List<Boolean> local = new ArrayList<>();
        if (listed != null) {
            listed.forEach(type -> local.add(type.equals("local")));
        } else if (fields.raw("attention_types") != null) {
            JsonNode patterns = Objects.requireNonNull(fields.raw("attention_types"));
            for (JsonNode pattern : patterns) {
                if (pattern.path(0).isEmpty()) {
                    throw fields.wrong("attention_types", "an empty pattern", "patterns of global and local");
                }
                long times = pattern.path(1).asLong();
                for (long i = 0; i < times && local.size() < layers; i++) {
                    pattern.path(0).forEach(type -> local.add(type.asText().equals("local")));
                }
            }
        } else {
            for (long layer = 0; layer < layers; layer++) {
                local.add(layer % 2 == 1);
            }
        }
        if (local.size() != layers) {
            throw fields.wrong(
                    "attention_types",
                    ShownValue.shortened("patterns for " + local.size() + " layers", 60),
                    "patterns for num_layers (" + layers + ")");
        }
        return local;
    }
}
