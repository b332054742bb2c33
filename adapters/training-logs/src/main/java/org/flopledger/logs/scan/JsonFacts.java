package org.flopledger.logs.scan;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a JSON document keeps of its outermost object: names, numbers, and the texts that are asked for.
 *
 * <p>Texts are an allow-list, so that no name, address or path leaves a reader by accident. Memory is bounded whatever the size of
 * the document; above {@value #MOST_NAMES} names, further ones are not kept. Immutable once read.
 */
public final class JsonFacts {

    private static final int MOST_NAMES = 4096;
    private static final int LARGEST_EXPONENT = 60;

    private final Map<String, BigDecimal> figures = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> innerNames = new HashSet<>();
    private boolean followedByMore;

    private JsonFacts() {}

    /** Reads arrays of the outermost object that are worth more than skipping. */
    @FunctionalInterface
    public interface ArrayReader {

        /** Skips every array. */
        ArrayReader NONE = (name, parser) -> false;

        /**
         * Reads an array at whose beginning the parser stands, to its end; returns false, without moving, if it is not wanted.
         *
         * @throws IOException if the array is cut or malformed
         */
        boolean read(String name, JsonParser parser) throws IOException;
    }

    /**
     * Reads one JSON value to its end.
     *
     * @param parser stands before the value
     * @param wantedTexts names whose text values are kept
     * @param arrays asked at every array of the outermost object
     * @throws com.fasterxml.jackson.core.JsonProcessingException if it is cut, malformed or above a limit
     */
    public static JsonFacts read(JsonParser parser, Set<String> wantedTexts, ArrayReader arrays) throws IOException {
        var facts = new JsonFacts();
        if (parser.nextToken() == JsonToken.START_OBJECT) {
            facts.object(parser, wantedTexts, arrays);
        } else {
            parser.skipChildren();
        }
        facts.followedByMore = parser.nextToken() != null;
        return facts;
    }

    private void object(JsonParser parser, Set<String> wantedTexts, ArrayReader arrays) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            add(names, name);
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT) {
                inner(parser);
            } else if (value == JsonToken.START_ARRAY) {
                if (!arrays.read(name, parser)) {
                    parser.skipChildren();
                }
            } else if (value == JsonToken.VALUE_STRING && wantedTexts.contains(name)) {
                texts.put(name, parser.getText());
            } else if (value != null && value.isScalarValue()) {
                keep(name, figure(parser));
            }
        }
    }

    private void inner(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            add(innerNames, parser.currentName());
            parser.nextToken();
            parser.skipChildren();
        }
    }

    private void keep(String name, @Nullable BigDecimal figure) {
        if (figure != null && (figures.size() < MOST_NAMES || figures.containsKey(name))) {
            figures.put(name, figure);
        }
    }

    private static void add(Set<String> names, String name) {
        if (names.size() < MOST_NAMES) {
            names.add(name);
        }
    }

    /**
     * Returns the number at which a parser stands, also one written as text; null if it is none, negative, not finite or beyond
     * 10^60.
     */
    public static @Nullable BigDecimal figure(JsonParser parser) throws IOException {
        BigDecimal figure = null;
        if (parser.currentToken().isNumeric() && !parser.isNaN()) {
            figure = decimal(parser);
        } else if (parser.currentToken() == JsonToken.VALUE_STRING && parser.getTextLength() <= 20) {
            String text = parser.getText().strip();
            figure = text.matches("\\d{1,18}") ? new BigDecimal(text) : null;
        }
        boolean sensible = figure != null
                && figure.signum() >= 0
                && Math.abs((long) figure.scale()) <= LARGEST_EXPONENT
                && figure.precision() <= LARGEST_EXPONENT;
        return sensible ? figure : null;
    }

    private static @Nullable BigDecimal decimal(JsonParser parser) throws IOException {
        try {
            return parser.getDecimalValue();
        } catch (JsonParseException | NumberFormatException e) {
            // The syntax is fine; the exponent is beyond what a decimal holds, and Jackson says so in either way.
            return null;
        }
    }

    /** Returns a number of the outermost object, or null if it is absent or not sensible. */
    public @Nullable BigDecimal figure(String name) {
        return figures.get(name);
    }

    /** Returns a number as a whole one, or null if it is absent or not whole. */
    public @Nullable Long whole(String name) {
        BigDecimal figure = figures.get(name);
        return figure == null ? null : whole(figure);
    }

    /** Returns a number as a whole one, or null if it is not whole or 2^63 or more. */
    public static @Nullable Long whole(BigDecimal figure) {
        BigDecimal stripped = figure.stripTrailingZeros();
        if (stripped.scale() > 0 || stripped.precision() - stripped.scale() > 19) {
            return null;
        }
        BigInteger integer = stripped.toBigIntegerExact();
        return integer.bitLength() < Long.SIZE ? Long.valueOf(integer.longValue()) : null;
    }

    /** Returns a text that was asked for, or null. */
    public @Nullable String text(String name) {
        return texts.get(name);
    }

    /** Returns the names of the outermost object. */
    public Set<String> names() {
        return Set.copyOf(names);
    }

    /** Returns whether the outermost object has a member of this name. */
    public boolean has(String name) {
        return names.contains(name);
    }

    /** Returns whether an object inside the outermost one has a member of this name. */
    public boolean hasInside(String name) {
        return innerNames.contains(name);
    }

    /** Returns whether another JSON value follows, as in JSON lines. */
    public boolean isFollowedByMore() {
        return followedByMore;
    }
}
