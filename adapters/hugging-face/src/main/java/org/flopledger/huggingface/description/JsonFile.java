package org.flopledger.huggingface.description;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Reads one JSON object of bounded size, depth and numbers. */
public final class JsonFile {

    /** Real files have a few kilobytes; label lists of classifiers reach a megabyte. */
    public static final int MOST_BYTES = 16 << 20;

    public static final int MOST_DEPTH = 64;
    public static final int LONGEST_NUMBER = 200;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxStringLength(1 << 20)
                            .maxNameLength(1 << 10)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    // Python writes Infinity and NaN, for example in Mamba-2's time_step_limit.
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonFile() {}

    /**
     * Returns the object in a file.
     *
     * @throws DescriptionException if the file cannot be read, is too large or holds no JSON object
     */
    public static ObjectNode read(Path file) {
        String name = String.valueOf(file.getFileName());
        try (InputStream stream = Files.newInputStream(file)) {
            return parse(stream.readNBytes(MOST_BYTES + 1), name);
        } catch (NoSuchFileException e) {
            throw new DescriptionException(name + ": no such file", e);
        } catch (IOException e) {
            throw new DescriptionException(name + ": cannot be read", e);
        }
    }

    /** Returns the object in a data file that lies beside a class. */
    public static ObjectNode resource(Class<?> beside, String name) {
        try (InputStream stream = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            return parse(stream.readAllBytes(), name);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read resource " + name, e);
        }
    }

    /** As {@link #resource}, of a file compressed by gzip. */
    public static ObjectNode compressedResource(Class<?> beside, String name) {
        try (InputStream stream = new GZIPInputStream(Objects.requireNonNull(beside.getResourceAsStream(name), name))) {
            return parse(stream.readAllBytes(), name);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read resource " + name, e);
        }
    }

    /** Returns the object in these bytes; {@code source} names them in messages. */
    public static ObjectNode parse(byte[] json, String source) {
        if (json.length > MOST_BYTES) {
            throw new DescriptionException(source + ": is larger than " + MOST_BYTES + " bytes, the most that is read");
        }
        JsonNode root = tree(json, source);
        if (!(root instanceof ObjectNode object)) {
            throw new DescriptionException(source + ": $ is " + ShownValue.of(root)
                    + ", must be a JSON object such as {\"model_type\": \"llama\"}");
        }
        return object;
    }

    private static JsonNode tree(byte[] json, String source) {
        try (JsonParser parser = MAPPER.createParser(withoutByteOrderMark(json))) {
            return tree(parser, source);
        } catch (IOException e) {
            throw new DescriptionException(source + ": is not text in UTF-8", e);
        }
    }

    private static JsonNode tree(JsonParser parser, String source) throws IOException {
        try {
            JsonNode root = MAPPER.readTree(parser);
            return root == null ? MissingNode.getInstance() : root;
        } catch (JsonProcessingException e) {
            String where = ShownValue.shortened(
                    parser.getParsingContext().pathAsPointer().toString(), 100);
            throw new DescriptionException(
                    source + ": is not JSON that can be read" + at(e.getLocation())
                            + (where.isEmpty() ? "" : " in " + where) + ": " + oneLine(e.getOriginalMessage()),
                    e);
        }
    }

    private static byte[] withoutByteOrderMark(byte[] json) {
        boolean marked =
                json.length >= 3 && (json[0] & 0xFF) == 0xEF && (json[1] & 0xFF) == 0xBB && (json[2] & 0xFF) == 0xBF;
        return marked ? Arrays.copyOfRange(json, 3, json.length) : json;
    }

    private static String at(JsonLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static String oneLine(String message) {
        return ShownValue.shortened(message.lines().findFirst().orElse(""), 200);
    }
}
