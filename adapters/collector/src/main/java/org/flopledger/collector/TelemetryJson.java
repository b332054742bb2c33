package org.flopledger.collector;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.flopledger.otlp.TelemetryBook;
import org.flopledger.otlp.TelemetryFigure;

/** Writes what telemetry says as JSON: exact integers as decimal strings, null where nothing was told. Stateless. */
final class TelemetryJson {

    private static final JsonFactory JSON = new JsonFactory();

    private TelemetryJson() {}

    static byte[] of(TelemetryBook book) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("schema", "flopledger.telemetry/1");
            json.writeStringField("unnamed", Long.toString(book.unnamed()));
            json.writeArrayFieldStart("runs");
            for (TelemetryFigure figure : book.figures()) {
                run(json, figure);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void run(JsonGenerator json, TelemetryFigure figure) throws IOException {
        json.writeStartObject();
        json.writeStringField("run", figure.run());
        json.writeObjectFieldStart("flop");
        json.writeStringField("low", figure.flop().low().toString());
        json.writeStringField("best", figure.flop().best().toString());
        json.writeStringField("high", figure.flop().high().toString());
        json.writeEndObject();
        json.writeStringField("coverage", Double.toString(figure.coverage()));
        json.writeStringField("seconds", Double.toString(figure.seconds()));
        json.writeStringField("samples", Long.toString(figure.samples()));
        json.writeStringField("gaps", Long.toString(figure.gaps()));
        json.writeStringField("duplicates", Long.toString(figure.duplicates()));
        json.writeStringField("conflicts", Long.toString(figure.conflicts()));
        json.writeStringField("refused", Long.toString(figure.refused()));
        json.writeBooleanField("withoutDevices", figure.withoutDevices());
        counted(json, "tokens", figure.tokens());
        counted(json, "steps", figure.steps());
        counted(json, "skippedSteps", figure.skippedSteps());
        json.writeEndObject();
    }

    private static void counted(JsonGenerator json, String name, double count) throws IOException {
        if (Double.isNaN(count)) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, new java.math.BigDecimal(count).toPlainString());
        }
    }
}
