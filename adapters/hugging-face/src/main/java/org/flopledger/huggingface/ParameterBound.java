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
import org.flopledger.huggingface.laws.ParameterLaws;

/**
 * What is known of a model whose layers are not understood: how many parameters it holds, and how many of them a token meets at
 * least. It carries the bound 6 x active to 6 x total, and nothing more precise.
 *
 * <p>Immutable.
 *
 * @param total parameters, at least 1
 * @param leastActive parameters that a token meets at least: all of them where nothing states experts, otherwise the share of
 *     chosen experts of the whole, as if everything were experts
 * @param source what says how many parameters there are
 */
public record ParameterBound(long total, long leastActive, Source source) {

    /** What says how many parameters there are. */
    public enum Source {
        /** The index of the stored weights. */
        WEIGHT_INDEX("the index of the stored weights"),
        /** A law measured by building the model type with its fields varied. */
        MEASURED_LAW("the measured law of the model type");

        private final String words;

        Source(String words) {
            this.words = words;
        }

        /** Returns it as people say it. */
        public String words() {
            return words;
        }
    }

    /**
     * Returns the bound of a description that {@link ModelDescription#read} refused; empty where neither an index of stored
     * weights lies beside it nor a law of its type covers what it states.
     *
     * @throws DescriptionException if a file cannot be read or is no JSON object
     */
    public static Optional<ParameterBound> read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("config.json") : path;
        ObjectNode stated = JsonFile.read(file);
        Optional<ParameterBound> stored =
                WeightIndex.beside(file, stated).map(index -> of(stated, index.parameters(), Source.WEIGHT_INDEX));
        return stored.isPresent() ? stored : byLaw(stated, String.valueOf(file.getFileName()));
    }

    /**
     * Returns the bound that a law gives of a whole {@code config.json} in bytes; empty where no law covers what it states.
     *
     * @throws DescriptionException if it is no JSON object
     */
    public static Optional<ParameterBound> parse(byte[] json, String name) {
        return byLaw(JsonFile.parse(json, name), name);
    }

    private static Optional<ParameterBound> byLaw(ObjectNode stated, String name) {
        OptionalLong total = ParameterLaws.covered(stated, name);
        return total.isPresent() ? Optional.of(of(stated, total.getAsLong(), Source.MEASURED_LAW)) : Optional.empty();
    }

    private static ParameterBound of(ObjectNode stated, long total, Source source) {
        return new ParameterBound(total, leastActive(stated, total), source);
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
