package org.flopledger.collector;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import org.flopledger.LedgerStatus;
import org.flopledger.RunFinding;
import org.flopledger.account.ComputeFigure;
import org.flopledger.review.Projection;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Writes what is shown as JSON: exact integers as decimal strings, UTC instants, null where a value is unknown. Stateless. */
final class BoardJson {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MOST_FINDINGS = 100;

    private BoardJson() {}

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static byte[] written(Writing writing) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            writing.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Returns some of the rows, and how the ledger stands. */
    static byte[] page(RunBoard.View shown, String filter, int offset, int limit) {
        List<RunRow> matching = shown.matching(filter);
        int from = Math.min(Math.max(0, offset), matching.size());
        int to = (int) Math.min((long) from + limit, matching.size());
        return written(json -> {
            json.writeStartObject();
            json.writeStringField("schema", "flopledger.runs/1");
            json.writeNumberField("runs", shown.runs());
            json.writeNumberField("matching", matching.size());
            json.writeNumberField("offset", from);
            status(json, shown.status());
            json.writeArrayFieldStart("rows");
            for (RunRow row : matching.subList(from, to)) {
                json.writeStartObject();
                row(json, row);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** Returns everything that is shown of one run. */
    static byte[] run(RunRow row) {
        return written(json -> {
            json.writeStartObject();
            json.writeStringField("schema", "flopledger.run/1");
            row(json, row);
            json.writeArrayFieldStart("stages");
            for (Map.Entry<Stage, ComputeFigure> stage : row.stages().entrySet()) {
                json.writeStartObject();
                json.writeStringField("stage", stage.getKey().name());
                figure(json, "compute", stage.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("ahead");
            for (Projection.Crossing crossing : row.ahead()) {
                json.writeStartObject();
                crossing(json, row, crossing);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("findings");
            List<RunFinding> findings = row.findings();
            for (RunFinding found : findings.subList(Math.max(0, findings.size() - MOST_FINDINGS), findings.size())) {
                json.writeStartObject();
                json.writeStringField("rule", found.finding().rule());
                json.writeStringField("kind", found.finding().kind().name());
                text(json, "step", found.finding().step());
                text(json, "at", found.finding().at());
                json.writeStringField("summary", found.finding().summary());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void status(JsonGenerator json, @Nullable LedgerStatus status) throws IOException {
        if (status == null) {
            json.writeNullField("ledger");
            return;
        }
        json.writeObjectFieldStart("ledger");
        json.writeStringField("accepted", Long.toString(status.accepted()));
        json.writeStringField("pending", Long.toString(status.pending()));
        json.writeStringField("duplicates", Long.toString(status.duplicates()));
        json.writeStringField("conflicts", Long.toString(status.conflicts()));
        long rejected =
                status.rejected().values().stream().mapToLong(Long::longValue).sum();
        json.writeStringField("rejected", Long.toString(rejected));
        json.writeBooleanField("failed", status.failure() != null);
        json.writeEndObject();
    }

    private static void row(JsonGenerator json, RunRow row) throws IOException {
        json.writeStringField("run", row.run());
        json.writeNumberField("attempts", row.attempts());
        json.writeStringField("observations", Long.toString(row.observations()));
        json.writeStringField("lastStep", Long.toString(row.lastStep()));
        figure(json, "total", row.total());
        figure(json, "discarded", row.discarded());
        text(json, "lastSeen", row.lastSeen());
        text(json, "flopPerSecond", row.flopPerSecond());
        text(json, "modelFlopUtilization", row.utilisation());
        if (row.ahead().isEmpty()) {
            json.writeNullField("next");
        } else {
            json.writeObjectFieldStart("next");
            crossing(json, row, row.ahead().get(0));
            json.writeEndObject();
        }
        json.writeNumberField("findingCount", row.findings().size());
        if (row.findings().isEmpty()) {
            json.writeNullField("lastFinding");
            return;
        }
        RunFinding last = row.findings().get(row.findings().size() - 1);
        json.writeObjectFieldStart("lastFinding");
        json.writeStringField("rule", last.finding().rule());
        json.writeStringField("kind", last.finding().kind().name());
        json.writeEndObject();
    }

    private static void crossing(JsonGenerator json, RunRow row, Projection.Crossing crossing) throws IOException {
        json.writeStringField("rule", crossing.rule().id());
        json.writeStringField("threshold", crossing.threshold().toString());
        text(json, "share", share(row.total().bounds().best(), crossing.threshold()));
        text(json, "step", crossing.step());
        text(json, "earliestAt", crossing.earliestAt());
        text(json, "at", crossing.at());
        text(json, "latestAt", crossing.latestAt());
    }

    private static @Nullable String share(FlopCount amount, FlopCount of) {
        return of.isZero()
                ? null
                : new BigDecimal(amount.toBigInteger())
                        .divide(new BigDecimal(of.toBigInteger()), MathContext.DECIMAL32)
                        .toPlainString();
    }

    private static void figure(JsonGenerator json, String name, ComputeFigure figure) throws IOException {
        if (figure.covered() == 0 && figure.observations() > 0) {
            json.writeNullField(name);
            return;
        }
        json.writeObjectFieldStart(name);
        json.writeStringField("flop", figure.bounds().best().toString());
        json.writeStringField("low", figure.bounds().low().toString());
        json.writeStringField("high", figure.bounds().high().toString());
        json.writeStringField("method", figure.method());
        json.writeStringField("covered", Long.toString(figure.covered()));
        json.writeStringField("observations", Long.toString(figure.observations()));
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, value.toString());
        }
    }
}
