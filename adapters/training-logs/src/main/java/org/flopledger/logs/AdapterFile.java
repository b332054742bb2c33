package org.flopledger.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter_config.json of the peft library says of a fine-tuning.
 *
 * @param fineTuning the method for people
 * @param method what is trained, or null if the file says it in a way that is not read
 */
record AdapterFile(FineTuning fineTuning, @Nullable PeftMethod method) {

    private static final long LARGEST_FILE = 1 << 20;

    /** Reads a file; returns null if it is no description of a fine-tuning method. */
    static @Nullable AdapterFile read(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            if (Files.size(file) > LARGEST_FILE) {
                return null;
            }
            JsonNode root = new ObjectMapper(JsonLimits.factory()).readTree(stream);
            return root.path("peft_type").isTextual() ? of(root) : null;
        } catch (IOException e) {
            // It may be anything: where it is among the files asked for, reading it there gives the reason.
            return null;
        }
    }

    private static AdapterFile of(JsonNode root) {
        PeftTechnique technique = technique(root);
        long rank = root.path("r").longValue();
        boolean lowRank = technique == PeftTechnique.LORA
                || technique == PeftTechnique.DORA
                || technique == PeftTechnique.RS_LORA;
        return new AdapterFile(
                new FineTuning(technique, rank > 0 ? rank : null),
                lowRank && rank > 0 && isPlain(root) ? lowRank(root, technique, rank) : null);
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

    /** Returns whether modules are named plainly, without options that change which values are trained. */
    private static boolean isPlain(JsonNode root) {
        return names(root.path("target_modules")).size() > 0
                && root.path("layers_to_transform").isEmpty()
                && !root.path("layers_to_transform").isNumber()
                && root.path("exclude_modules").isEmpty()
                && !root.path("exclude_modules").isTextual()
                && root.path("target_parameters").isEmpty()
                && root.path("trainable_token_indices").isEmpty()
                && root.path("layer_replication").isEmpty()
                && List.of("", "none").contains(root.path("bias").asText(""));
    }

    private static @Nullable PeftMethod lowRank(JsonNode root, PeftTechnique technique, long rank) {
        Map<String, Long> ranks = new LinkedHashMap<>();
        root.path("rank_pattern")
                .properties()
                .forEach(entry -> ranks.put(entry.getKey(), entry.getValue().longValue()));
        try {
            return PeftMethod.lora(rank)
                    .technique(technique)
                    .targets(names(root.path("target_modules")).toArray(String[]::new))
                    .modulesToSave(names(root.path("modules_to_save")).toArray(String[]::new))
                    .ranks(ranks)
                    .build();
        } catch (IllegalArgumentException e) {
            // Ranks or patterns out of range: the method is named, what it trains is not known.
            return null;
        }
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        if (node.isTextual() && node.textValue().equals("all-linear")) {
            names.add(node.textValue());
        }
        for (JsonNode item : node) {
            if (item.isTextual() && !names.contains(item.textValue())) {
                names.add(item.textValue());
            }
        }
        return names;
    }
}
