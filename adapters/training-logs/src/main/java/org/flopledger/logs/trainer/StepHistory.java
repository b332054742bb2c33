package org.flopledger.logs.trainer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import org.flopledger.logs.scan.JsonFacts;
import org.jspecify.annotations.Nullable;

/**
 * The course of a trainer's {@code log_history}: a fingerprint after each entry, so that one history can be seen to be the
 * beginning of another, and the last of a few figures.
 */
final class StepHistory {

    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    /** Entries that are kept; a history with more is refused, since 16 bytes each would not fit any more. */
    private static final int MOST_ENTRIES = 2_000_000;

    private long[] fingerprints = new long[64];
    private long[] steps = new long[64];
    private int entries;
    private boolean cut;
    private final HistoryFigures figures = new HistoryFigures();

    private StepHistory() {}

    /** Reads the array at whose beginning the parser stands. */
    static StepHistory read(JsonParser parser) throws IOException {
        var history = new StepHistory();
        while (parser.nextToken() != JsonToken.END_ARRAY && history.entries < MOST_ENTRIES) {
            history.entry(parser);
        }
        history.cut = parser.currentToken() != JsonToken.END_ARRAY;
        skipRest(parser, history.cut);
        history.fingerprints = Arrays.copyOf(history.fingerprints, history.entries);
        history.steps = Arrays.copyOf(history.steps, history.entries);
        return history;
    }

    private static void skipRest(JsonParser parser, boolean cut) throws IOException {
        if (cut) {
            parser.skipChildren();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
            }
        }
    }

    private void entry(JsonParser parser) throws IOException {
        long fingerprint = entries == 0 ? FACTOR : fingerprints[entries - 1];
        long step = -1;
        int depth = 0;
        String name = null;
        figures.begin();
        do {
            JsonToken token = parser.currentToken();
            if (token == null) {
                // Cut in the middle: the parser reports it on the next read.
                return;
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.FIELD_NAME) {
                name = parser.currentName();
            } else if (depth == 1 && token.isScalarValue()) {
                step = "step".equals(name) ? step(parser) : step;
                figures.keep(name, parser);
            }
            fingerprint = mix(fingerprint, token.id(), parser.getText().hashCode());
        } while (depth > 0 && parser.nextToken() != null);
        figures.end();
        add(fingerprint, step);
    }

    private static long step(JsonParser parser) throws IOException {
        BigDecimal figure = JsonFacts.figure(parser);
        Long whole = figure == null ? null : JsonFacts.whole(figure);
        return whole == null ? -1 : whole;
    }

    private void add(long fingerprint, long step) {
        if (entries == fingerprints.length) {
            fingerprints = Arrays.copyOf(fingerprints, 2 * entries);
            steps = Arrays.copyOf(steps, 2 * entries);
        }
        fingerprints[entries] = fingerprint;
        steps[entries] = step;
        entries++;
    }

    private static long mix(long state, int kind, int text) {
        long mixed = (state ^ (long) kind << 32 ^ text) * FACTOR;
        return mixed ^ mixed >>> 29;
    }

    /** Returns whether there were more entries than are kept. */
    boolean isCut() {
        return cut;
    }

    /** Returns what stands for the first entry; there must be one. */
    long firstFingerprint() {
        return fingerprints[0];
    }

    int entries() {
        return entries;
    }

    /** Returns the largest value of a figure in any entry, or null. */
    @Nullable
    BigDecimal figure(String name) {
        return figures.largest(name);
    }

    /** Returns what the entries say beside their steps. */
    HistoryFigures figures() {
        return figures;
    }

    /** Returns how many entries two histories have in common from their beginning. */
    int sharedWith(StepHistory other) {
        int limit = Math.min(entries, other.entries);
        // Each fingerprint covers everything before it: if one agrees, all before it do.
        int low = 0;
        int high = limit;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (fingerprints[middle - 1] == other.fingerprints[middle - 1]) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Returns whether this history is the beginning of the other, or all of it. */
    boolean isBeginningOf(StepHistory other) {
        return entries > 0 && sharedWith(other) == entries;
    }

    /** Returns the step of an entry, or -1 if it has none. */
    long step(int entry) {
        return steps[entry];
    }
}
