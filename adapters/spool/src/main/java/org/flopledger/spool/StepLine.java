package org.flopledger.spool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line, taken apart: each field is of its kind and in its range, nothing more is known of it. Read again for each line. */
final class StepLine {

    /** The version that is read here. */
    private static final long VERSION = 1;

    private static final int LONGEST_TEXT = 4_096;
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(StepLines.LONGEST_LINE)
                    .maxNameLength(LONGEST_TEXT)
                    .build())
            .build();

    private final Map<LineField, Object> values = new EnumMap<>(LineField.class);

    /**
     * Reads a line in place of the one before.
     *
     * @throws LineException if it is refused
     */
    void read(byte[] buffer, int offset, int length) throws LineException {
        values.clear();
        try (JsonParser parser = JSON.createParser(buffer, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new LineException(LineFault.NOT_JSON, "is not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                LineField field = LineField.of(parser.currentName());
                JsonToken token = parser.nextToken();
                if (field == null) {
                    parser.skipChildren();
                } else if (token != JsonToken.VALUE_NULL) {
                    values.put(field, value(parser, token, field));
                }
            }
            if (parser.nextToken() != null) {
                throw new LineException(LineFault.NOT_JSON, "goes on after its JSON object");
            }
        } catch (IOException e) {
            // What the parser says may hold text of the line.
            throw new LineException(LineFault.NOT_JSON, "is not JSON that is read here");
        }
        if (number(LineField.V) != VERSION) {
            throw new LineException(LineFault.UNKNOWN_VERSION, "v is " + number(LineField.V) + ", must be " + VERSION);
        }
    }

    private static Object value(JsonParser parser, JsonToken token, LineField field) throws IOException, LineException {
        return switch (field.kind()) {
            case INT, LONG -> integer(parser, token, field);
            case REAL -> real(parser, token, field);
            case TEXT -> text(parser, token, field);
            case TRUTH -> {
                require(token.isBoolean(), field, "true or false");
                yield token == JsonToken.VALUE_TRUE;
            }
            case OBJECT -> {
                require(token == JsonToken.START_OBJECT, field, "an object");
                yield copy(parser);
            }
        };
    }

    private static Long integer(JsonParser parser, JsonToken token, LineField field) throws IOException, LineException {
        require(token == JsonToken.VALUE_NUMBER_INT, field, "a whole number");
        JsonParser.NumberType type = parser.getNumberType();
        boolean fits = type == JsonParser.NumberType.INT
                || (type == JsonParser.NumberType.LONG && field.kind() == LineField.Kind.LONG);
        if (!fits) {
            throw new LineException(LineFault.OUT_OF_RANGE, field.key() + " does not fit");
        }
        return parser.getLongValue();
    }

    private static Double real(JsonParser parser, JsonToken token, LineField field) throws IOException, LineException {
        require(token.isNumeric(), field, "a number");
        return parser.getDoubleValue();
    }

    private static String text(JsonParser parser, JsonToken token, LineField field) throws IOException, LineException {
        require(token == JsonToken.VALUE_STRING, field, "a text");
        String text = parser.getText();
        if (text.isEmpty() || text.length() > LONGEST_TEXT) {
            throw new LineException(
                    LineFault.OUT_OF_RANGE,
                    field.key() + " has " + text.length() + " characters, must have 1 to " + LONGEST_TEXT);
        }
        return text;
    }

    private static byte[] copy(JsonParser parser) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(bytes)) {
            generator.copyCurrentStructure(parser);
        }
        return bytes.toByteArray();
    }

    private static void require(boolean holds, LineField field, String what) throws LineException {
        if (!holds) {
            throw new LineException(LineFault.WRONG_TYPE, field.key() + " must be " + what);
        }
    }

    boolean has(LineField field) {
        return values.containsKey(field);
    }

    /** Returns a whole number, or throws if the line has none. */
    long number(LineField field) throws LineException {
        return (Long) present(field);
    }

    double real(LineField field) throws LineException {
        return (Double) present(field);
    }

    String text(LineField field) throws LineException {
        return (String) present(field);
    }

    boolean truth(LineField field) throws LineException {
        return (Boolean) present(field);
    }

    /** Returns a text, or null if the line has none. */
    @Nullable
    String textOrNull(LineField field) {
        return (String) values.get(field);
    }

    /** Returns a whole number, or null if the line has none. */
    @Nullable
    Long numberOrNull(LineField field) {
        return (Long) values.get(field);
    }

    /** Returns the JSON of an object, or null if the line has none. */
    byte @Nullable [] object(LineField field) {
        return (byte[]) values.get(field);
    }

    /** Returns the constant that a field names. */
    <E extends Enum<E>> E word(LineField field, Class<E> words) throws LineException {
        String text = text(field);
        try {
            return Enum.valueOf(words, text);
        } catch (IllegalArgumentException e) {
            throw new LineException(LineFault.UNKNOWN_WORD, field.key() + " is none of the words it may be");
        }
    }

    private Object present(LineField field) throws LineException {
        Object value = values.get(field);
        if (value == null) {
            throw new LineException(LineFault.MISSING_FIELD, field.key() + " is missing");
        }
        return value;
    }
}
