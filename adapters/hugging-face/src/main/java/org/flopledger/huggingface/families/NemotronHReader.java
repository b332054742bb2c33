package org.flopledger.huggingface.families;

import static org.flopledger.huggingface.parts.AttentionReader.bias;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.AttentionReader;
import org.flopledger.huggingface.parts.DenseReader;
import org.flopledger.huggingface.parts.ExpertsReader;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.LayerTypes;
import org.flopledger.huggingface.parts.MixerReader;
import org.flopledger.huggingface.parts.Shape;
import org.flopledger.huggingface.parts.StateSpaceReaders;
import org.flopledger.huggingface.parts.Toggle;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;

/** Reads Nemotron-H: every layer is one mixer of four kinds, listed or as a pattern of letters. */
final class NemotronHReader implements FamilyReader {

    private static final Map<String, String> LETTERS = Map.of("M", "mamba", "*", "attention", "-", "mlp", "E", "moe");

    private static final Map<String, String> OTHER_WORDS =
            Map.of("linear_attention", "mamba", "full_attention", "attention");

    @Override
    public Architecture read(String name, Fields fields) {
        List<String> kinds = kinds(fields);
        long hidden = fields.size(Spellings.HIDDEN);
        Norm norm = Norm.rms(hidden);
        Map<String, Block> blocks = new HashMap<>();
        for (String kind : kinds) {
            blocks.computeIfAbsent(
                    kind,
                    key -> Block.preNorm(
                            norm, mixer(fields, key, kinds.size()).read(fields).apply(0)));
        }
        // Kinds that no layer has are described all the same.
        fields.settle(Spellings.LAYERS);
        fields.settle(Spellings.INNER);
        fields.settle(Spellings.EXPERTS);
        fields.settle(Spellings.TOP_K);
        fields.settle(Spellings.EXPERT_INNER);
        fields.settle(Spellings.SHARED_EXPERTS);
        var stack = new LayerStack(
                "model",
                "layers",
                Input.Tokens.of(fields.size(Spellings.VOCABULARY), hidden),
                Block.pattern(kinds.size(), layer -> blocks.get(kinds.get(layer))),
                norm);
        return new Architecture(name, null, stack, Heads.of(fields, Toggle.OFF, Toggle.OFF), null);
    }

    private static MixerReader mixer(Fields fields, String kind, long layers) {
        return switch (kind) {
            case "mamba" -> StateSpaceReaders.NEMOTRON_H;
            case "attention" ->
                new AttentionReader(
                        stated -> shape(stated, layers),
                        LayerTypes.ALL_FULL,
                        List.of(
                                bias(Toggle.OFF),
                                (stated, shape, attention) ->
                                        attention.names(new org.flopledger.model.DotProductAttention.Names(
                                                "mixer.q_proj", "mixer.k_proj", "mixer.v_proj", "mixer.o_proj"))));
            case "mlp" -> DenseReader.plain(Toggle.field("mlp_bias"), "mixer.up_proj", "mixer.down_proj");
            case "moe" -> experts(fields);
            default ->
                throw fields.wrong(
                        "layers_block_type",
                        "the text \"" + ShownValue.shortened(kind, 40) + "\"",
                        "one of mamba, attention, mlp, moe");
        };
    }

    private static ExpertsReader experts(Fields fields) {
        if (fields.flag("mlp_bias") && fields.states("moe_latent_size")) {
            throw fields.wrong("mlp_bias", "true", "false where moe_latent_size is stated");
        }
        return ExpertsReader.ofOwnWidth(
                ExpertsReader.under("mixer"),
                ExpertsReader.ungated(),
                ExpertsReader.latent("moe_latent_size"),
                ExpertsReader.shared("shared_experts", "moe_shared_expert_intermediate_size"),
                ExpertsReader.sharedBias(Toggle.field("mlp_bias")));
    }

    private static Shape shape(Fields fields, long layers) {
        long heads = fields.size(Spellings.HEADS);
        long keys = fields.optionalSize(Spellings.KEY_VALUE_HEADS).orElse(heads);
        if (heads % keys != 0) {
            throw fields.wrong("num_key_value_heads", Long.toString(keys), "a divisor of num_attention_heads");
        }
        return new Shape(fields.size(Spellings.HIDDEN), layers, heads, keys, fields.size("head_dim"));
    }

    private static List<String> kinds(Fields fields) {
        List<String> listed = fields.texts("layers_block_type");
        listed = listed == null ? fields.texts("layer_types") : listed;
        List<String> kinds = new ArrayList<>();
        if (listed != null) {
            listed.forEach(kind -> kinds.add(OTHER_WORDS.getOrDefault(kind, kind)));
        } else {
            String pattern = fields.text("hybrid_override_pattern");
            if (pattern == null) {
                throw fields.missing("layers_block_type", "a list of the layers' kinds");
            }
            pattern.chars()
                    .forEach(letter ->
                            kinds.add(LETTERS.getOrDefault(Character.toString(letter), Character.toString(letter))));
        }
        if (kinds.isEmpty() || kinds.size() > Spellings.MOST_LAYERS) {
            throw fields.wrong("layers_block_type", kinds.size() + " kinds", "from 1 to " + Spellings.MOST_LAYERS);
        }
        return kinds;
    }
}
