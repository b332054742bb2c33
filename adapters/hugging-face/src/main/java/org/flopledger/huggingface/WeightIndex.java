package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.flopledger.huggingface.description.JsonFile;

/**
 * What {@code model.safetensors.index.json} says beside a description: how many parameters the stored weights hold.
 *
 * @param parameters stated parameters, or the stored bytes over those of one weight
 * @param exact whether the number is stated; otherwise it follows from bytes and holds buffers and padding too
 */
record WeightIndex(long parameters, boolean exact) {

    private static final String NAME = "model.safetensors.index.json";

    /** Returns what the file beside {@code description} says; empty without one, or where it says no size. */
    static Optional<WeightIndex> beside(Path description, ObjectNode stated) {
        Path file = description.resolveSibling(NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        JsonNode metadata = JsonFile.read(file).path("metadata");
        OptionalLong parameters = positive(metadata.path("total_parameters"));
        if (parameters.isPresent()) {
            return Optional.of(new WeightIndex(parameters.getAsLong(), true));
        }
        OptionalLong bytes = positive(metadata.path("total_size"));
        OptionalLong each = bytesOfWeight(stated);
        return bytes.isPresent() && each.isPresent()
                ? Optional.of(new WeightIndex(bytes.getAsLong() / each.getAsLong(), false))
                : Optional.empty();
    }

    private static OptionalLong positive(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() > 0
                ? OptionalLong.of(value.longValue())
                : OptionalLong.empty();
    }

    /** Returns the bytes of a stored weight; empty where weights are packed or their type is not stated. */
    private static OptionalLong bytesOfWeight(ObjectNode stated) {
        if (stated.hasNonNull("quantization_config")) {
            return OptionalLong.empty();
        }
        String type = stated.path("dtype").asText(stated.path("torch_dtype").asText(""));
        return switch (type) {
            case "bfloat16", "float16" -> OptionalLong.of(2);
            case "float32" -> OptionalLong.of(4);
            default -> OptionalLong.empty();
        };
    }

    /** Returns whether a counted total cannot be the stored one: another number, or away by more than buffers account for. */
    boolean contradicts(long counted) {
        long most = exact ? 0 : Math.max(1, parameters / 100);
        return Math.abs(counted - parameters) > most;
    }
}
