package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;
import static org.flopledger.huggingface.parts.AttentionReader.gate;
import static org.flopledger.huggingface.parts.AttentionReader.headNorms;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DecoderReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.MixerReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.huggingface.parts.Shape.HeadWidth;
import org.flopledger.huggingface.parts.SparseReader;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.DotProductAttention.Gate;
import org.flopledger.model.Mixer;

/** Step 3.5 and 3.7: windowed layers may have another number of heads, a gate weighs each head. */
final class Step {

    private static final SparseReader.Rule SPARSE = fields -> {
        List<Long> listed = listed(fields);
        if (listed == null) {
            return fields.raw("mlp_layer_types") == null && !fields.states("first_k_dense_replace")
                    ? layer -> layer >= 3
                    : SparseReader.LISTED_TYPES.of(fields);
        }
        return (IntPredicate) layer -> listed.contains((long) layer);
    };

    private Step() {}

    static void addTo(Map<String, FamilyReader> readers) {
        FamilyReader step = DecoderReader.of(
                (MixerReader) Step::attention,
                new SparseReader(
                        ExpertsReader.ofOwnWidth(
                                ExpertsReader.shared("shared_experts", "share_expert_dim", "share_expert_dims")),
                        DenseReader.llama(),
                        SPARSE));
        readers.put("step3p5", step);
        readers.put("step3p7", step);
    }

    private static IntFunction<Mixer> attention(Fields fields) {
        Shape shape = Shape.of(fields, HeadWidth.STATED);
        fields.settle("n_shared_experts");
        Fields other = fields.object("attention_other_setting");
        long windowed = fields.optionalSize("num_sliding_attention_heads")
                .orElse(other == null ? shape.heads() : other.size(Spellings.HEADS));
        IntFunction<Mixer> full = ofHeads(fields, shape, shape.heads());
        IntFunction<Mixer> narrow = ofHeads(fields, shape, windowed);
        List<String> kinds = types(fields, shape.layers());
        return layer -> kinds.get(layer).equals(LayerTypes.SLIDING) ? narrow.apply(layer) : full.apply(layer);
    }

    private static IntFunction<Mixer> ofHeads(Fields fields, Shape shape, long heads) {
        Shape sizes = new Shape(shape.hidden(), shape.layers(), heads, shape.keyValueHeads(), shape.headWidth());
        return new AttentionReader(
                        ignored -> sizes,
                        new Cut(),
                        List.of(bias(Toggle.field("attention_bias")), headNorms(Toggle.ON), gate(Gate.EACH_HEAD)))
                .read(fields);
    }

    /** Lists of kinds may go on over the layers of multi-token prediction, which are not part of the stack. */
    private static List<String> types(Fields fields, long layers) {
        return new Cut().stated(fields, layers);
    }

    /** Full attention unless stated; what is stated beyond the last layer is left out. */
    private static final class Cut implements LayerTypes {
        @Override
        public List<String> of(Fields fields, long layers) {
            return LayerTypes.ALL_FULL.of(fields, layers);
        }

        @Override
        public List<String> stated(Fields fields, long layers) {
            List<String> stated = fields.texts("layer_types");
            return stated == null || stated.size() < layers
                    ? LayerTypes.super.stated(fields, layers)
                    : stated.subList(0, (int) layers);
        }
    }

    /** Returns the sparse layers that older files list in one text. */
    private static @org.jspecify.annotations.Nullable List<Long> listed(Fields fields) {
        var raw = fields.raw("moe_layers_enum");
        if (raw == null || !raw.isTextual()) {
            return fields.integers("moe_layers_enum", Spellings.MOST_LAYERS);
        }
        String text = raw.textValue();
        if (!text.matches("\\s*\\d{1,5}(\\s*,\\s*\\d{1,5})*\\s*")) {
            throw fields.wrong("moe_layers_enum", "another text", "layer numbers with commas between them");
        }
        return List.of(text.split(",")).stream()
                .map(String::trim)
                .map(Long::valueOf)
                .toList();
    }
}
