package org.flopledger.logs.mlperf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.flopledger.logs.scan.JsonLimits;
import org.jspecify.annotations.Nullable;

/** Reads the few members of a record's JSON that are of use, and passes by the rest. Stateless. */
final class RecordJson {

    private static final JsonFactory JSON = JsonLimits.factory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private RecordJson() {}

    /**
     * Returns the object that begins between two places of an array, with the members that are of use; null if it is none.
     *
     * @param metadata names of the metadata's members that are kept
     */
    static @Nullable ObjectNode read(byte[] bytes, int from, int to, Set<String> metadata) {
        try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
            return object(parser, metadata);
        } catch (IOException e) {
            return readLeniently(new String(bytes, from, to - from, StandardCharsets.UTF_8), metadata);
        }
    }

    /** Another rank's half line may have cut a character in two: the figures are ASCII all the same. */
    private static @Nullable ObjectNode readLeniently(String text, Set<String> metadata) {
        try (JsonParser parser = JSON.createParser(text)) {
            return object(parser, metadata);
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable ObjectNode object(JsonParser parser, Set<String> metadata) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return null;
        }
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT && name.equals("metadata")) {
                object.set(name, members(parser, metadata));
            } else if (token.isScalarValue() && isUseful(name)) {
                object.set(name, scalar(parser));
            } else {
                parser.skipChildren();
            }
        }
        return object;
    }

    private static boolean isUseful(String name) {
        return name.equals("key") || name.equals("time_ms") || name.equals("value");
    }

    private static ObjectNode members(JsonParser parser, Set<String> kept) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token.isScalarValue() && kept.contains(name)) {
                object.set(name, scalar(parser));
            } else {
                parser.skipChildren();
            }
        }
        return object;
    }

    private static JsonNode scalar(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? NODES.numberNode(parser.getBigIntegerValue())
                        : NODES.numberNode(parser.getLongValue());
            case VALUE_NULL -> NODES.nullNode();
            default -> MissingNode.getInstance();
        };
    }
}
