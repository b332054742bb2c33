package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.flopledger.estimation.StepFormula;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.JsonFile;
import org.flopledger.huggingface.description.Spellings;
import org.flopledger.huggingface.laws.LawFigures;
import org.flopledger.huggingface.laws.ParameterLaws;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model whose layers are not understood: how many parameters it holds, and, of models that read tokens of text
 * alone, how many of them each token is multiplied with at least. That bounds its FLOP from 6 x those to 6 x total and attention,
 * and nothing more precise.
 *
 * <p>Immutable.
 *
 * @param total parameters, at least 1
 * @param leastActive parameters that a token is multiplied with at least: half of those that no table of a vocabulary or of
 *     positions holds, for poolers and heads that see one token of many; where there are experts the share of the chosen ones of
 *     these, as if everything were experts; at least 1
 * @param longestSequence tokens of the longest sequence that the bound allows for
 * @param source what says how many parameters there are
 * @param unknownCost why nothing is said of FLOP, or null
 */
public record ParameterBound(
        long total,
        long leastActive,
        long longestSequence,
        Source source,
        @Nullable String unknownCost) {

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

    /** Of what no table holds, one in so many is multiplied with every token at least. */
    private static final long LEAST_SHARE = 2;

    /** Fields of models that see images or sound, or that pair an encoder with a decoder. */
    private static final List<String> NOT_TEXT = List.of(
            "vision_config",
            "audio_config",
            "image_size",
            "patch_size",
            "num_mel_bins",
            "conv_dim",
            "num_channels",
            "encoder_layers",
            "decoder_layers",
            "num_decoder_layers");

    /**
     * Returns the bound of a description that {@link ModelDescription#read} refused; empty where neither an index of stored
     * weights lies beside it nor a law of its type covers what it states.
     *
     * @throws DescriptionException if a file cannot be read or is no JSON object
     */
    public static Optional<ParameterBound> read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("config.json") : path;
        ObjectNode stated = JsonFile.read(file);
        String name = String.valueOf(file.getFileName());
        Optional<ParameterBound> stored =
                WeightIndex.beside(file, stated).map(index -> byIndex(stated, index.parameters(), name));
        return stored.isPresent() ? stored : byLaw(stated, name);
    }

    /**
     * Returns the bound that a law gives of a whole {@code config.json} in bytes; empty where no law covers what it states.
     *
     * @throws DescriptionException if it is no JSON object
     */
    public static Optional<ParameterBound> parse(byte[] json, String name) {
        return byLaw(JsonFile.parse(json, name), name);
    }

    /**
     * Returns what training on so many tokens costs at least and at most; empty where nothing is said of FLOP. The best figure is
     * the greatest, 6 x total and attention left out.
     *
     * @param tokens over all epochs, at least 1
     * @param longest tokens of the longest sequence, at least 1
     */
    public Optional<FlopBounds> training(long tokens, long longest) {
        if (unknownCost != null) {
            return Optional.empty();
        }
        FlopCount low = FlopCount.product(6, leastActive).times(tokens);
        FlopCount best = FlopCount.product(6, total).times(tokens);
        FlopCount high = StepFormula.ofParameters(total, total, longest)
                .high()
                .perToken()
                .times(tokens);
        return Optional.of(new FlopBounds(low, best, high));
    }

    private static Optional<ParameterBound> byLaw(ObjectNode stated, String name) {
        return ParameterLaws.figures(stated, name)
                .map(law -> new ParameterBound(
                        law.total(),
                        leastActive(stated, law.total() - law.lookups(), law.mixesExperts() || mentionsExperts(stated)),
                        law.positions().orElse(StepFormula.LONGEST_SEQUENCE),
                        Source.MEASURED_LAW,
                        law.unknownCost()));
    }

    private static ParameterBound byIndex(ObjectNode stated, long total, String name) {
        String unknown = ParameterLaws.figures(stated, name)
                .map(LawFigures::unknownCost)
                .orElse(
                        NOT_TEXT.stream().anyMatch(field -> stated.findValue(field) != null)
                                ? "the model is not given tokens of text alone, or not once each"
                                : null);
        long lookups = first(stated, "vocab_size").orElse(0)
                * first(stated, Spellings.HIDDEN).orElse(0);
        return new ParameterBound(
                total,
                leastActive(stated, Math.max(1, total - lookups), mentionsExperts(stated)),
                StepFormula.LONGEST_SEQUENCE,
                Source.WEIGHT_INDEX,
                unknown);
    }

    private static long leastActive(JsonNode stated, long multiplied, boolean mixesExperts) {
        long least = Math.max(1, multiplied / LEAST_SHARE);
        if (!mixesExperts) {
            return least;
        }
        OptionalLong experts = first(stated, Spellings.EXPERTS);
        OptionalLong active = first(stated, Spellings.TOP_K);
        if (experts.isEmpty()) {
            return 1;
        }
        long chosen = Math.min(active.orElse(1), experts.getAsLong());
        // Rounded down, in parts so that no product exceeds 64 bits.
        long share = least / experts.getAsLong() * chosen + least % experts.getAsLong() * chosen / experts.getAsLong();
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
