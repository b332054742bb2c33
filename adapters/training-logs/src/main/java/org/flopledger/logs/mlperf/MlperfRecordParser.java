package org.flopledger.logs.mlperf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds the MLPerf records in a line of bytes: {@code :::MLLOG {json}} and, as rounds v0.6 wrote it,
 * {@code :::MLL <epoch seconds> key: {json}}.
 *
 * <p>The marker may stand anywhere: rank labels, colour codes, another rank's record or half of one may be before it. Confined
 * to one thread.
 */
final class MlperfRecordParser {

    private static final byte[] MARKER = ascii(":::ML");
    private static final byte[] RECORD = ascii(":::MLLOG");
    private static final byte[] OLD_RECORD = ascii(":::MLL ");
    private static final byte[] OLDEST_RECORD = ascii(":::MLP");
    private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1000);
    private static final BigDecimal LATEST_SECOND = BigDecimal.valueOf(100_000_000_000L);
    private static final int LONGEST_NUMBER = 32;

    private final ObjectMapper mapper;

    MlperfRecordParser(JsonFactory factory) {
        this.mapper = new ObjectMapper(factory);
    }

    /** Receives what is found in a line. */
    interface Receiver {

        /** A record. */
        void onRecord(MlperfRecord found);

        /** The marker is there, a record is not. */
        void onMalformed();

        /** A record of round v0.5, which had another form. */
        void onTooOld();
    }

    /**
     * Passes on what is behind every marker of a line.
     *
     * @param bytes holds the line from 0 to {@code length}
     */
    void parse(byte[] bytes, int length, Receiver receiver) {
        int at = find(bytes, 0, length);
        while (at >= 0) {
            int next = find(bytes, at + MARKER.length, length);
            parseOne(bytes, at, next < 0 ? length : next, receiver);
            at = next;
        }
    }

    private void parseOne(byte[] bytes, int from, int to, Receiver receiver) {
        if (startsWith(bytes, from, to, OLDEST_RECORD)) {
            receiver.onTooOld();
            return;
        }
        MlperfRecord parsed = null;
        if (startsWith(bytes, from, to, RECORD)) {
            parsed = parseRecord(bytes, from + RECORD.length, to);
        } else if (startsWith(bytes, from, to, OLD_RECORD)) {
            parsed = parseOldRecord(bytes, from + OLD_RECORD.length, to);
        }
        if (parsed == null) {
            receiver.onMalformed();
        } else {
            receiver.onRecord(parsed);
        }
    }

    private @Nullable MlperfRecord parseRecord(byte[] bytes, int from, int to) {
        JsonNode json = json(bytes, from, to);
        if (json == null
                || !json.path("key").isTextual()
                || !json.path("time_ms").isNumber()) {
            return null;
        }
        Instant time = time(json.path("time_ms").decimalValue());
        return time == null
                ? null
                : new MlperfRecord(json.path("key").textValue(), time, json.path("value"), json.path("metadata"));
    }

    private @Nullable MlperfRecord parseOldRecord(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8).stripLeading();
        int space = text.indexOf(' ');
        int colon = text.indexOf(':', space + 1);
        if (space < 1 || space > LONGEST_NUMBER || colon < 0) {
            return null;
        }
        Instant time;
        try {
            time = time(new BigDecimal(text.substring(0, space)).multiply(MILLIS_PER_SECOND));
        } catch (NumberFormatException e) {
            return null;
        }
        byte[] rest = text.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
        JsonNode json = json(rest, 0, rest.length);
        if (time == null || json == null) {
            return null;
        }
        JsonNode value = json.has("value") ? json.path("value") : NullNode.getInstance();
        return new MlperfRecord(text.substring(space + 1, colon).strip(), time, value, json.path("metadata"));
    }

    private static @Nullable Instant time(BigDecimal millis) {
        boolean sensible = millis.signum() >= 0
                && millis.precision() <= LONGEST_NUMBER
                && millis.compareTo(LATEST_SECOND.multiply(MILLIS_PER_SECOND)) < 0;
        return sensible ? Instant.ofEpochMilli(millis.longValue()) : null;
    }

    private @Nullable JsonNode json(byte[] bytes, int from, int to) {
        // Another rank's half line may have cut a character in two: decode leniently, the figures are ASCII.
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        try (JsonParser parser = mapper.createParser(text)) {
            JsonNode node = mapper.readTree(parser);
            return node != null && node.isObject() ? node : null;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int find(byte[] bytes, int from, int length) {
        for (int i = from; i <= length - MARKER.length; i++) {
            if (bytes[i] == ':' && startsWith(bytes, i, length, MARKER)) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        if (to - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
