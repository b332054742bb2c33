package org.flopledger.cli.analyze;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.RunFinding;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.output.LedgerOutput;
import org.flopledger.cli.runs.LogRoad;
import org.flopledger.cli.runs.NotUsed;
import org.flopledger.cli.runs.RunAnalysis;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.estimation.Estimate;
import org.flopledger.logs.DuplicateRun;
import org.flopledger.logs.FineTuning;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.PeakShare;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/** Writes an analysis as canonical JSON, {@code flopledger.analysis/1}. Its keys are a promise: they are added to, never changed. */
final class AnalysisJson {

    private final CanonicalJson json;

    AnalysisJson(CanonicalJson json) {
        this.json = json;
    }

    void write(LogRoad road, List<String> lines) {
        LogCollection found = road.found();
        json.beginObject().text("schema", "flopledger.analysis/1").text("library", Version.library());
        json.texts("profiles", lines);
        json.beginArray("runs");
        road.runs().forEach(this::run);
        json.endArray();
        json.beginArray("duplicates");
        found.duplicates().forEach(this::duplicate);
        json.endArray();
        EvidenceReport.write(found.evidence(), json);
        NotUsed.write(json, found.rejections());
        UnusedChoice.write(found, json);
        json.endObject();
    }

    private void run(RunAnalysis analysis) {
        LoggedRun run = analysis.run();
        json.beginObject().text("run", run.id()).text("format", run.format().label());
        json.texts("sources", run.sources().stream().map(Path::toString).toList());
        json.text("benchmark", run.benchmark());
        progress(run, analysis.account());
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
        compute(analysis.total(), analysis.account());
        json.beginArray("estimates");
        analysis.compute()
                .estimates()
                .forEach(estimate ->
                        estimate(estimate, analysis.account().figures().get(estimate.method())));
        json.endArray();
        BigDecimal utilization = analysis.compute().modelFlopUtilization();
        json.text("modelFlopUtilization", utilization == null ? null : utilization.toPlainString());
        PeakShare share = analysis.compute().peakShare();
        if (share == null) {
            json.none("shareOfPeak");
        } else {
            json.beginObject("shareOfPeak")
                    .text("narrowestFormat", share.low().toPlainString())
                    .text("sixteenBits", share.high().toPlainString())
                    .endObject();
        }
        json.beginArray("findings");
        analysis.findings().forEach(this::finding);
        json.endArray();
        json.beginArray("warnings");
        analysis.warnings().forEach(warning -> json.warning(warning.code(), warning.message()));
        json.endArray();
        json.endObject();
    }

    private void progress(LoggedRun run, RunAccount account) {
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
                .number("attempts", (long) Math.max(1, account.attempts()))
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

    private void compute(@Nullable ComputeFigure total, RunAccount account) {
        if (total == null) {
            json.none("compute");
            return;
        }
        json.beginObject("compute");
        LedgerOutput.figure(json, "total", total, total);
        LedgerOutput.figure(json, "retained", account.retained(), total);
        LedgerOutput.figure(json, "discarded", account.discarded(), total);
        json.text("coverage", LedgerOutput.coverage(total)).endObject();
    }

    /** Bounds are those of the ledger where it holds the figure: it knows the lengths that the whole does not tell. */
    private void estimate(Estimate estimate, @Nullable ComputeFigure kept) {
        boolean isKept =
                kept != null && kept.isComplete() && kept.bounds().best().equals(estimate.value());
        FlopBounds bounds = isKept && kept != null ? kept.bounds() : estimate.bounds();
        json.beginObject()
                .text("method", estimate.method().name())
                .exact("flop", estimate.value())
                .exact("low", bounds.low())
                .exact("high", bounds.high())
                .text("convention", estimate.convention())
                .endObject();
    }

    private void finding(RunFinding found) {
        json.beginObject();
        LedgerOutput.finding(json, found.finding()).endObject();
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
}
