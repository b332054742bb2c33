package org.flopledger.huggingface.laws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.families.Unshaped;
import org.flopledger.huggingface.laws.ParameterLaw.Varied;
import org.jspecify.annotations.Nullable;

/**
 * What of a description a law answers for, and what it must refuse. Immutable.
 *
 * @param idle fields that were varied and change nothing
 * @param fixed fields that were not varied, with their defaults
 * @param kinds of idle lists the texts that were seen to change nothing
 * @param divides idle fields that must divide the widths named
 * @param derived fields that transformers makes from others where they are absent, with those others; empty text for always
 * @param silent names of fields that decide no shape in any type
 */
record LawScope(
        Set<String> idle,
        Map<String, JsonNode> fixed,
        Map<String, Set<String>> kinds,
        Map<String, Set<String>> divides,
        Map<String, Set<String>> derived,
        Pattern silent) {

    /** Activations that hold no parameters and leave widths as they are. */
    private static final Set<String> PLAIN_ACTIVATIONS = Set.of(
            "gelu",
            "gelu_10",
            "gelu_fast",
            "gelu_new",
            "gelu_python",
            "gelu_pytorch_tanh",
            "gelu_accurate",
            "quick_gelu",
            "relu",
            "relu2",
            "relu6",
            "leaky_relu",
            "silu",
            "swish",
            "mish",
            "tanh",
            "sigmoid",
            "linear",
            "hardswish");

    /** Names that decide no shape of a layer elsewhere, and do so in types that have laws. */
    private static final Set<String> UNSETTLED = Set.of(
            "tie_word_embeddings",
            "tie_encoder_decoder",
            "is_decoder",
            "out_features",
            "out_indices",
            "stage_names",
            "pruned_heads",
            "reshape_hidden_states",
            "max_position_embeddings",
            "max_relative_positions",
            "is_encoder_decoder",
            "model_type",
            "encoder_stride");

    static LawScope of(JsonNode law, Pattern silent) {
        Set<String> idle = new HashSet<>();
        law.get("idle").forEach(name -> idle.add(name.textValue()));
        Map<String, JsonNode> fixed = new HashMap<>();
        law.get("fixed").properties().forEach(field -> fixed.put(field.getKey(), field.getValue()));
        return new LawScope(
                idle, fixed, texts(law.path("kinds")), texts(law.path("divides")), texts(law.path("derived")), silent);
    }

    private static Map<String, Set<String>> texts(JsonNode lists) {
        Map<String, Set<String>> read = new HashMap<>();
        for (var list : lists.properties()) {
            Set<String> texts = new HashSet<>();
            list.getValue().forEach(text -> texts.add(text.textValue()));
            read.put(list.getKey(), texts);
        }
        return read;
    }

    @Nullable
    JsonNode byDefault(String path) {
        return fixed.get(path);
    }

    static boolean isOfExperts(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return name.contains("expert") || name.contains("moe");
    }

    /** Returns whether a field that does not vary is one of experts; types may be named after them. */
    boolean mentionsExperts() {
        return Stream.concat(idle.stream(), fixed.keySet().stream()).anyMatch(LawScope::isOfExperts)
                || fixed.getOrDefault("model_type", MissingNode.getInstance())
                        .asText()
                        .contains("moe");
    }

    /** Returns what is stated, or absent beside what is stated, and not covered; the list may be added to. */
    List<String> uncovered(
            ObjectNode description, Map<String, JsonNode> fields, String builtClass, List<Varied> varied) {
        List<String> open = new ArrayList<>();
        JsonNode built = description.path("architectures").path(0);
        if (built.isTextual() && !built.textValue().equals(builtClass)) {
            open.add("architectures[0] (measured: " + builtClass + ")");
        }
        Map<String, Long> names = new HashMap<>();
        varied.forEach(field -> names.put(field.path(), field.byDefault()));
        fields.forEach((path, value) -> {
            boolean told = path.equals(ParameterLaw.LABELS) && tellsNoClassesApart(value, builtClass);
            if (!told && !names.containsKey(path) && !isUnderstood(path, value, names.keySet())) {
                open.add(path);
            }
        });
        addPartLists(fields, names.keySet(), open);
        addDerived(fields, names, open);
        divides.forEach((heads, widths) -> addUndivided(heads, widths, fields, names, open));
        return open;
    }

    /** Two classes are the default of every type, and neither a bare model nor a language model has a head for them. */
    private boolean tellsNoClassesApart(JsonNode labels, String builtClass) {
        return !fixed.containsKey(ParameterLaw.LABELS)
                && (labels.asLong() == 2 || builtClass.endsWith("Model") || builtClass.endsWith("LM"));
    }

    private boolean isUnderstood(String path, JsonNode value, Set<String> varied) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        JsonNode measured = fixed.get(path);
        if (measured != null) {
            return StatedFields.equal(measured, value) || silent.matcher(name).matches();
        }
        if (idle.contains(path)) {
            return changesNothing(path, value);
        }
        if (silent.matcher(name).matches()) {
            return true;
        }
        if (holdsMeasured(path, varied)) {
            return false;
        }
        return value.isNull()
                || (!UNSETTLED.contains(name) && Unshaped.decidesNoShape(name))
                || (!Fields.saysSomething(value) && !UNSETTLED.contains(name));
    }

    /** Returns whether a path is that of a whole of which parts were measured. */
    private boolean holdsMeasured(String path, Set<String> varied) {
        String inside = path + ".";
        return varied.stream().anyMatch(other -> other.startsWith(inside))
                || fixed.keySet().stream().anyMatch(other -> other.startsWith(inside))
                || idle.stream().anyMatch(other -> other.startsWith(inside));
    }

    /** Idle fields were varied as numbers, switches, common activations or lists of some texts; nothing is known of others. */
    private boolean changesNothing(String path, JsonNode value) {
        if (value.isTextual()) {
            return PLAIN_ACTIVATIONS.contains(value.textValue());
        }
        if (value.isArray()) {
            Set<String> seen = kinds.getOrDefault(path, Set.of());
            for (JsonNode kind : value) {
                if (!kind.isTextual() || !seen.contains(kind.textValue())) {
                    return false;
                }
            }
            return true;
        }
        return value.isNumber() || value.isBoolean();
    }

    /** Of a list that is stated every measured place must be stated: a shorter one is another model. */
    private void addPartLists(Map<String, JsonNode> fields, Set<String> varied, List<String> open) {
        Set<String> measured = new HashSet<>(varied);
        measured.addAll(fixed.keySet());
        measured.addAll(idle);
        for (String path : measured) {
            int point = path.lastIndexOf('.');
            boolean place = point > 0 && Character.isDigit(path.charAt(point + 1));
            if (place && !fields.containsKey(path) && fields.containsKey(path.substring(0, point) + ".0")) {
                open.add(path + " (absent)");
            }
        }
    }

    private void addDerived(Map<String, JsonNode> fields, Map<String, Long> varied, List<String> open) {
        derived.forEach((path, sources) -> {
            if (!fields.containsKey(path) && sources.stream().anyMatch(source -> isChanged(source, fields, varied))) {
                open.add(path + " (absent, and made from other fields)");
            }
        });
    }

    private boolean isChanged(String source, Map<String, JsonNode> fields, Map<String, Long> varied) {
        JsonNode value = fields.get(source);
        if (value == null) {
            String inside = source + ".";
            return source.isEmpty() || fields.keySet().stream().anyMatch(path -> path.startsWith(inside));
        }
        Long known = varied.get(source);
        JsonNode measured = fixed.get(source);
        return known != null
                ? !known.equals(StatedFields.number(value))
                : measured == null || !StatedFields.equal(measured, value);
    }

    private static void addUndivided(
            String heads,
            Set<String> widths,
            Map<String, JsonNode> fields,
            Map<String, Long> varied,
            List<String> open) {
        JsonNode stated = fields.get(heads);
        Long number = stated == null ? null : StatedFields.number(stated);
        if (number == null) {
            return;
        }
        for (String width : widths) {
            JsonNode value = fields.get(width);
            Long size = value == null ? varied.get(width) : StatedFields.number(value);
            if (number < 1 || (size != null && size % number != 0)) {
                open.add(heads + " (must divide " + width + ")");
            }
        }
    }
}
