package org.flopledger.logs.metric;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what the columns, tags and metrics of a tracker mean. Immutable; data, nothing in it is executed.
 *
 * <p>A mapping file is JSON:
 *
 * <pre>{@code
 * {"schema": "flopledger.mapping/1", "name": "my-trainer", "firstStep": 0, "includes": ["trackers"],
 *  "columns": [{"name": "seen_tokens", "means": "tokens", "counts": "total", "of": "all", "unit": "million"}]}
 * }</pre>
 *
 * The first column whose name matches counts, so a file's own columns come before those it includes.
 */
public final class ColumnMapping {

    private static final long LARGEST_FILE = 1 << 20;

    private final String name;
    private final @Nullable Long firstStep;
    private final List<Column> columns;

    ColumnMapping(String name, @Nullable Long firstStep, List<Column> columns) {
        this.name = name;
        this.firstStep = firstStep;
        this.columns = List.copyOf(columns);
    }

    /**
     * Reads a mapping file.
     *
     * @throws MappingException if it is no mapping; the message names the field
     * @throws IOException if it cannot be read
     */
    public static ColumnMapping read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new MappingException(
                    "the mapping has " + Files.size(file) + " bytes, must be at most " + LARGEST_FILE);
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return MappingReader.read(stream);
        }
    }

    /**
     * Returns a mapping that comes with the library: {@code trackers}, {@code tensorboard}, {@code wandb}, {@code mlflow},
     * {@code neptune}, {@code lightning-csv}, {@code keras-csv}, {@code ultralytics-csv}.
     *
     * @throws MappingException if there is none of that name
     */
    public static ColumnMapping named(String name) {
        if (!name.matches("[a-z][a-z0-9-]{0,39}")) {
            throw new MappingException("no mapping has such a name");
        }
        try (InputStream stream = ColumnMapping.class.getResourceAsStream("mappings/" + name + ".json")) {
            if (stream == null) {
                throw new MappingException("no mapping is named " + name);
            }
            return MappingReader.read(stream);
        } catch (IOException e) {
            throw new IllegalStateException("mapping " + name + " cannot be read", e);
        }
    }

    static ColumnMapping of(JsonNode json, List<ColumnMapping> included, List<Column> own) {
        var columns = new ArrayList<>(own);
        JsonNode first = json.get("firstStep");
        Long firstStep = first == null || first.isNull() ? null : Long.valueOf(first.longValue());
        for (ColumnMapping other : included) {
            columns.addAll(other.columns);
        }
        return new ColumnMapping(json.path("name").asText(), firstStep, columns);
    }

    /** Returns its name. */
    public String name() {
        return name;
    }

    /** Returns the number that the trainer gives its first step, or null if the mapping does not say. */
    public @Nullable Long firstStep() {
        return firstStep;
    }

    /** Returns what a name means, or null if the mapping does not know it. */
    public @Nullable Column column(String wanted) {
        String plain = wanted.strip();
        for (Column column : columns) {
            if (column.matches(plain)) {
                return column;
            }
        }
        return null;
    }

    /** Returns the place of a column; what comes first counts. */
    int rank(Column column) {
        return columns.indexOf(column);
    }

    /** Returns the power of ten or share that a unit stands for, or null if it is not known. */
    static @Nullable BigDecimal unit(String unit) {
        return switch (unit) {
            case "1", "s", "token", "sequence", "flop" -> BigDecimal.ONE;
            case "thousand", "kiloflop" -> new BigDecimal("1e3");
            case "million", "megaflop" -> new BigDecimal("1e6");
            case "billion", "gigaflop" -> new BigDecimal("1e9");
            case "trillion", "teraflop" -> new BigDecimal("1e12");
            case "petaflop" -> new BigDecimal("1e15");
            case "exaflop" -> new BigDecimal("1e18");
            case "ms" -> new BigDecimal("1e-3");
            case "us" -> new BigDecimal("1e-6");
            case "ns" -> new BigDecimal("1e-9");
            case "min" -> new BigDecimal("60");
            case "h" -> new BigDecimal("3600");
            default -> null;
        };
    }
}
