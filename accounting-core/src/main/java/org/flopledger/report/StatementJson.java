package org.flopledger.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.Assessment;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.review.ReviewRule;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Writes a statement as canonical JSON: fixed key order, exact integers as decimal strings, UTC instants. */
final class StatementJson {

    private final Statement statement;
    private final StringWriter out = new StringWriter();

    StatementJson(Statement statement) {
        this.statement = statement;
    }

    String text() {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("schema", "flopledger.statement/1");
            subject(json);
            provenance(json);
            compute(json);
            conduct(json);
            lineage(json);
            rules(json);
            findings(json);
            form(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return out + "\n";
    }

    private void subject(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("model");
        json.writeStringField("name", statement.subject().name());
        exact(json, "totalParameters", statement.subject().totalParameters());
        exact(json, "activeParameters", statement.subject().activeParameters());
        json.writeEndObject();
    }

    private void provenance(JsonGenerator json) throws IOException {
        Statement.Provenance provenance = statement.provenance();
        json.writeObjectFieldStart("provenance");
        json.writeStringField("library", provenance.library());
        json.writeStringField("formulaSet", provenance.formulaSet());
        json.writeStringField("deviceTable", provenance.deviceTable());
        exact(
                json,
                "ruleDataAsOf",
                statement.assessments().stream()
                        .map(assessment -> assessment.rule().asOf())
                        .max(java.util.Comparator.naturalOrder())
                        .orElse(null));
        json.writeEndObject();
    }

    private void compute(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("compute");
        json.writeStringField("method", statement.provenance().method().name());
        json.writeStringField("convention", statement.provenance().convention());
        bounds(json, "total", statement.total());
        bounds(json, "retained", statement.sum(Facts.Part.RETAINED));
        bounds(json, "discarded", statement.sum(Facts.Part.DISCARDED));
        bounds(json, "recomputed", statement.sum(Facts.Part.RECOMPUTED));
        json.writeStringField("coverage", decimal(statement.coverage()));
        json.writeArrayFieldStart("lines");
        for (Facts.Line line : statement.facts().lines()) {
            json.writeStartObject();
            json.writeStringField("stage", line.stage().name());
            json.writeStringField("part", line.part().name());
            json.writeBooleanField("publicData", line.publicData());
            bounds(json, "compute", line.flop());
            json.writeStringField("coverage", decimal(line.coverage()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("methods");
        for (var figure : statement.facts().figures().entrySet()) {
            json.writeStartObject();
            json.writeStringField("method", figure.getKey().name());
            exact(json, "flop", figure.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void conduct(JsonGenerator json) throws IOException {
        Statement.Conduct conduct = statement.conduct();
        json.writeObjectFieldStart("training");
        exact(json, "attempts", conduct.attempts());
        exact(json, "steps", conduct.steps());
        exact(json, "startedAt", conduct.startedAt());
        exact(json, "endedAt", conduct.endedAt());
        Double deviceSeconds = conduct.deviceSeconds();
        json.writeStringField("deviceSeconds", deviceSeconds == null ? null : decimal(deviceSeconds));
        Double joules = conduct.energyJoules();
        json.writeStringField("energyJoules", joules == null ? null : decimal(joules));
        json.writeEndObject();
    }

    private void lineage(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("lineage");
        json.writeArrayFieldStart("ancestors");
        for (Ancestor ancestor : statement.facts().ancestors()) {
            json.writeStartObject();
            json.writeStringField("name", ancestor.model());
            json.writeStringField("role", ancestor.role().name());
            json.writeStringField("developer", ancestor.developer().name());
            bounds(json, "compute", ancestor.compute());
            json.writeEndObject();
        }
        json.writeEndArray();
        bounds(json, "cumulative", statement.cumulative());
        texts(json, "unknown", statement.unknownAncestors());
        json.writeEndObject();
    }

    private void rules(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("rules");
        for (Assessment assessment : statement.assessments()) {
            ReviewRule rule = assessment.rule();
            json.writeStartObject();
            json.writeStringField("rule", rule.id());
            json.writeStringField("title", rule.title());
            json.writeStringField("status", rule.status().name());
            json.writeStringField("evidence", rule.evidence().name());
            json.writeStringField("verdict", assessment.verdict().name());
            json.writeStringField("comparison", assessment.comparison());
            exact(json, "threshold", assessment.threshold());
            bounds(json, "counted", assessment.counted());
            bounds(json, "countedLeast", assessment.countedLeast());
            bounds(json, "countedMost", assessment.countedMost());
            items(json, assessment.items());
            texts(json, "otherFactsNeeded", assessment.otherFactsNeeded());
            texts(json, "assumed", assessment.assumed());
            texts(json, "explanation", assessment.explanation());
            texts(
                    json,
                    "citations",
                    rule.citations().stream().map(ReviewRule.Citation::text).toList());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void items(JsonGenerator json, List<Assessment.Item> items) throws IOException {
        json.writeArrayFieldStart("items");
        for (Assessment.Item item : items) {
            json.writeStartObject();
            json.writeStringField("name", item.name());
            json.writeStringField("treatment", item.treatment().name());
            json.writeBooleanField("counted", item.counted());
            FlopBounds flop = item.flop();
            exact(json, "flop", flop == null ? null : flop.best());
            json.writeStringField("sentence", item.sentence());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void findings(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("findings");
        for (Finding finding : statement.findings()) {
            json.writeStartObject();
            json.writeStringField("rule", finding.rule());
            json.writeStringField("kind", finding.kind().name());
            json.writeStringField("verdict", finding.verdict().name());
            exact(json, "step", finding.step());
            exact(json, "at", finding.at());
            exact(json, "flop", finding.flop());
            json.writeStringField("summary", finding.summary());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void form(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("euDocumentationForm");
        json.writeStringField("source", DocumentationForm.citation());
        for (var field : new DocumentationForm(statement).fields().entrySet()) {
            json.writeStringField(field.getKey(), field.getValue());
        }
        json.writeEndObject();
    }

    private static void bounds(JsonGenerator json, String name, @Nullable FlopBounds bounds) throws IOException {
        if (bounds == null) {
            json.writeNullField(name);
            return;
        }
        FlopCount best = bounds.best();
        json.writeObjectFieldStart(name);
        exact(json, "flop", best);
        exact(json, "low", bounds.low());
        exact(json, "high", bounds.high());
        json.writeStringField("twoSignificantDigits", best.toScientific(2));
        json.writeStringField("exaFlopDays", best.toExaFlopDays().toPlainString());
        json.writeEndObject();
    }

    private static void exact(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        json.writeStringField(name, value == null ? null : value.toString());
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static String decimal(double number) {
        return BigDecimal.valueOf(number).toPlainString();
    }
}
