package org.flopledger.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the measured figures that come with the tests, in {@code org/flopledger/oracles}. */
public final class Oracles {

    private static final String FOLDER = "/org/flopledger/oracles/";

    private Oracles() {}

    /** Returns whether a file of figures of this name comes with the tests. */
    public static boolean has(String name) {
        return Oracles.class.getResource(FOLDER + name) != null;
    }

    /** Returns the whole file of figures with this name. */
    public static JsonNode read(String name) {
        try (InputStream file = Oracles.class.getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw new IllegalArgumentException("oracle is " + name + ", must be a file of org/flopledger/oracles");
            }
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read oracle " + name, e);
        }
    }

    /** Returns the elements of an array. */
    public static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements;
    }
}
