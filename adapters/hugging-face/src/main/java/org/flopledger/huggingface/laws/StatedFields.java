package org.flopledger.huggingface.laws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Flattens a description: fields by the names on the way to them, short lists of whole numbers by their places. */
final class StatedFields {

    /** Longer lists say something of each layer and have no fixed length. */
    private static final int LONGEST_LIST = 8;

    /** Fields that describe the file or name classes. */
    private static final Set<String> UNTOLD =
            Set.of("architectures", "id2label", "label2id", "problem_type", "_name_or_path", "num_labels");

    private StatedFields() {}

    static Map<String, JsonNode> of(ObjectNode stated) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        add(stated, "", fields);
        long labels = labels(stated);
        if (labels >= 0) {
            fields.put(ParameterLaw.LABELS, JsonNodeFactory.instance.numberNode(labels));
        }
        return fields;
    }

    private static void add(ObjectNode stated, String prefix, Map<String, JsonNode> fields) {
        for (Map.Entry<String, JsonNode> field : stated.properties()) {
            String path = prefix + field.getKey();
            JsonNode value = field.getValue();
            if (UNTOLD.contains(field.getKey())) {
                continue;
            }
            if (value instanceof ObjectNode object) {
                add(object, path + ".", fields);
            } else if (isShortList(value)) {
                for (int i = 0; i < value.size(); i++) {
                    fields.put(path + "." + i, value.get(i));
                }
            } else {
                fields.put(path, value);
            }
        }
    }

    private static boolean isShortList(JsonNode value) {
        if (!value.isArray() || value.isEmpty() || value.size() > LONGEST_LIST) {
            return false;
        }
        for (Iterator<JsonNode> each = value.elements(); each.hasNext(); ) {
            if (!each.next().isIntegralNumber()) {
                return false;
            }
        }
        return true;
    }

    private static long labels(ObjectNode stated) {
        if (stated.path("num_labels").isIntegralNumber()) {
            return stated.get("num_labels").longValue();
        }
        JsonNode named = stated.path("id2label");
        return named.isObject() && !named.isEmpty() ? named.size() : -1;
    }

    /** Returns a whole number, a switch as 0 or 1, or null. */
    static @Nullable Long number(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? 1L : 0L;
        }
        return value.isNumber() && value.canConvertToLong() && value.asDouble() == Math.rint(value.asDouble())
                ? Long.valueOf(value.longValue())
                : null;
    }

    /** Returns 1 for a number above zero, 0 for zero, or null. */
    static @Nullable Long positive(JsonNode value) {
        return value.isNumber() && value.asDouble() >= 0 ? Long.valueOf(value.asDouble() > 0 ? 1 : 0) : null;
    }

    /** Returns whether two values are the same, numbers by their amount. */
    static boolean equal(JsonNode a, JsonNode b) {
        return (a.isNumber() && b.isNumber()) ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }
}
