package org.flopledger.logs.mlperf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.flopledger.logs.scan.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Finds the MLPerf records in a line of bytes: {@code :::MLLOG {json}} and, as rounds v0.6 wrote it,
 * {@code :::MLL <epoch seconds> key: {json}}.
 *
 * <p>The marker may stand anywhere: rank labels, colour codes, another rank's record or half of one may be before it. Confined
 * to one thread.
 */
final class MlperfRecordParser {

    private static final byte[] MARKER = Bytes.ascii(":::ML");
    private static final byte[] RECORD = Bytes.ascii(":::MLLOG");
    private static final byte[] OLD_RECORD = Bytes.ascii(":::MLL ");
    private static final byte[] OLDEST_RECORD = Bytes.ascii(":::MLP");
    private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1000);
    private static final BigDecimal LATEST_SECOND = BigDecimal.valueOf(100_000_000_000L);
    private static final int LONGEST_NUMBER = 32;

    private final RecordPeek peek;
    private final Set<String> metadata;

    /**
     * Creates a parser that passes on records of some keys and counts the others.
     *
     * @param wanted keys of the records that are passed on
     * @param timed those of them of which only the time is of use
     * @param metadata names of the metadata that are of use
     */
    MlperfRecordParser(Set<String> wanted, Set<String> timed, Set<String> metadata) {
        this.peek = new RecordPeek(wanted, timed);
        this.metadata = metadata;
    }

    /** Receives what is found in a line. */
    interface Receiver {

        /** A record. */
        void onRecord(MlperfRecord found);

        /** A record whose key is not wanted. */
        void onOther();

        /** The marker is there, a record is not. */
        void onMalformed();

        /** A record of round v0.5, which had another form. */
        void onTooOld();
    }

    /** Passes on what is behind every marker of a line that lies between two places of an array. */
    void parse(byte[] bytes, int from, int to, Receiver receiver) {
        int at = Bytes.startsWith(bytes, from, to, MARKER) ? from : Bytes.find(bytes, from, to, MARKER);
        while (at >= 0) {
            int next = Bytes.find(bytes, at + MARKER.length, to, MARKER);
            parseOne(bytes, at, next < 0 ? to : next, receiver);
            at = next;
        }
    }

    private void parseOne(byte[] bytes, int from, int to, Receiver receiver) {
        MlperfRecord parsed = null;
        if (Bytes.startsWith(bytes, from, to, RECORD)) {
            RecordPeek.Sight sight = peek.look(bytes, from + RECORD.length, to);
            if (sight == RecordPeek.Sight.OTHER) {
                receiver.onOther();
                return;
            }
            parsed = sight == RecordPeek.Sight.TIMED ? timed() : parseRecord(bytes, from + RECORD.length, to);
        } else if (Bytes.startsWith(bytes, from, to, OLD_RECORD)) {
            parsed = parseOldRecord(bytes, from + OLD_RECORD.length, to);
        } else if (Bytes.startsWith(bytes, from, to, OLDEST_RECORD)) {
            receiver.onTooOld();
            return;
        }
        if (parsed == null) {
            receiver.onMalformed();
        } else {
            receiver.onRecord(parsed);
        }
    }

    private MlperfRecord timed() {
        JsonNode nothing = MissingNode.getInstance();
        return new MlperfRecord(peek.key(), Instant.ofEpochMilli(peek.millis()), nothing, nothing);
    }

    private @Nullable MlperfRecord parseRecord(byte[] bytes, int from, int to) {
        JsonNode json = RecordJson.read(bytes, from, to, metadata);
        if (json == null || !json.path("key").isTextual() || !isFinite(json.path("time_ms"))) {
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
            BigDecimal seconds = new BigDecimal(text.substring(0, space));
            time = Math.abs((long) seconds.scale()) > LONGEST_NUMBER ? null : time(seconds.multiply(MILLIS_PER_SECOND));
        } catch (NumberFormatException e) {
            return null;
        }
        byte[] rest = text.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
        JsonNode json = RecordJson.read(rest, 0, rest.length, metadata);
        if (time == null || json == null) {
            return null;
        }
        JsonNode value = json.has("value") ? json.path("value") : NullNode.getInstance();
        return new MlperfRecord(text.substring(space + 1, colon).strip(), time, value, json.path("metadata"));
    }

    /** Python writes NaN and Infinity, and 1e400 is read as one of them. */
    private static boolean isFinite(JsonNode node) {
        return node.isIntegralNumber() || (node.isNumber() && Double.isFinite(node.doubleValue()));
    }

    private static @Nullable Instant time(BigDecimal millis) {
        boolean sensible = millis.signum() >= 0
                && Math.abs((long) millis.scale()) <= LONGEST_NUMBER
                && millis.precision() <= LONGEST_NUMBER
                && millis.compareTo(LATEST_SECOND.multiply(MILLIS_PER_SECOND)) < 0;
        return sensible ? Instant.ofEpochMilli(millis.longValue()) : null;
    }
}
