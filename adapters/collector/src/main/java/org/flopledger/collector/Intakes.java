package org.flopledger.collector;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.flopledger.ComputeLedger;
import org.flopledger.otlp.OtlpException;
import org.flopledger.otlp.OtlpReader;
import org.flopledger.otlp.OtlpReader.Form;
import org.flopledger.otlp.OtlpReader.Signal;
import org.flopledger.otlp.TelemetryBook;
import org.flopledger.spool.LineSplitter;
import org.flopledger.spool.StepLines;
import org.jspecify.annotations.Nullable;

/** What is taken by which path in which media type. Thread-safe. */
final class Intakes {

    private static final Set<String> PATHS = Set.of("/v1/steps", "/v1/metrics", "/v1/traces");

    private final ComputeLedger ledger;
    private final Counters counters;
    private final TelemetryBook telemetry;

    Intakes(ComputeLedger ledger, Counters counters, TelemetryBook telemetry) {
        this.ledger = ledger;
        this.counters = counters;
        this.telemetry = telemetry;
    }

    boolean knows(String path) {
        return PATHS.contains(path);
    }

    /** Returns what takes a media type by a path, or null if nothing does. */
    @Nullable
    BodyIntake of(String path, String mediaType) {
        if (!path.equals("/v1/steps")) {
            Form form = switch (mediaType) {
                case "application/json" -> Form.JSON;
                case "application/x-protobuf" -> Form.PROTOBUF;
                default -> null;
            };
            Signal signal = path.equals("/v1/traces") ? Signal.TRACES : Signal.METRICS;
            return form == null ? null : body -> telemetry(body, form, signal, mediaType);
        }
        return switch (mediaType) {
            case "application/x-ndjson", "application/jsonl", "application/json" -> body -> timed(this::lines, body);
            case "application/vnd.apache.arrow.stream" -> body -> timed(bytes -> ArrowBody.take(bytes, ledger), body);
            default -> null;
        };
    }

    private interface Steps {
        Taken take(byte[] body) throws BadBodyException;
    }

    private BodyIntake.Answer timed(Steps steps, byte[] body) throws BadBodyException {
        long begun = System.nanoTime();
        Taken taken = steps.take(body);
        counters.acknowledged(System.nanoTime() - begun);
        counters.lines(taken.refusedLines(), taken.lost());
        return new BodyIntake.Answer(
                taken.isUnreadable() ? 400 : 200, "application/json", ByteBuffer.wrap(taken.json()));
    }

    private Taken lines(byte[] body) {
        try (StepLines lines = new StepLines(ledger)) {
            LineSplitter splitter = new LineSplitter(lines, "line");
            splitter.take(body, 0, body.length);
            splitter.end();
            lines.flush();
            return Taken.of(lines.totals());
        }
    }

    /** The answer of the protocol is a message without fields. */
    private BodyIntake.Answer telemetry(byte[] body, Form form, Signal signal, String mediaType)
            throws BadBodyException {
        try {
            OtlpReader.read(body, form, signal, telemetry);
        } catch (OtlpException e) {
            throw new BadBodyException(400, String.valueOf(e.getMessage()));
        }
        byte[] empty = form == Form.JSON ? "{}".getBytes(StandardCharsets.UTF_8) : new byte[0];
        return new BodyIntake.Answer(200, mediaType, ByteBuffer.wrap(empty));
    }
}
