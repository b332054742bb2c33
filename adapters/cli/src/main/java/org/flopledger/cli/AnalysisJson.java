package org.flopledger.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.Estimate;
import org.flopledger.logs.DuplicateRun;
import org.flopledger.logs.FineTuning;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.Rejection;
import org.flopledger.model.ParameterCount;
import org.flopledger.review.Finding;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/** Writes an analysis as canonical JSON, {@code flopledger.analysis/1}. Its keys are a promise: they are added to, never changed. */
final class AnalysisJson {

    private static final int COVERAGE_DIGITS = 6;

    private final CanonicalJson json;

    AnalysisJson(CanonicalJson json) {
        this.json = json;
    }

    void write(LogCollection found, List<RunAnalysis> analyses, List<Screening> screenings) {
        json.beginObject().text("schema", "flopledger.analysis/1").text("library", Version.library());
        json.texts("profiles", screenings.stream().map(Screening::id).toList());
        json.beginArray("runs");
        analyses.forEach(this::run);
        json.endArray();
        json.beginArray("duplicates");
        found.duplicates().forEach(this::duplicate);
        json.endArray();
        EvidenceReport.write(found.evidence(), json);
        json.beginArray("rejected");
        found.rejections().forEach(this::rejection);
        json.endArray();
        json.endObject();
    }

    private void run(RunAnalysis analysis) {
        LoggedRun run = analysis.run();
        json.beginObject().text("run", run.id()).text("format", run.format().label());
        json.texts("sources", run.sources().stream().map(Path::toString).toList());
        json.text("benchmark", run.benchmark());
        progress(run);
        json.beginObject("prior")
                .exact("tokens", run.prior().tokens())
                .exact(
                        "flop",
                        analysis.compute().prior() == null
                                ? null
                                : analysis.compute().prior().best())
                .endObject();
        model(run.model(), analysis.compute().parameters());
        peft(run.model());
        compute(run, analysis.account());
        json.beginArray("estimates");
        analysis.compute().estimates().forEach(this::estimate);
        json.endArray();
        BigDecimal utilization = analysis.compute().modelFlopUtilization();
        json.text("modelFlopUtilization", utilization == null ? null : utilization.toPlainString());
        json.beginArray("findings");
        analysis.findings().forEach(this::finding);
        json.endArray();
        json.beginArray("warnings");
        analysis.warnings()
                .forEach(warning -> json.beginObject()
                        .text("code", warning.code())
                        .text("message", warning.message())
                        .endObject());
        json.endArray();
        json.endObject();
    }

    private void progress(LoggedRun run) {
        LoggedRun.Progress progress = run.progress();
        json.exact("steps", progress.steps())
                .exact("lastStep", progress.lastStep())
                .exact("samples", progress.samples())
                .exact("sequences", progress.sequences())
                .exact("tokens", progress.tokens())
                .number("globalBatchSize", progress.globalBatchSize())
                .number("sequenceLength", progress.sequenceLength())
                .instant("startedAt", run.timing().start())
                .instant("endedAt", run.timing().end())
                .number("durationMillis", run.timing().durationMillis())
                .number("devices", run.devices() == null ? null : run.devices().count())
                .text(
                        "deviceModel",
                        run.devices() == null ? null : run.devices().model())
                .number("attempts", (long) run.attempts())
                .text("status", run.status() == null ? null : run.status().label())
                .text("stage", run.stage().name());
    }

    private void model(@Nullable LoggedModel model, @Nullable ParameterCount parameters) {
        if (model == null || model.architecture() == null || parameters == null) {
            json.none("model");
            return;
        }
        json.beginObject("model")
                .text("name", model.architecture().name())
                .exact("totalParameters", parameters.total())
                .exact("activeParameters", parameters.active())
                .exact("trainableParameters", parameters.trainable())
                .flag("mixtureOfExperts", parameters.router() > 0)
                .endObject();
    }

    private void peft(@Nullable LoggedModel model) {
        json.beginArray("peft");
        if (model != null) {
            for (FineTuning tuning : model.fineTuning()) {
                json.beginObject()
                        .text("method", tuning.technique().name())
                        .number("rank", tuning.rank())
                        .endObject();
            }
        }
        json.endArray();
    }

    private void compute(LoggedRun run, RunAccount account) {
        ComputeFigure total = account.total();
        if (total.covered() == 0) {
            json.none("compute");
            return;
        }
        json.beginObject("compute");
        figure("total", total);
        // One attempt throws nothing away. With more of them, what a log tells does not say which steps survived.
        boolean known = run.attempts() == 1;
        figure("retained", known ? account.retained() : null);
        figure("discarded", known ? account.discarded() : null);
        json.text("coverage", coverage(total)).endObject();
    }

    /** A part that rounds to the whole is not the whole. */
    private static String coverage(ComputeFigure figure) {
        return figure.isComplete()
                ? "1.0"
                : BigDecimal.valueOf(figure.covered())
                        .divide(BigDecimal.valueOf(figure.observations()), COVERAGE_DIGITS, RoundingMode.DOWN)
                        .toPlainString();
    }

    private void figure(String name, @Nullable ComputeFigure figure) {
        if (figure == null) {
            json.none(name);
            return;
        }
        FlopBounds bounds = figure.bounds();
        json.beginObject(name)
                .exact("flop", bounds.best())
                .text("method", figure.method().name())
                .exact("low", bounds.low())
                .exact("high", bounds.high())
                .text("exaFlopDays", bounds.best().toExaFlopDays().toPlainString())
                .endObject();
    }

    private void estimate(Estimate estimate) {
        json.beginObject()
                .text("method", estimate.method().name())
                .exact("flop", estimate.value())
                .exact("low", estimate.bounds().low())
                .exact("high", estimate.bounds().high())
                .text("convention", estimate.convention())
                .endObject();
    }

    private void finding(Finding finding) {
        json.beginObject();
        LedgerOutput.finding(json, finding).endObject();
    }

    private void duplicate(DuplicateRun duplicate) {
        json.beginObject()
                .text("run", duplicate.id())
                .text("of", duplicate.of())
                .text("why", duplicate.why())
                .beginArray("sources");
        duplicate.sources().forEach(source -> json.element(source.toString()));
        json.endArray().endObject();
    }

    private void rejection(Rejection rejection) {
        json.beginObject()
                .text("reason", rejection.reason().code())
                .number("count", rejection.count())
                .text("first", rejection.first())
                .text("meaning", rejection.reason().meaning())
                .endObject();
    }
}
