package org.flopledger.logs.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.RowLog;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.LineReader;

/** Reads a file row by row into metrics, a table or lines of JSON. Stateless. */
final class Tables {

    private static final JsonFactory JSON = JsonLimits.factory();
    private static final int DEEPEST = 4;
    private static final String CHART_SUFFIX = "__MIN";
    private static final String CHART_SEPARATOR = " - ";

    private Tables() {}

    /**
     * What a table tells.
     *
     * @param rows the metrics of its runs
     * @param first the head and the first row, which never change as the table grows
     * @param lines rows that hold something
     */
    record Table(RowLog rows, String first, long lines) {}

    /** Reads a table with a head. */
    static Table table(LogFile file, ColumnMapping mapping) throws IOException {
        var rows = new RowLog(mapping);
        var first = new StringBuilder();
        long count = 0;
        try (InputStream stream = file.open()) {
            var reader = new TableReader(
                    stream,
                    TableReader.charset(file.head()),
                    TableReader.delimiter(TableReader.firstLine(file.head())));
            if (!reader.next()) {
                return new Table(rows, "", 0);
            }
            List<String> names = List.copyOf(reader.cells());
            boolean chart = names.stream().anyMatch(name -> name.endsWith(CHART_SUFFIX));
            first.append(names);
            while (reader.next()) {
                count++;
                if (!isRow(reader, names, file)) {
                    continue;
                }
                if (count == 1) {
                    first.append(reader.cells());
                }
                if (chart) {
                    chartRow(names, reader.cells(), rows);
                } else {
                    row(names, reader.cells(), rows);
                }
            }
        }
        return new Table(rows, first.toString(), count);
    }

    private static boolean isRow(TableReader reader, List<String> names, LogFile file) {
        if (reader.isTooLong()) {
            file.reject(RejectionReason.LINE_TOO_LONG, reader.line());
        } else if (reader.isConflictMarker()) {
            file.reject(RejectionReason.CONFLICT_MARKER, reader.line());
        } else if (reader.cells().size() != names.size()) {
            file.reject(RejectionReason.UNEVEN_ROW, reader.line());
        } else {
            // Tables that several processes append to repeat their head.
            return !reader.cells().equals(names);
        }
        return false;
    }

    private static void row(List<String> names, List<String> cells, RowLog rows) {
        for (int i = 0; i < names.size(); i++) {
            rows.put(names.get(i), cells.get(i));
        }
        rows.endRow();
    }

    /** An exported chart of W&amp;B has columns {@code run - metric}, each with its least and most: a row tells of many runs. */
    private static void chartRow(List<String> names, List<String> cells, RowLog rows) {
        for (int i = 1; i < names.size(); i++) {
            String name = names.get(i);
            int cut = name.indexOf(CHART_SEPARATOR);
            if (cut < 0
                    || name.endsWith(CHART_SUFFIX)
                    || name.endsWith("__MAX")
                    || cells.get(i).isEmpty()) {
                continue;
            }
            rows.put("run", name.substring(0, cut));
            rows.put(names.get(0), cells.get(0));
            rows.put(name.substring(cut + CHART_SEPARATOR.length()), cells.get(i));
            rows.endRow();
        }
    }

    /** Reads lines of JSON objects; names inside of objects are joined with dots. */
    static Table jsonLines(LogFile file, ColumnMapping mapping) throws IOException {
        var rows = new RowLog(mapping);
        String first = "";
        long count = 0;
        try (InputStream stream = file.open()) {
            var lines = new LineReader(stream);
            while (lines.next()) {
                if (lines.isTooLong()) {
                    file.reject(RejectionReason.LINE_TOO_LONG, lines.number());
                } else if (lines.hasText()) {
                    count++;
                    if (!jsonRow(lines, rows)) {
                        file.reject(RejectionReason.MALFORMED_RECORD, lines.number());
                    } else if (first.isEmpty()) {
                        first = lines.text();
                    }
                }
            }
        }
        return new Table(rows, first, count);
    }

    private static boolean jsonRow(LineReader line, RowLog rows) throws IOException {
        boolean sound;
        try (JsonParser parser = JSON.createParser(line.bytes(), line.from(), line.to() - line.from())) {
            sound = parser.nextToken() == JsonToken.START_OBJECT;
            if (sound) {
                object(parser, "", 0, rows);
            }
        } catch (JsonProcessingException e) {
            sound = false;
        }
        return rows.endRow() && sound;
    }

    private static void object(JsonParser parser, String prefix, int depth, RowLog rows) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = prefix + parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && depth < DEEPEST) {
                object(parser, name + ".", depth + 1, rows);
            } else if (value.isNumeric()) {
                rows.put(name, parser.getDoubleValue());
            } else if (value == JsonToken.VALUE_STRING) {
                rows.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
    }
}
