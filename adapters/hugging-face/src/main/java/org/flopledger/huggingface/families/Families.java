package org.flopledger.huggingface.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.flopledger.huggingface.description.JsonFile;
import org.flopledger.huggingface.parts.FamilyReader;
import org.jspecify.annotations.Nullable;

/**
 * The families that are known; their defaults are data, in {@code defaults.json}.
 *
 * <p>What is said here was compared with the models that transformers 5.18 builds.
 */
public final class Families {

    private static final Map<String, Family> ALL = withDefaults(readers());

    private Families() {}

    /** Returns the family of this model type, or null if it is not known. */
    public static @Nullable Family named(String modelType) {
        return ALL.get(modelType);
    }

    /** Returns the names of all families, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    private static Map<String, FamilyReader> readers() {
        Map<String, FamilyReader> readers = new TreeMap<>();
        LlamaLike.addTo(readers);
        Qwen.addTo(readers);
        Gemma.addTo(readers);
        Mixtures.addTo(readers);
        Latent.addTo(readers);
        Older.addTo(readers);
        Recurrent.addTo(readers);
        Encoders.addTo(readers);
        Vision.addTo(readers);
        EncoderDecoders.addTo(readers);
        return readers;
    }

    private static Map<String, Family> withDefaults(Map<String, FamilyReader> readers) {
        ObjectNode defaults =
                (ObjectNode) JsonFile.resource(Families.class, "defaults.json").get("families");
        Map<String, Family> families = new TreeMap<>();
        readers.forEach((name, reader) -> families.put(
                name, new Family(name, (ObjectNode) Objects.requireNonNull(defaults.get(name), name), reader)));
        return families;
    }
}
