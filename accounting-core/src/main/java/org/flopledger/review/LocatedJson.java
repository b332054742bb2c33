package org.flopledger.review;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One place in a rule file, which knows its path, so that every complaint can name it.
 *
 * @param source the file, for messages
 * @param path where, such as {@code $.condition.all[0]}
 * @param node what is there
 */
record LocatedJson(String source, String path, JsonNode node) {

    /** Longest file in bytes. */
    static final int LONGEST_FILE = 256 * 1024;

    private static final int DEEPEST = 24;
    private static final int LONGEST_TEXT = 4_000;
    private static final int LONGEST_LIST = 200;
    private static final int MOST_TOKENS = 20_000;
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,30}(\\.[0-9]{1,10})?");

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(LONGEST_FILE)
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LONGEST_TEXT)
                            .maxNameLength(100)
                            .maxNumberLength(50)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Returns the root of a file.
     *
     * @throws IllegalArgumentException if it is not one JSON object within the limits
     */
    static LocatedJson parse(String source, byte[] bytes) {
        if (bytes.length > LONGEST_FILE) {
            throw new IllegalArgumentException(
                    source + ": $: file has " + bytes.length + " bytes, must have at most " + LONGEST_FILE);
        }
        try (JsonParser parser = JSON.createParser(bytes)) {
            return parse(source, parser);
        } catch (IOException e) {
            throw new UncheckedIOException(source + ": cannot be read from memory", e);
        }
    }

    private static LocatedJson parse(String source, JsonParser parser) throws IOException {
        try {
            JsonNode root = JSON.readTree(parser);
            if (root == null || !root.isObject()) {
                throw new IllegalArgumentException(source + ": $: must be one JSON object");
            }
            return new LocatedJson(source, "$", root);
        } catch (JsonProcessingException e) {
            String where = pointerAsPath(parser);
            String line = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw new IllegalArgumentException(
                    source + ": " + where + ": not readable JSON" + line + ": "
                            + MessageText.brief(e.getOriginalMessage()),
                    e);
        }
    }

    private static String pointerAsPath(JsonParser parser) {
        String pointer = parser.getParsingContext().pathAsPointer().toString();
        StringBuilder path = new StringBuilder("$");
        for (String part : pointer.isEmpty()
                ? List.<String>of()
                : Arrays.asList(pointer.substring(1).split("/", -1))) {
            boolean index = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
            path.append(index ? "[" + part + "]" : "." + part);
        }
        return MessageText.brief(path.toString());
    }

    IllegalArgumentException error(String message) {
        return new IllegalArgumentException(source + ": " + path + ": " + message);
    }

    /** Checks that this is an object with no other keys than these. */
    LocatedJson only(Set<String> allowed) {
        if (!node.isObject()) {
            throw error("is " + kind() + ", must be an object");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!allowed.contains(name)) {
                throw new LocatedJson(source, path + "." + MessageText.brief(name), node)
                        .error("unknown key, allowed are "
                                + String.join(", ", allowed.stream().sorted().toList()));
            }
        }
        return this;
    }

    boolean has(String key) {
        return node.has(key);
    }

    /** Returns the names of an object's keys in file order. */
    List<String> keys() {
        if (!node.isObject()) {
            throw error("is " + kind() + ", must be an object");
        }
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    LocatedJson at(String key) {
        LocatedJson found = find(key);
        if (found == null) {
            throw error("key '" + key + "' is missing");
        }
        return found;
    }

    @Nullable
    LocatedJson find(String key) {
        JsonNode child = node.get(key);
        return child == null ? null : new LocatedJson(source, path + "." + MessageText.brief(key), child);
    }

    String text() {
        if (!node.isTextual() || node.textValue().isBlank()) {
            throw error("is " + kind() + ", must be text that is not blank");
        }
        return node.textValue();
    }

    String id() {
        String text = text();
        if (!ID.matcher(text).matches()) {
            throw error("is '" + MessageText.brief(text) + "', must be 1 to 64 lower-case letters, digits and hyphens");
        }
        return text;
    }

    boolean flag() {
        if (!node.isBoolean()) {
            throw error("is " + kind() + ", must be true or false");
        }
        return node.booleanValue();
    }

    LocalDate date() {
        try {
            return LocalDate.parse(text());
        } catch (DateTimeParseException e) {
            throw error("is '" + MessageText.brief(text()) + "', must be a date such as 2026-11-20");
        }
    }

    /** Returns an exact decimal, written as text so that no reader rounds it. */
    BigDecimal decimal() {
        String text = text();
        if (!DECIMAL.matcher(text).matches()) {
            throw error("is '" + MessageText.brief(text) + "', must be a decimal number in quotes such as \"0.30\"");
        }
        return new BigDecimal(text);
    }

    <E extends Enum<E>> E oneOf(Class<E> type) {
        String text = text();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw error("is '" + MessageText.brief(text) + "', must be one of " + Arrays.toString(type.getEnumConstants()));
    }

    /** Returns the entries of a list that has at least one. */
    List<LocatedJson> items() {
        if (!node.isArray() || node.isEmpty()) {
            throw error("is " + kind() + ", must be a list with at least one entry");
        }
        if (node.size() > LONGEST_LIST) {
            throw error("has " + node.size() + " entries, must have at most " + LONGEST_LIST);
        }
        List<LocatedJson> items = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            items.add(new LocatedJson(source, path + "[" + i + "]", node.get(i)));
        }
        return items;
    }

    List<String> texts() {
        return items().stream().map(LocatedJson::text).toList();
    }

    private String kind() {
        return switch (node.getNodeType()) {
            case ARRAY -> node.isEmpty() ? "an empty list" : "a list";
            case OBJECT, POJO -> "an object";
            case STRING -> node.textValue().isBlank() ? "blank text" : "text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL, MISSING -> "null";
            case BINARY -> "bytes";
        };
    }
}
