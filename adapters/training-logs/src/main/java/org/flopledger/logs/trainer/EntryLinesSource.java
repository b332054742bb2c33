package org.flopledger.logs.trainer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.LineReader;
import org.jspecify.annotations.Nullable;

/** Logs of a trainer with one JSON object a line. */
abstract class EntryLinesSource extends EntrySource {

    private static final JsonFactory JSON = JsonLimits.factory();

    EntryLinesSource(String label) {
        super(label);
    }

    @Override
    @Nullable
    Map<String, BigDecimal> entry(LineReader line, Map<String, String> texts) {
        if (!line.hasText()) {
            return null;
        }
        try (JsonParser parser = JSON.createParser(line.bytes(), line.from(), line.to() - line.from())) {
            return parser.nextToken() == JsonToken.START_OBJECT ? members(parser, texts) : null;
        } catch (IOException e) {
            // A cut or damaged line tells nothing; the others do.
            return null;
        }
    }

    private static Map<String, BigDecimal> members(JsonParser parser, Map<String, String> texts) throws IOException {
        Map<String, BigDecimal> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value.isNumeric() && !parser.isNaN()) {
                members.put(name, parser.getDecimalValue());
            } else if (value == JsonToken.VALUE_STRING) {
                texts.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return members;
    }
}
