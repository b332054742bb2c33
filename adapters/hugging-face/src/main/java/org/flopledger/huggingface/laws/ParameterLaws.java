package org.flopledger.huggingface.laws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.JsonFile;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of whole models by their type, towers included: laws measured by building each type with its fields varied
 * ({@code src/test/python/laws.py}). They say how many parameters there are and nothing of what is multiplied with what.
 */
public final class ParameterLaws {

    private ParameterLaws() {}

    /**
     * Returns how many parameters the described model holds; empty where no law of its type is known.
     *
     * @param stated a whole {@code config.json}
     * @param source name for messages
     * @throws DescriptionException if it states something that the law of its type does not cover; the message names the fields
     */
    public static OptionalLong total(ObjectNode stated, String source) {
        ParameterLaw law = of(stated);
        return law == null ? OptionalLong.empty() : OptionalLong.of(law.total(stated, source));
    }

    private static @Nullable ParameterLaw of(ObjectNode stated) {
        JsonNode type = stated.path("model_type");
        return type.isTextual() ? Data.LAWS.get(type.textValue()) : null;
    }

    /**
     * Returns what a law says beyond the number of parameters; empty where no law of the type covers what is stated.
     *
     * @param stated a whole {@code config.json}
     * @param source name for messages
     */
    public static Optional<LawFigures> figures(ObjectNode stated, String source) {
        ParameterLaw law = of(stated);
        try {
            return law == null
                    ? Optional.empty()
                    : Optional.of(new LawFigures(
                            law.total(stated, source),
                            law.lookups(stated, source),
                            law.positions(stated),
                            law.mentionsExperts(),
                            law.unknownCost()));
        } catch (DescriptionException e) {
            // What is stated is not covered, which is what empty says.
            return Optional.empty();
        }
    }

    /** Returns whether a law of this model type was measured. */
    public static boolean isKnown(String modelType) {
        return Data.LAWS.containsKey(modelType);
    }

    /** As {@link #total}, empty too where the law does not cover what is stated. */
    public static OptionalLong covered(ObjectNode stated, String source) {
        try {
            return total(stated, source);
        } catch (DescriptionException e) {
            return OptionalLong.empty();
        }
    }

    /** Loaded when the first law is asked for. */
    private static final class Data {

        private static final Map<String, ParameterLaw> LAWS = new TreeMap<>();

        static {
            ObjectNode file = JsonFile.compressedResource(ParameterLaws.class, "laws.json.gz");
            Pattern silent = Pattern.compile(file.get("silent").textValue());
            file.get("laws").forEach(law -> LAWS.put(law.get("type").textValue(), ParameterLaw.of(law, silent)));
        }

        private Data() {}
    }
}
