package org.flopledger.report;

import java.util.List;
import org.flopledger.account.RunAccount.Arithmetic;
import org.flopledger.internal.json.JsonFigures;
import org.flopledger.internal.json.JsonText;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.Assessment;
import org.flopledger.review.ReviewRule;

/** Writes a report as canonical JSON: fixed key order, exact integers as decimal strings, UTC instants. */
final class ComputeReportJson {

    private final ComputeReport report;

    ComputeReportJson(ComputeReport report) {
        this.report = report;
    }

    String text() {
        return JsonText.of(json -> {
            json.text("schema", "flopledger.report/1")
                    .text("library", report.library())
                    .text("origin", report.origin())
                    .text("ledgerHead", report.ledgerHead())
                    .texts("profiles", report.profiles())
                    .object(
                            "together",
                            sums -> report.together().forEach((method, sum) -> sums.text(method.toString(), sum)))
                    .objects("runs", report.runs(), ComputeReportJson::run)
                    .objects("remarks", report.remarks(), ComputeReportJson::remark);
        });
    }

    private static void run(JsonText json, ComputeReport.Run run) {
        json.number("number", run.number())
                .text("run", run.name())
                .text("source", run.source())
                .text("model", run.model())
                .object("details", details -> run.details().forEach(details::text))
                .object("compute", compute -> figures(compute, run));
        methods(json, run);
        json.objects("ancestors", run.facts().ancestors(), ComputeReportJson::ancestor)
                .objects("verdicts", run.assessments(), ComputeReportJson::verdict)
                .objects("findings", run.findings(), JsonFigures::finding)
                .objects("arithmetic", run.account().arithmetic(), ComputeReportJson::arithmetic)
                .objects("prices", run.prices(), ComputeReportJson::price)
                .object("series", series -> series(series, run.series()))
                .objects("events", run.events(), ComputeReportJson::event)
                .objects("warnings", run.warnings(), ComputeReportJson::remark);
    }

    private static void figures(JsonText json, ComputeReport.Run run) {
        JsonFigures.figure(json, "total", run.account().total());
        JsonFigures.figure(json, "retained", run.account().retained());
        JsonFigures.figure(json, "discarded", run.account().discarded());
        json.object(
                "stages",
                stages -> run.account()
                        .totalByStage()
                        .forEach((stage, figure) -> JsonFigures.figure(stages, stage.name(), figure)));
    }

    private static void methods(JsonText json, ComputeReport.Run run) {
        json.objects("methods", run.methods(), (method, figure) -> {
            method.text("method", figure.method().name());
            JsonFigures.interval(method, figure.bounds());
            method.text("convention", figure.convention());
        });
        ComputeReport.Hardware hardware = run.hardware();
        if (hardware == null) {
            json.text("hardware", null);
            return;
        }
        json.object(
                "hardware",
                fields -> fields.text("devices", hardware.devices())
                        .text("model", hardware.model())
                        .text("ceiling", hardware.ceiling())
                        .text("utilisation", hardware.utilisation()));
    }

    private static void ancestor(JsonText json, Ancestor ancestor) {
        json.text("model", ancestor.model())
                .text("role", ancestor.role().name())
                .text("developer", ancestor.developer().name());
        JsonFigures.interval(json, ancestor.compute());
    }

    private static void verdict(JsonText json, Assessment assessment) {
        ReviewRule rule = assessment.rule();
        json.text("rule", rule.id())
                .text("verdict", assessment.verdict().name())
                .text("comparison", assessment.comparison())
                .text("threshold", assessment.threshold());
        JsonFigures.interval(json, assessment.counted());
        json.texts("duties", rule.duties())
                .text("deadline", rule.deadline())
                .text("validFrom", rule.validFrom())
                .text("validTo", rule.validTo())
                .text("citation", rule.citation())
                .texts("otherFactsNeeded", assessment.otherFactsNeeded());
    }

    private static void arithmetic(JsonText json, Arithmetic part) {
        json.number("attempt", part.attempt())
                .text("stage", part.stage().name())
                .text("model", part.model())
                .text("firstStep", part.firstStep())
                .text("lastStep", part.lastStep())
                .text("observations", part.observations())
                .text("method", part.method());
        products(json, "low", part.low());
        products(json, "best", part.best());
        products(json, "high", part.high());
    }

    private static void products(JsonText json, String name, List<Arithmetic.Product> products) {
        json.objects(
                name,
                products,
                (fields, product) -> fields.text("input", product.input())
                        .text("amount", product.amount())
                        .text("each", product.each()));
    }

    private static void price(JsonText json, ComputeReport.Price price) {
        json.text("unit", price.unit())
                .text("operation", price.name())
                .text("shape", price.shape())
                .number("times", price.times())
                .text("forward", price.forward())
                .text("backward", price.backward());
    }

    private static void series(JsonText json, ComputeReport.Series series) {
        List<ComputeReport.Point> points = series.points();
        json.text("about", series.why())
                .column("ran", points, ComputeReport.Point::ran)
                .column("step", points, ComputeReport.Point::step)
                .column("attempt", points, ComputeReport.Point::attempt)
                .column("at", points, ComputeReport.Point::at)
                .column("total", points, point -> point.total().toString())
                .column("retained", points, point -> point.retained().toString());
    }

    private static void event(JsonText json, ComputeReport.Event event) {
        json.text("what", event.what())
                .number("attempt", event.attempt())
                .text("firstStep", event.firstStep())
                .text("lastStep", event.lastStep());
    }

    private static void remark(JsonText json, ComputeReport.Remark remark) {
        json.text("kind", remark.kind())
                .text("code", remark.code())
                .text("count", remark.count())
                .text("what", remark.what())
                .text("why", remark.why());
    }
}
