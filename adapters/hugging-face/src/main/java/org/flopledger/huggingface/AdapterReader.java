package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.JsonFile;
import org.flopledger.huggingface.description.Shown;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.model.Operation;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/** Reads each kind of {@code adapter_config.json}. */
final class AdapterReader {

    private static final ObjectNode TARGETS = JsonFile.resource(AdapterReader.class, "adapter-targets.json");
    private static final List<String> TYPES = List.of("LORA", "IA3", "PROMPT_TUNING", "PREFIX_TUNING", "LN_TUNING");

    /** peft's own default of {@code r}. */
    private static final long RANK = 8;

    private static final long MOST_BITS_OF_QLORA = 4;

    private AdapterReader() {}

    static String type(Fields fields) {
        String expected = "one of " + String.join(", ", TYPES);
        String stated = fields.text("peft_type");
        if (stated == null) {
            throw fields.missing("peft_type", expected);
        }
        String type = stated.toUpperCase(Locale.ROOT);
        if (!TYPES.contains(type)) {
            throw fields.wrong("peft_type", "the text \"" + Shown.shortened(stated, 40) + "\"", expected);
        }
        return type;
    }

    static PeftMethod read(Fields fields, String type, ModelDescription base) {
        List<Operation> operations = base.architecture().operations();
        try {
            PeftMethod method = switch (type) {
                case "LORA" -> lora(fields, base, operations);
                case "IA3" -> ia3(fields, base, operations);
                case "PROMPT_TUNING" -> new PeftMethod.PromptTuning(virtualTokens(fields));
                case "PREFIX_TUNING" -> prefixTuning(fields);
                default -> new PeftMethod.NormOnly();
            };
            // Names that match nothing show only here.
            method.treatments(operations);
            return method;
        } catch (IllegalArgumentException e) {
            throw fields.unusable(String.valueOf(e.getMessage()));
        }
    }

    static void warn(Fields fields) {
        String bias = fields.text("bias");
        if (bias != null && !bias.equals("none")) {
            fields.notes()
                    .warn(
                            Code.NOT_COUNTED,
                            "bias is " + Shown.shortened(bias, 20) + ": trained biases are not counted");
        }
        if (fields.flag("lora_bias")) {
            fields.notes().warn(Code.NOT_COUNTED, "lora_bias is true: the biases of the factors are not counted");
        }
    }

    private static PeftMethod lora(Fields fields, ModelDescription base, List<Operation> operations) {
        refuse(fields, "target_parameters");
        refuse(fields, "trainable_token_indices");
        refuse(fields, "layer_replication");
        Set<String> saved = new ModuleNames(fields, operations).named("modules_to_save", Set.of());
        Set<String> targets = new ModuleNames(fields, operations).targets(defaults("LORA", base));
        return PeftMethod.lora(fields.statedSize("r").orElse(RANK))
                .technique(technique(fields, base))
                .magnitude(fields.flag("use_dora"))
                .targets(targets.toArray(String[]::new))
                .ranks(ranks(fields))
                .layers(layers(fields))
                .modulesToSave(saved.toArray(String[]::new))
                .build();
    }

    private static PeftTechnique technique(Fields fields, ModelDescription base) {
        if (base.weightBits().orElse(Long.MAX_VALUE) <= MOST_BITS_OF_QLORA) {
            return PeftTechnique.QLORA;
        } else if (fields.flag("use_dora")) {
            return PeftTechnique.DORA;
        }
        return fields.flag("use_rslora") ? PeftTechnique.RS_LORA : PeftTechnique.LORA;
    }

    private static Map<String, Long> ranks(Fields fields) {
        Fields pattern = fields.object("rank_pattern");
        Map<String, Long> ranks = new LinkedHashMap<>();
        if (pattern != null) {
            pattern.names().forEach(name -> ranks.put(name, pattern.size(name)));
        }
        return ranks;
    }

    /** One index or a list of them; an expression for the targets chooses layers by itself. */
    private static Set<Integer> layers(Fields fields) {
        JsonNode stated = fields.raw("layers_to_transform");
        JsonNode targets = fields.raw("target_modules");
        if (stated == null || (targets != null && targets.isTextual())) {
            return Set.of();
        }
        List<Long> indexes = stated.isArray()
                ? fields.integers("layers_to_transform", Spellings.MOST_LAYERS)
                : List.of(fields.sizeUpToOrZero(Spellings.MOST_LAYERS, "layers_to_transform"));
        return indexes == null ? Set.of() : indexes.stream().map(Long::intValue).collect(Collectors.toSet());
    }

    private static PeftMethod ia3(Fields fields, ModelDescription base, List<Operation> operations) {
        var names = new ModuleNames(fields, operations);
        Set<String> targets = names.targets(defaults("IA3", base));
        Set<String> feedForward = names.named("feedforward_modules", defaults("IA3_FEED_FORWARD", base));
        return new PeftMethod.Ia3(targets, feedForward);
    }

    private static PeftMethod prefixTuning(Fields fields) {
        if (fields.flag("prefix_projection")) {
            throw fields.wrong(
                    "prefix_projection", "true", "false: the network that makes the prefixes is not described");
        }
        return new PeftMethod.PrefixTuning(virtualTokens(fields));
    }

    private static long virtualTokens(Fields fields) {
        return fields.sizeUpTo(1 << 20, "num_virtual_tokens");
    }

    private static void refuse(Fields fields, String name) {
        JsonNode value = fields.raw(name);
        if (value != null && !value.isEmpty()) {
            throw fields.wrong(name, Shown.of(value), "absent: what it trains cannot be counted yet");
        }
    }

    private static @Nullable Set<String> defaults(String kind, ModelDescription base) {
        JsonNode names = TARGETS.get(kind).get(base.family());
        if (names == null) {
            return null;
        }
        Set<String> all = new TreeSet<>();
        names.forEach(name -> all.add(name.textValue()));
        return all;
    }
}
