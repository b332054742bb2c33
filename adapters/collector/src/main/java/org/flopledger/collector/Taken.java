package org.flopledger.collector;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.IngestResult;
import org.flopledger.spool.LineTotals;
import org.flopledger.telemetry.RowRejection;
import org.jspecify.annotations.Nullable;

/**
 * What became of the steps of one request.
 *
 * @param rows observations
 * @param accepted those that were new and count
 * @param duplicates those that were held already
 * @param conflicts those that contradict one that is held, which stays
 * @param rejected those that the ledger refused, by reason
 * @param refused lines that were refused whole, by reason
 * @param first where the first refused line stood and why; null if there is none
 * @param lost lines that their writers say they lost
 */
record Taken(
        long rows,
        long accepted,
        long duplicates,
        long conflicts,
        Map<String, Long> rejected,
        Map<String, Long> refused,
        @Nullable String first,
        long lost) {

    private static final JsonFactory JSON = new JsonFactory();

    static Taken of(LineTotals totals) {
        Map<String, Long> refused = new TreeMap<>();
        totals.refused().forEach((fault, count) -> refused.put(fault.name(), count));
        return new Taken(
                totals.rows(),
                totals.accepted(),
                totals.duplicates(),
                totals.conflicts(),
                new TreeMap<>(totals.rejected()),
                refused,
                totals.firstRefusal(),
                totals.lost());
    }

    static Taken nothing() {
        return new Taken(0, 0, 0, 0, Map.of(), Map.of(), null, 0);
    }

    Taken plus(IngestResult result) {
        Map<String, Long> all = new TreeMap<>(rejected);
        for (RowRejection rejection : result.rejections()) {
            all.merge(rejection.code(), (long) rejection.count(), Long::sum);
        }
        return new Taken(
                rows + result.rows(),
                accepted + result.accepted(),
                duplicates + result.repeats().duplicates(),
                conflicts + result.repeats().conflicts(),
                all,
                refused,
                first,
                lost);
    }

    long refusedLines() {
        return refused.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns whether the request brought something, and nothing of it could be read. */
    boolean isUnreadable() {
        return rows == 0 && !refused.isEmpty();
    }

    byte[] json() {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("schema", "flopledger.taken/1");
            json.writeStringField("rows", Long.toString(rows));
            json.writeStringField("accepted", Long.toString(accepted));
            json.writeStringField("duplicates", Long.toString(duplicates));
            json.writeStringField("conflicts", Long.toString(conflicts));
            counts(json, "rejected", rejected);
            counts(json, "refused", refused);
            json.writeStringField("first", first);
            json.writeStringField("lost", Long.toString(lost));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void counts(JsonGenerator json, String name, Map<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            json.writeStringField(entry.getKey(), Long.toString(entry.getValue()));
        }
        json.writeEndObject();
    }
}
