package org.flopledger.logs.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.logs.FineTuning;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.RegularFiles;
import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter_config.json of the peft library says of itself, without the base model it belongs to.
 *
 * @param file where it lies
 * @param fineTuning the method for people
 * @param isRead whether the file could be read, so that the method is what it says
 */
record AdapterFile(Path file, FineTuning fineTuning, boolean isRead) {

    private static final long LARGEST_FILE = 1 << 20;
    private static final FineTuning UNKNOWN = new FineTuning(PeftTechnique.OTHER, null);

    /**
     * Reads a file of that name.
     *
     * <p>One that cannot be read tells all the same that not every weight was trained: it has a method that is not known.
     *
     * @return the file, or null if it is JSON that describes no fine-tuning method
     */
    static @Nullable AdapterFile read(Path file) {
        if (isTooLarge(file)) {
            return new AdapterFile(file, UNKNOWN, false);
        }
        try (InputStream stream = Files.newInputStream(file)) {
            JsonNode root = new ObjectMapper(JsonLimits.factory()).readTree(stream);
            if (!root.path("peft_type").isTextual()) {
                return null;
            }
            long rank = root.path("r").longValue();
            return new AdapterFile(file, new FineTuning(technique(root), rank > 0 ? rank : null), true);
        } catch (IOException e) {
            return new AdapterFile(file, UNKNOWN, false);
        }
    }

    /** Returns whether a file is larger than any description is. */
    static boolean isTooLarge(Path file) {
        return RegularFiles.size(file) > LARGEST_FILE;
    }

    private static PeftTechnique technique(JsonNode root) {
        return switch (root.path("peft_type").textValue()) {
            case "LORA" ->
                root.path("use_dora").asBoolean()
                        ? PeftTechnique.DORA
                        : root.path("use_rslora").asBoolean() ? PeftTechnique.RS_LORA : PeftTechnique.LORA;
            case "IA3" -> PeftTechnique.IA3;
            case "PROMPT_TUNING" -> PeftTechnique.PROMPT_TUNING;
            case "PREFIX_TUNING" -> PeftTechnique.PREFIX_TUNING;
            default -> PeftTechnique.OTHER;
        };
    }
}
