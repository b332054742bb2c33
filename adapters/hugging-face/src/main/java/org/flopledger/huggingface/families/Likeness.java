package org.flopledger.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.JsonFile;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.parts.Heads;
import org.flopledger.huggingface.parts.LayerTypes;
import org.jspecify.annotations.Nullable;

/**
 * Finds the family of a description: the one its {@code model_type} names, otherwise the one it looks like, with a warning.
 *
 * <p>A mixture of experts is never taken for a dense family, and a description with a recurrence never for one without.
 */
public final class Likeness {

    private static final ObjectNode DATA = JsonFile.resource(Likeness.class, "likeness.json");

    /** Activations of gated feed-forward layers; another one is a sign of other layers. */
    private static final Set<String> GATING =
            Set.of("silu", "swish", "gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "swiglu");

    private static final Set<String> RECURRENT = Set.of("qwen3_next", "minimax", "jamba", "mamba", "mamba2");

    /** Parts of field names that only models with a recurrence have. */
    private static final List<String> RECURRENT_FIELDS = List.of(
            "mamba", "ssm_", "rwkv", "time_step", "linear_num", "linear_key", "hyena", "lru_", "attn_type_list");

    private static final String[] LOCAL_ROTARY = {"rms_norm_eps", "rope_theta", "rope_scaling", "rope_parameters"};

    private Likeness() {}

    /**
     * A family to read a description as.
     *
     * @param family the family
     * @param known whether it is the stated one; otherwise the description only looks like it, and what is read must be proven
     */
    public record Found(Family family, boolean known) {}

    /**
     * Returns the family.
     *
     * @throws DescriptionException if the description looks like no family
     */
    public static Found of(Fields fields) {
        String type = fields.text("model_type");
        Family named = type == null ? null : Families.named(type);
        if (named != null) {
            return new Found(named, true);
        }
        String guess = guess(fields, type);
        if (guess == null) {
            throw type == null && Heads.builtClass(fields).isEmpty()
                    ? fields.missing("model_type", "the name of a family such as llama")
                    : fields.wrong(
                            "model_type",
                            type == null ? "nothing" : "the text \"" + ShownValue.shortened(type, 48) + "\"",
                            "one of the " + Families.names().size() + " known families, such as llama, or state the"
                                    + " fields of one of them");
        }
        return new Found(Objects.requireNonNull(Families.named(guess)), false);
    }

    /**
     * Warns that a description was read as a family that it only looks like.
     *
     * @throws DescriptionException if a field was not understood, so that nothing proves the likeness
     */
    public static void prove(Fields fields, Family family) {
        List<String> open = new ArrayList<>(Unshaped.unreadShapes(fields, false));
        open.removeAll(List.of("hidden_act", "hidden_activation", "activation_function"));
        if (!GATING.contains(activation(fields))) {
            open.add("hidden_act");
        }
        if (!open.isEmpty()) {
            throw unproven(fields, family, "not understood: " + ShownValue.shortened(String.join(", ", open), 300));
        }
        fields.notes()
                .warn(
                        Code.FAMILY_GUESSED,
                        unknown(fields) + ": every field that decides a shape was read as in the family "
                                + family.name() + "; figures hold if its layers are the same");
    }

    /** Returns the refusal of a description that only looks like a family. */
    public static DescriptionException unproven(Fields fields, Family family, String why) {
        return fields.unusable(unknown(fields) + " and looks like the family " + family.name() + ", but " + why
                + ". Its parameters, if they are known, give the bound 6 x active to 6 x total");
    }

    private static String unknown(Fields fields) {
        String type = fields.text("model_type");
        return type == null ? "model_type is absent" : "model_type " + ShownValue.shortened(type, 48) + " is unknown";
    }

    private static String activation(Fields fields) {
        for (String name : new String[] {"hidden_act", "hidden_activation", "activation_function"}) {
            if (fields.raw(name) != null) {
                return Objects.requireNonNullElse(fields.text(name), "");
            }
        }
        return "silu";
    }

    /** Returns the type of the language model inside a multimodal one that does not say it itself, or null. */
    public static @Nullable String languagePart(@Nullable String outerType) {
        return outerType == null ? null : entry("languagePart", outerType);
    }

    private static @Nullable String guess(Fields fields, @Nullable String type) {
        String listed = type == null ? null : entry("takenFor", type);
        if (listed != null && fits(listed, fields)) {
            return listed;
        }
        if (fields.states("kv_lora_rank") && hasExperts(fields)) {
            return "deepseek_v3";
        }
        for (String name : new String[] {type == null ? "" : type, Heads.builtClass(fields)}) {
            String family = containedIn(name, fields);
            if (family != null) {
                return family;
            }
        }
        boolean stated = type != null || !Heads.builtClass(fields).isEmpty();
        return stated && !fields.states("kv_lora_rank") ? byShape(fields) : null;
    }

    /** Returns the longest name of a family that is part of this name and fits the fields. */
    private static @Nullable String containedIn(String name, Fields fields) {
        String plain = plain(name);
        String longest = null;
        for (String family : Families.names()) {
            boolean longer = longest == null || family.length() > longest.length();
            if (longer && plain.contains(plain(family)) && fits(family, fields)) {
                longest = family;
            }
        }
        return longest;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Returns the family whose fields these are, for decoders in the manner of Llama; otherwise null. */
    private static @Nullable String byShape(Fields fields) {
        boolean decoder = fields.states(Spellings.HIDDEN)
                && fields.states(Spellings.LAYERS)
                && fields.states(Spellings.HEADS)
                && fields.states(Spellings.VOCABULARY)
                && List.of(LOCAL_ROTARY).stream().anyMatch(fields::states)
                && !hasRecurrence(fields);
        if (!decoder) {
            return null;
        } else if (!hasExperts(fields)) {
            return fields.states(Spellings.INNER) ? "llama" : null;
        } else if (fields.states("shared_expert_intermediate_size")) {
            return "qwen2_moe";
        } else if (fields.states("n_routed_experts") && fields.states(Spellings.EXPERT_INNER)) {
            return "glm4_moe";
        }
        return fields.states(Spellings.EXPERT_INNER) ? "qwen3_moe" : "mixtral";
    }

    private static boolean fits(String family, Fields fields) {
        Family known = Families.named(family);
        boolean familyHasExperts = known != null
                && (List.of(Spellings.EXPERTS).stream().anyMatch(known.defaults()::has) || family.equals("dbrx"));
        return familyHasExperts == (hasExperts(fields) || family.equals("dbrx"))
                && (RECURRENT.contains(family) || !hasRecurrence(fields));
    }

    private static boolean hasExperts(Fields fields) {
        for (String name : Spellings.EXPERTS) {
            JsonNode value = fields.raw(name);
            if (value != null && value.isNumber() && value.asDouble() > 1) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasRecurrence(Fields fields) {
        List<String> types = fields.texts("layer_types");
        boolean otherLayers = types != null
                && types.stream()
                        .anyMatch(type -> !type.equals(LayerTypes.FULL)
                                && !type.equals(LayerTypes.SLIDING)
                                && !type.equals(LayerTypes.CHUNKED));
        return otherLayers
                || fields.names().stream()
                        .anyMatch(name -> RECURRENT_FIELDS.stream().anyMatch(name::contains));
    }

    private static @Nullable String entry(String table, String key) {
        JsonNode value = DATA.get(table).get(key);
        return value == null ? null : value.textValue();
    }
}
