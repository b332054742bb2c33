package org.flopledger.cli.assess;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.cli.options.Nearest;
import org.flopledger.review.FactName;
import org.flopledger.review.ReviewProfiles;
import picocli.CommandLine.TypeConversionException;

/**
 * The words that a fact may be stated by: those that a shipped rule knows, and further ones that no rule asks for. A word with a
 * slip in it would otherwise put a model outside a rule without anybody noticing.
 */
final class FactWords {

    private static final String OTHER = "other";

    /** Words that no shipped rule lists, by which a model is truly outside. */
    private static final Map<FactName, List<String>> UNLISTED = Map.of(
            FactName.MODALITY,
                    List.of(
                            "image",
                            "image-to-text",
                            "image-to-image",
                            "text-to-speech",
                            "text-to-audio",
                            "music",
                            "sound",
                            "video",
                            "upscaling",
                            "inpainting",
                            "chess",
                            "games",
                            "weather",
                            "robotics",
                            "protein",
                            "tabular",
                            "classification",
                            "embedding",
                            OTHER),
            FactName.DATA_KIND, List.of("general", "text", "web", "code", "image", "audio", "video", "tabular", OTHER),
            FactName.RELEASE, List.of("closed", "open", "api", OTHER));

    private FactWords() {}

    /**
     * Returns a word as rules spell it.
     *
     * @throws TypeConversionException if the fact has a list of words and this is none of them
     */
    static String checked(FactName fact, String typed) {
        String word = TypedFact.word(typed);
        if (!UNLISTED.containsKey(fact)) {
            return word;
        }
        List<String> known = known(fact);
        if (!known.contains(word)) {
            throw new TypeConversionException(fact.key() + " is '" + typed + "', must be one of "
                    + String.join(", ", known) + Nearest.question(word, known));
        }
        return word;
    }

    private static List<String> known(FactName fact) {
        Set<String> words = new LinkedHashSet<>();
        ReviewProfiles.rules().forEach(rule -> words.addAll(rule.wordsAsked(fact)));
        words.addAll(UNLISTED.getOrDefault(fact, List.of()));
        return new ArrayList<>(words);
    }
}
