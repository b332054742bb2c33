package org.flopledger.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the measured figures that lie beside the checkout; tests that need them are skipped where they are absent. */
public final class Oracles {

    private Oracles() {}

    /** Returns the whole file of figures with this name. */
    public static JsonNode read(String name) {
        String shared = System.getProperty("flopledger.shared");
        assumeTrue(shared != null, "flopledger.shared is not set");
        Path file = Path.of(shared, "oracles", name);
        assumeTrue(Files.isReadable(file), "no oracle at " + file);
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    /** Returns the elements of an array. */
    public static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements;
    }
}
