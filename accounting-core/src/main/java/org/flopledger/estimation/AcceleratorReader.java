package org.flopledger.estimation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.flopledger.estimation.AcceleratorTable.RefusedDevice;
import org.flopledger.units.FlopRate;
import org.flopledger.units.NumericFormat;

/** Reads a table of accelerators from JSON. */
final class AcceleratorReader {

    private AcceleratorReader() {}

    /**
     * Returns the table in this JSON.
     *
     * @throws IOException if the bytes cannot be read
     * @throws IllegalArgumentException if they are no such JSON; the message names accelerator and field
     */
    static AcceleratorTable read(InputStream json) throws IOException {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("accelerator table is no JSON: " + e.getOriginalMessage(), e);
        }
        List<Accelerator> accelerators = new ArrayList<>();
        for (JsonNode node : required(root, "table", "accelerators")) {
            accelerators.add(accelerator(node));
        }
        List<RefusedDevice> refused = new ArrayList<>();
        for (JsonNode node : root.path("refused")) {
            refused.add(new RefusedDevice(
                    texts(required(node, "refused", "names")),
                    required(node, "refused", "why").asText()));
        }
        return new AcceleratorTable(required(root, "table", "version").asText(), accelerators, refused);
    }

    private static Accelerator accelerator(JsonNode node) {
        String id = required(node, "accelerator", "id").asText();
        Map<NumericFormat, FlopRate> peaks = new EnumMap<>(NumericFormat.class);
        required(node, id, "densePeakTera")
                .properties()
                .forEach(peak -> peaks.put(
                        format("densePeakTera of " + id, peak.getKey()),
                        FlopRate.ofTera(positive(id, "densePeakTera " + peak.getKey(), peak.getValue()))));
        if (peaks.isEmpty()) {
            throw new IllegalArgumentException("densePeakTera of " + id + " is empty, must name a format");
        }
        return new Accelerator(
                id,
                required(node, id, "name").asText(),
                peaks,
                unread(id, node),
                positive(id, "memoryGigabytes", required(node, id, "memoryGigabytes")),
                positive(id, "memoryGigabytesPerSecond", required(node, id, "memoryGigabytesPerSecond")),
                optional(node, id, "powerWatts"),
                optional(node, id, "interconnectGigabytesPerSecond"),
                optional(node, id, "dieSquareMillimetres"),
                frameworkDevices(id, node),
                texts(required(node, id, "aliases")),
                required(node, id, "source").asText());
    }

    private static Set<NumericFormat> unread(String id, JsonNode node) {
        Set<NumericFormat> formats = EnumSet.noneOf(NumericFormat.class);
        node.path("unread").forEach(name -> formats.add(format("unread of " + id, name.asText())));
        return formats;
    }

    private static int frameworkDevices(String id, JsonNode node) {
        JsonNode value = node.get("frameworkDevices");
        return value == null ? 1 : Math.toIntExact((long) positive(id, "frameworkDevices", value));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static NumericFormat format(String field, String name) {
        for (NumericFormat format : NumericFormat.values()) {
            if (format.name().equals(name)) {
                return format;
            }
        }
        throw new IllegalArgumentException(
                field + " names format " + name + ", must be one of " + List.of(NumericFormat.values()));
    }

    private static JsonNode required(JsonNode node, String id, String field) {
        JsonNode value = node == null ? null : node.get(field);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException(field + " of " + id + " is absent, must be present");
        }
        return value;
    }

    private static OptionalDouble optional(JsonNode node, String id, String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? OptionalDouble.empty() : OptionalDouble.of(positive(id, field, value));
    }

    private static double positive(String id, String field, JsonNode value) {
        if (!value.isNumber() || !(value.asDouble() > 0)) {
            throw new IllegalArgumentException(field + " of " + id + " is " + value + ", must be a number above 0");
        }
        return value.asDouble();
    }
}
