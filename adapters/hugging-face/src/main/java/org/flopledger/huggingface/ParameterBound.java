package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.JsonFile;
import org.flopledger.huggingface.description.Spellings;

/**
 * What is known of a model whose description is not understood: how many parameters its stored weights hold, and how many of
 * them a token meets at least. It carries the bound 6 x active to 6 x total, and nothing more precise.
 *
 * <p>Immutable.
 *
 * @param total parameters of the stored weights, at least 1
 * @param leastActive parameters that a token meets at least: all of them where nothing states experts, otherwise the share of
 *     chosen experts of the whole, as if everything were experts
 */
public record ParameterBound(long total, long leastActive) {

    /**
     * Returns the bound of a description that {@link ModelDescription#read} refused; empty where no index of stored weights
     * that states a size lies beside it.
     *
     * @throws DescriptionException if a file cannot be read or is no JSON object
     */
    public static Optional<ParameterBound> read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("config.json") : path;
        ObjectNode stated = JsonFile.read(file);
        return WeightIndex.beside(file, stated)
                .map(index -> new ParameterBound(index.parameters(), leastActive(stated, index.parameters())));
    }

    private static long leastActive(JsonNode stated, long total) {
        if (!mentionsExperts(stated)) {
            return total;
        }
        OptionalLong experts = first(stated, Spellings.EXPERTS);
        OptionalLong active = first(stated, Spellings.TOP_K);
        if (experts.isEmpty()) {
            return 1;
        }
        long chosen = Math.min(active.orElse(1), experts.getAsLong());
        // Rounded down, in parts so that no product exceeds 64 bits.
        long share = total / experts.getAsLong() * chosen + total % experts.getAsLong() * chosen / experts.getAsLong();
        return Math.max(1, share);
    }

    private static boolean mentionsExperts(JsonNode node) {
        for (var field : node.properties()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (name.contains("expert") || name.contains("moe") || mentionsExperts(field.getValue())) {
                return true;
            }
        }
        return false;
    }

    /** Returns the first of these numbers that is stated at any depth. */
    private static OptionalLong first(JsonNode node, String... spellings) {
        for (String name : spellings) {
            JsonNode value = node.findValue(name);
            if (value != null && value.canConvertToLong() && value.longValue() > 0 && value.longValue() <= 1 << 30) {
                return OptionalLong.of(value.longValue());
            }
        }
        return OptionalLong.empty();
    }
}
