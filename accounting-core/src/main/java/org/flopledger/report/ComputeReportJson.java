package org.flopledger.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.FigureArithmetic;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.Assessment;
import org.flopledger.review.Finding;
import org.flopledger.review.ReviewRule;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Writes a report as canonical JSON: fixed key order, exact integers as decimal strings, UTC instants. */
final class ComputeReportJson {

    private final ComputeReport report;

    ComputeReportJson(ComputeReport report) {
        this.report = report;
    }

    String text() {
        var out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("schema", "flopledger.report/1");
            json.writeStringField("library", report.library());
            json.writeStringField("origin", report.origin());
            json.writeStringField("ledgerHead", report.ledgerHead());
            texts(json, "profiles", report.profiles());
            json.writeObjectFieldStart("together");
            for (Map.Entry<?, ?> sum : report.together().entrySet()) {
                json.writeStringField(sum.getKey().toString(), sum.getValue().toString());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("runs");
            for (ComputeReport.Run run : report.runs()) {
                run(json, run);
            }
            json.writeEndArray();
            remarks(json, "remarks", report.remarks());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return out.toString();
    }

    private static void run(JsonGenerator json, ComputeReport.Run run) throws IOException {
        json.writeStartObject();
        json.writeNumberField("number", run.number());
        json.writeStringField("run", run.name());
        json.writeStringField("source", run.source());
        json.writeStringField("model", run.model());
        json.writeObjectFieldStart("details");
        for (Map.Entry<String, String> detail : run.details().entrySet()) {
            json.writeStringField(detail.getKey(), detail.getValue());
        }
        json.writeEndObject();
        figures(json, run);
        methods(json, run);
        ancestors(json, run);
        verdicts(json, run.assessments());
        findings(json, run.findings());
        arithmetic(json, run);
        series(json, run.series());
        events(json, run.events());
        remarks(json, "warnings", run.warnings());
        json.writeEndObject();
    }

    private static void figures(JsonGenerator json, ComputeReport.Run run) throws IOException {
        json.writeObjectFieldStart("compute");
        figure(json, "total", run.account().total());
        figure(json, "retained", run.account().retained());
        figure(json, "discarded", run.account().discarded());
        json.writeObjectFieldStart("stages");
        for (Map.Entry<Stage, ComputeFigure> stage :
                run.account().totalByStage().entrySet()) {
            figure(json, stage.getKey().name(), stage.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void figure(JsonGenerator json, String name, ComputeFigure figure) throws IOException {
        json.writeObjectFieldStart(name);
        boolean isKnown = figure.covered() > 0 || figure.observations() == 0;
        bounds(json, isKnown ? figure.bounds() : null);
        json.writeStringField("covered", Long.toString(figure.covered()));
        json.writeStringField("observations", Long.toString(figure.observations()));
        json.writeEndObject();
    }

    private static void bounds(JsonGenerator json, @Nullable FlopBounds bounds) throws IOException {
        json.writeStringField("low", bounds == null ? null : bounds.low().toString());
        json.writeStringField("best", bounds == null ? null : bounds.best().toString());
        json.writeStringField("high", bounds == null ? null : bounds.high().toString());
    }

    private static void methods(JsonGenerator json, ComputeReport.Run run) throws IOException {
        json.writeArrayFieldStart("methods");
        for (ComputeReport.MethodFigure figure : run.methods()) {
            json.writeStartObject();
            json.writeStringField("method", figure.method().name());
            bounds(json, figure.bounds());
            json.writeStringField("convention", figure.convention());
            json.writeEndObject();
        }
        json.writeEndArray();
        ComputeReport.Hardware hardware = run.hardware();
        if (hardware == null) {
            json.writeNullField("hardware");
            return;
        }
        json.writeObjectFieldStart("hardware");
        text(json, "devices", hardware.devices());
        text(json, "model", hardware.model());
        text(json, "ceiling", hardware.ceiling());
        text(json, "utilisation", hardware.utilisation());
        json.writeEndObject();
    }

    private static void ancestors(JsonGenerator json, ComputeReport.Run run) throws IOException {
        json.writeArrayFieldStart("ancestors");
        for (Ancestor ancestor : run.facts().ancestors()) {
            json.writeStartObject();
            json.writeStringField("model", ancestor.model());
            json.writeStringField("role", ancestor.role().name());
            json.writeStringField("developer", ancestor.developer().name());
            bounds(json, ancestor.compute());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void verdicts(JsonGenerator json, List<Assessment> assessments) throws IOException {
        json.writeArrayFieldStart("verdicts");
        for (Assessment one : assessments) {
            ReviewRule rule = one.rule();
            json.writeStartObject();
            json.writeStringField("rule", rule.id());
            json.writeStringField("verdict", one.verdict().name());
            json.writeStringField("comparison", one.comparison());
            text(json, "threshold", one.threshold());
            FlopBounds counted = one.counted();
            bounds(json, counted);
            texts(json, "duties", rule.duties());
            json.writeStringField("deadline", rule.deadline());
            text(json, "validFrom", rule.validFrom());
            text(json, "validTo", rule.validTo());
            json.writeStringField("citation", rule.citation());
            texts(json, "otherFactsNeeded", one.otherFactsNeeded());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void findings(JsonGenerator json, List<Finding> findings) throws IOException {
        json.writeArrayFieldStart("findings");
        for (Finding finding : findings) {
            json.writeStartObject();
            json.writeStringField("rule", finding.rule());
            json.writeStringField("kind", finding.kind().name());
            json.writeStringField("verdict", finding.verdict().name());
            text(json, "step", finding.step());
            text(json, "at", finding.at());
            text(json, "flop", finding.flop());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void arithmetic(JsonGenerator json, ComputeReport.Run run) throws IOException {
        json.writeArrayFieldStart("arithmetic");
        for (FigureArithmetic part : run.account().arithmetic()) {
            json.writeStartObject();
            json.writeNumberField("attempt", part.attempt());
            json.writeStringField("stage", part.stage().name());
            json.writeStringField("model", part.model());
            json.writeStringField("firstStep", Long.toString(part.firstStep()));
            json.writeStringField("lastStep", Long.toString(part.lastStep()));
            json.writeStringField("observations", Long.toString(part.observations()));
            json.writeStringField(
                    "method", part.method() == null ? null : part.method().name());
            products(json, "low", part.low());
            products(json, "best", part.best());
            products(json, "high", part.high());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("prices");
        for (ComputeReport.Price price : run.prices()) {
            json.writeStartObject();
            json.writeStringField("unit", price.unit());
            json.writeStringField("operation", price.name());
            json.writeStringField("shape", price.shape());
            json.writeNumberField("times", price.times());
            json.writeStringField("forward", price.forward().toString());
            json.writeStringField("backward", price.backward().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void products(JsonGenerator json, String name, List<FigureArithmetic.Product> products)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (FigureArithmetic.Product product : products) {
            json.writeStartObject();
            json.writeStringField("input", product.input());
            json.writeStringField("amount", product.amount().toString());
            json.writeStringField("each", product.each().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void series(JsonGenerator json, ComputeReport.Series series) throws IOException {
        json.writeObjectFieldStart("series");
        json.writeStringField("about", series.why());
        column(
                json,
                "ran",
                series.points().stream().map(ComputeReport.Point::ran).toList());
        column(
                json,
                "step",
                series.points().stream().map(ComputeReport.Point::step).toList());
        column(
                json,
                "attempt",
                series.points().stream().map(ComputeReport.Point::attempt).toList());
        column(
                json,
                "at",
                series.points().stream()
                        .map(point -> String.valueOf(point.at()))
                        .toList());
        column(
                json,
                "total",
                series.points().stream().map(point -> point.total().toString()).toList());
        column(
                json,
                "retained",
                series.points().stream()
                        .map(point -> point.retained().toString())
                        .toList());
        json.writeEndObject();
    }

    private static void column(JsonGenerator json, String name, List<?> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (Object value : values) {
            if (value instanceof Number number) {
                json.writeNumber(number.longValue());
            } else if (value.equals("null")) {
                json.writeNull();
            } else {
                json.writeString(value.toString());
            }
        }
        json.writeEndArray();
    }

    private static void events(JsonGenerator json, List<ComputeReport.Event> events) throws IOException {
        json.writeArrayFieldStart("events");
        for (ComputeReport.Event event : events) {
            json.writeStartObject();
            json.writeStringField("what", event.what());
            json.writeNumberField("attempt", event.attempt());
            json.writeStringField("firstStep", Long.toString(event.firstStep()));
            json.writeStringField("lastStep", Long.toString(event.lastStep()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void remarks(JsonGenerator json, String name, List<ComputeReport.Remark> remarks)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (ComputeReport.Remark remark : remarks) {
            json.writeStartObject();
            json.writeStringField("kind", remark.kind());
            json.writeStringField("code", remark.code());
            json.writeStringField("count", Long.toString(remark.count()));
            json.writeStringField("what", remark.what());
            json.writeStringField("why", remark.why());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void text(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        json.writeStringField(name, value == null ? null : value.toString());
    }
}
