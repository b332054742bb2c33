package org.flopledger.estimation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.flopledger.units.FlopRate;
import org.flopledger.units.NumericFormat;

/**
 * Accelerators by name, read from data.
 *
 * <p>Immutable and thread-safe.
 */
public final class AcceleratorTable {

    private static final String RESOURCE = "accelerators.json";
    private static final Pattern TRADEMARKS = Pattern.compile("\\((r|tm)\\)");
    private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]+");

    private final String version;
    private final List<Accelerator> accelerators;
    private final Map<String, Accelerator> byName = new HashMap<>();
    private final Map<String, Accelerator> byWords = new HashMap<>();

    private AcceleratorTable(String version, List<Accelerator> accelerators) {
        this.version = version;
        this.accelerators = List.copyOf(accelerators);
        for (Accelerator accelerator : accelerators) {
            register(accelerator.id(), accelerator);
            register(accelerator.name(), accelerator);
            accelerator.aliases().forEach(alias -> register(alias, accelerator));
        }
    }

    private void register(String name, Accelerator accelerator) {
        byWords.put(words(name), accelerator);
        Accelerator other = byName.put(plain(name), accelerator);
        if (other != null && !other.equals(accelerator)) {
            throw new IllegalArgumentException(
                    "alias " + name + " of " + accelerator.id() + " is taken by " + other.id() + ", must be its own");
        }
    }

    /** Returns the table that comes with the library. */
    public static AcceleratorTable standard() {
        try (InputStream data = AcceleratorTable.class.getResourceAsStream(RESOURCE)) {
            if (data == null) {
                throw new IllegalStateException(RESOURCE + " is absent from the library");
            }
            return parse(data);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    /**
     * Returns the table in this JSON: {@code version} and {@code accelerators}, each with the fields of {@link Accelerator}.
     *
     * @throws IOException if the bytes cannot be read
     * @throws IllegalArgumentException if they are no such JSON; the message names accelerator and field
     */
    public static AcceleratorTable parse(InputStream json) throws IOException {
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
        return new AcceleratorTable(required(root, "table", "version").asText(), accelerators);
    }

    private static Accelerator accelerator(JsonNode node) {
        String id = required(node, "accelerator", "id").asText();
        Map<NumericFormat, FlopRate> peaks = new EnumMap<>(NumericFormat.class);
        required(node, id, "densePeakTera")
                .properties()
                .forEach(peak -> peaks.put(
                        format(id, peak.getKey()),
                        FlopRate.ofTera(positive(id, "densePeakTera " + peak.getKey(), peak.getValue()))));
        if (peaks.isEmpty()) {
            throw new IllegalArgumentException("densePeakTera of " + id + " is empty, must name a format");
        }
        List<String> aliases = new ArrayList<>();
        required(node, id, "aliases").forEach(alias -> aliases.add(alias.asText()));
        return new Accelerator(
                id,
                required(node, id, "name").asText(),
                peaks,
                positive(id, "memoryGigabytes", required(node, id, "memoryGigabytes")),
                positive(id, "memoryGigabytesPerSecond", required(node, id, "memoryGigabytesPerSecond")),
                optional(node, id, "powerWatts"),
                optional(node, id, "interconnectGigabytesPerSecond"),
                optional(node, id, "dieSquareMillimetres"),
                aliases,
                required(node, id, "source").asText());
    }

    private static NumericFormat format(String id, String name) {
        for (NumericFormat format : NumericFormat.values()) {
            if (format.name().equals(name)) {
                return format;
            }
        }
        throw new IllegalArgumentException("densePeakTera of " + id + " names format " + name + ", must be one of "
                + List.of(NumericFormat.values()));
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

    /** Returns the version of the data, a date. */
    public String version() {
        return version;
    }

    /** Returns every accelerator, in the order of the data. */
    public List<Accelerator> accelerators() {
        return accelerators;
    }

    /**
     * Returns the accelerator of this name: its id, name or alias, or a longer text that contains one, such as {@code NVIDIA
     * H100-SXM5-80GB (2x PCIe Gen5)}. Case, blanks and punctuation do not matter. Empty if none fits, or if the text leaves
     * the variant open.
     */
    public Optional<Accelerator> find(String name) {
        Accelerator exact = byName.get(plain(name));
        if (exact != null) {
            return Optional.of(exact);
        }
        String wanted = words(name);
        return byWords.keySet().stream()
                .filter(wanted::contains)
                .max((a, b) -> Integer.compare(a.length(), b.length()))
                .map(byWords::get);
    }

    /** Returns the words of a name between blanks, so that {@code a10} is no part of {@code a100}. */
    private static String words(String name) {
        String bare = TRADEMARKS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
        return " " + SEPARATORS.matcher(bare).replaceAll(" ").strip() + " ";
    }

    private static String plain(String name) {
        return words(name).replace(" ", "");
    }
}
