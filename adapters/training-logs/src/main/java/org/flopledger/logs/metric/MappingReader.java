package org.flopledger.logs.metric;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Reads mapping files and says precisely what is wrong with one. Stateless. */
final class MappingReader {

    private static final String SCHEMA = "flopledger.mapping/1";
    private static final int MOST_COLUMNS = 1_000;
    private static final Set<String> FIELDS = Set.of("schema", "name", "about", "firstStep", "includes", "columns");
    private static final Set<String> COLUMN_FIELDS = Set.of("name", "means", "unit", "counts", "of", "axis", "stage");
    private static final ObjectMapper JSON = new ObjectMapper(JsonLimits.factory());

    private MappingReader() {}

    static ColumnMapping read(InputStream stream) throws IOException {
        JsonNode json;
        try {
            json = JSON.readTree(stream);
        } catch (JsonProcessingException e) {
            throw new MappingException("the mapping is not valid JSON at line "
                    + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()));
        }
        require(json.isObject(), "the mapping", "a JSON object");
        require(SCHEMA.equals(json.path("schema").asText()), "schema", SCHEMA);
        require(json.path("name").isTextual(), "name", "a text");
        known(json, FIELDS, "the mapping");
        JsonNode first = json.get("firstStep");
        require(first == null || first.isNull() || first.canConvertToLong(), "firstStep", "a whole number or null");
        JsonNode columns = json.path("columns");
        require(columns.isArray() && columns.size() <= MOST_COLUMNS, "columns", "a list of at most " + MOST_COLUMNS);
        var own = new ArrayList<Column>();
        for (JsonNode column : columns) {
            own.add(column(column, "columns[" + own.size() + "]"));
        }
        return ColumnMapping.of(json, included(json), own);
    }

    private static List<ColumnMapping> included(JsonNode json) {
        var included = new ArrayList<ColumnMapping>();
        for (JsonNode name : json.path("includes")) {
            // What comes with the library includes nothing that includes it back: its tests read each.
            included.add(ColumnMapping.named(name.asText()));
        }
        return included;
    }

    private static Column column(JsonNode json, String place) {
        require(json.isObject(), place, "a JSON object");
        known(json, COLUMN_FIELDS, place);
        String name = json.path("name").asText().strip().toLowerCase(Locale.ROOT);
        require(!name.isEmpty() && name.length() <= 200, place + ".name", "a text of 1 to 200 characters");
        Meaning means = Meaning.labelled(json.path("means").asText());
        if (means == null) {
            throw new MappingException(place + ".means must be one of the meanings, such as tokens or step");
        }
        BigDecimal scale = ColumnMapping.unit(json.path("unit").asText("1"));
        if (scale == null) {
            throw new MappingException(
                    place + ".unit must be a unit that is known, such as 1, million, s, ms, teraflop");
        }
        return new Column(
                name,
                means,
                scale,
                constant(Column.Counts.class, json, "counts", Column.Counts.AUTO, place),
                constant(Column.Scope.class, json, "of", Column.Scope.UNSAID, place),
                constant(Column.Axis.class, json, "axis", Column.Axis.STEP, place),
                stage(json, place));
    }

    private static @Nullable Stage stage(JsonNode json, String place) {
        Stage stage = constant(Stage.class, json, "stage", Stage.UNKNOWN, place);
        return stage == Stage.UNKNOWN ? null : stage;
    }

    private static <E extends Enum<E>> E constant(
            Class<E> type, JsonNode json, String field, E otherwise, String place) {
        if (!json.has(field)) {
            return otherwise;
        }
        String wanted = json.path(field).asText().toUpperCase(Locale.ROOT).replace('-', '_');
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(wanted)) {
                return constant;
            }
        }
        throw new MappingException(place + "." + field + " must be one of " + List.of(type.getEnumConstants()));
    }

    private static void known(JsonNode json, Set<String> fields, String place) {
        json.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                throw new MappingException(place + " has a field that is not known; known are "
                        + fields.stream().sorted().toList());
            }
        });
    }

    private static void require(boolean fulfilled, String place, String must) {
        if (!fulfilled) {
            throw new MappingException(place + " must be " + must);
        }
    }
}
