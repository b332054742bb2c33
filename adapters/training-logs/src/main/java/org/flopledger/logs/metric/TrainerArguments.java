package org.flopledger.logs.metric;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a Hugging Face or TRL trainer that tell what was computed, by their names; whatever else a file of arguments
 * holds, such as names and addresses, is not kept. Confined to one thread.
 */
public final class TrainerArguments {

    private static final Set<String> KEPT = Set.of(
            "per_device_train_batch_size",
            "per_device_eval_batch_size",
            "gradient_accumulation_steps",
            "gradient_checkpointing",
            "include_num_input_tokens_seen",
            "loss_type",
            "max_length",
            "max_seq_length",
            "packing",
            "packing_strategy",
            "padding_free",
            "use_liger_kernel",
            "precompute_ref_log_probs",
            "beta",
            "num_generations",
            "num_iterations",
            "steps_per_generation",
            "max_completion_length",
            "max_prompt_length",
            "use_vllm");
    private static final int LONGEST_WORD = 40;

    private final Map<String, JsonNode> known = new HashMap<>();
    private boolean stopsEarly;

    /** Creates arguments of which none is known. */
    public TrainerArguments() {}

    /** Takes those of an object's members that are kept. */
    public void putAll(JsonNode arguments) {
        for (Map.Entry<String, JsonNode> field : arguments.properties()) {
            JsonNode value = field.getValue();
            put(field.getKey(), value.isObject() && value.has("value") ? value.get("value") : value);
        }
    }

    private void put(String name, JsonNode value) {
        if (name.equals("gradient_checkpointing_kwargs")) {
            JsonNode reentrant = value.path("use_reentrant");
            stopsEarly |= reentrant.isBoolean() && !reentrant.booleanValue();
        } else if (KEPT.contains(name)) {
            JsonNode first = value.isArray() && value.size() == 1 ? value.get(0) : value;
            if (first.isNumber() || first.isBoolean() || isWord(first)) {
                known.putIfAbsent(name, first);
            }
        }
    }

    private static boolean isWord(JsonNode value) {
        return value.isTextual() && value.textValue().length() <= LONGEST_WORD;
    }

    /** Takes what other arguments know and these do not. */
    public void putAbsent(TrainerArguments other) {
        other.known.forEach(known::putIfAbsent);
        stopsEarly |= other.stopsEarly;
    }

    /** Returns whether nothing is known. */
    public boolean isEmpty() {
        return known.isEmpty();
    }

    /** Returns a number of at least 0, or null if it is not known or no whole number. */
    public @Nullable Long whole(String name) {
        JsonNode value = known.get(name);
        return value == null || !value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0
                ? null
                : Long.valueOf(value.longValue());
    }

    /** Returns whether a switch is on, or null if it is not known. */
    public @Nullable Boolean flag(String name) {
        JsonNode value = known.get(name);
        if (value == null || !value.isBoolean()) {
            return null;
        }
        return value.booleanValue();
    }

    /** Returns whether a switch is known to be on. */
    public boolean isOn(String name) {
        return Boolean.TRUE.equals(flag(name));
    }

    /** Returns whether an argument is a word, or a list of this one word. */
    public boolean isWord(String name, String word) {
        JsonNode value = known.get(name);
        return value != null && value.isTextual() && value.textValue().equals(word);
    }

    /** Returns whether a number is known and is 0. */
    public boolean isZero(String name) {
        JsonNode value = known.get(name);
        return value != null && value.isNumber() && value.doubleValue() == 0;
    }

    /** Returns whether an argument is known. */
    public boolean has(String name) {
        return known.containsKey(name);
    }

    /** Returns whether recomputation is that of torch's non-reentrant checkpoint, which skips the last product of a block. */
    public boolean stopsEarly() {
        return stopsEarly;
    }
}
