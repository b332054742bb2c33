package org.flopledger.report;

import java.math.BigDecimal;
import java.util.Comparator;
import org.flopledger.internal.json.JsonFigures;
import org.flopledger.internal.json.JsonText;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.Assessment;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.review.ReviewRule;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/** Writes a statement as canonical JSON: fixed key order, exact integers as decimal strings, UTC instants. */
final class StatementJson {

    private final Statement statement;

    StatementJson(Statement statement) {
        this.statement = statement;
    }

    String text() {
        return JsonText.of(json -> json.text("schema", "flopledger.statement/1")
                        .object("model", this::subject)
                        .object("provenance", this::provenance)
                        .object("compute", this::compute)
                        .object("training", this::conduct)
                        .object("lineage", this::lineage)
                        .objects("rules", statement.assessments(), StatementJson::rule)
                        .objects("findings", statement.findings(), StatementJson::finding)
                        .object("euDocumentationForm", this::form))
                + "\n";
    }

    private void subject(JsonText json) {
        json.text("name", statement.subject().name())
                .text("totalParameters", statement.subject().totalParameters())
                .text("activeParameters", statement.subject().activeParameters());
    }

    private void provenance(JsonText json) {
        Statement.Provenance provenance = statement.provenance();
        json.text("library", provenance.library())
                .text("formulaSet", provenance.formulaSet())
                .text("deviceTable", provenance.deviceTable())
                .text(
                        "ruleDataAsOf",
                        statement.assessments().stream()
                                .map(assessment -> assessment.rule().asOf())
                                .max(Comparator.naturalOrder())
                                .orElse(null));
    }

    private void compute(JsonText json) {
        json.text("method", statement.provenance().method().name())
                .text("convention", statement.provenance().convention());
        JsonFigures.amount(json, "total", statement.total());
        JsonFigures.amount(json, "retained", statement.sum(Facts.Part.RETAINED));
        JsonFigures.amount(json, "discarded", statement.sum(Facts.Part.DISCARDED));
        JsonFigures.amount(json, "recomputed", statement.sum(Facts.Part.RECOMPUTED));
        json.text("coverage", decimal(statement.coverage()))
                .objects("lines", statement.facts().lines(), StatementJson::line)
                .objects(
                        "methods",
                        statement.facts().figures().entrySet(),
                        (fields, figure) ->
                                fields.text("method", figure.getKey().name()).text("flop", figure.getValue()));
    }

    private static void line(JsonText json, Facts.Line line) {
        json.text("stage", line.stage().name()).text("part", line.part().name()).flag("publicData", line.publicData());
        JsonFigures.amount(json, "compute", line.flop());
        json.text("coverage", decimal(line.coverage()));
    }

    private void conduct(JsonText json) {
        Statement.Conduct conduct = statement.conduct();
        json.text("attempts", conduct.attempts())
                .text("steps", conduct.steps())
                .text("startedAt", conduct.startedAt())
                .text("endedAt", conduct.endedAt())
                .text("deviceSeconds", decimal(conduct.deviceSeconds()))
                .text("energyJoules", decimal(conduct.energyJoules()));
    }

    private void lineage(JsonText json) {
        json.objects("ancestors", statement.facts().ancestors(), StatementJson::ancestor);
        JsonFigures.amount(json, "cumulative", statement.cumulative());
        json.texts("unknown", statement.unknownAncestors());
    }

    private static void ancestor(JsonText json, Ancestor ancestor) {
        json.text("name", ancestor.model())
                .text("role", ancestor.role().name())
                .text("developer", ancestor.developer().name());
        JsonFigures.amount(json, "compute", ancestor.compute());
    }

    private static void rule(JsonText json, Assessment assessment) {
        ReviewRule rule = assessment.rule();
        json.text("rule", rule.id())
                .text("title", rule.title())
                .text("status", rule.status().name())
                .text("evidence", rule.evidence().name())
                .text("verdict", assessment.verdict().name())
                .text("comparison", assessment.comparison())
                .text("threshold", assessment.threshold());
        JsonFigures.amount(json, "counted", assessment.counted());
        JsonFigures.amount(json, "countedLeast", assessment.countedLeast());
        JsonFigures.amount(json, "countedMost", assessment.countedMost());
        json.objects("items", assessment.items(), StatementJson::item)
                .texts("otherFactsNeeded", assessment.otherFactsNeeded())
                .texts("assumed", assessment.assumed())
                .texts("explanation", assessment.explanation())
                .texts(
                        "citations",
                        rule.citations().stream().map(ReviewRule.Citation::text).toList());
    }

    private static void item(JsonText json, Assessment.Item item) {
        FlopBounds flop = item.flop();
        json.text("name", item.name())
                .text("treatment", item.treatment().name())
                .flag("counted", item.counted())
                .text("flop", flop == null ? null : flop.best())
                .text("sentence", item.sentence());
    }

    private static void finding(JsonText json, Finding finding) {
        JsonFigures.finding(json, finding);
        json.text("summary", finding.summary());
    }

    private void form(JsonText json) {
        statement.documentationForm().forEach(json::text);
    }

    private static @Nullable String decimal(@Nullable Double number) {
        return number == null ? null : BigDecimal.valueOf(number).toPlainString();
    }
}
