package org.flopledger.huggingface.peft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.flopledger.huggingface.description.JsonFile;
import org.jspecify.annotations.Nullable;

/** The modules that peft adapts where a file names none, from {@code adapter-targets.json}. */
final class PeftDefaults {

    private static final ObjectNode TARGETS = JsonFile.resource(PeftDefaults.class, "adapter-targets.json");

    private PeftDefaults() {}

    /**
     * Returns a list of names or an expression, or null where peft has none.
     *
     * @param method {@code peft_type}, or {@code IA3_FEED_FORWARD}
     * @param model {@code model_type} of the base model
     */
    static @Nullable JsonNode targets(String method, String model) {
        JsonNode own = TARGETS.path(method).get(model);
        if (own != null) {
            return own;
        }
        for (JsonNode like : TARGETS.get("LIKE_LORA")) {
            if (like.textValue().equals(method)) {
                return TARGETS.get("LORA").get(model);
            }
        }
        return null;
    }
}
