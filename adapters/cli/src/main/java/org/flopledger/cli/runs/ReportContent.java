package org.flopledger.cli.runs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.flopledger.LedgerAudit;
import org.flopledger.RunFinding;
import org.flopledger.account.CellTotals;
import org.flopledger.account.RunAccount;
import org.flopledger.cli.options.Version;
import org.flopledger.estimation.Estimate;
import org.flopledger.logs.FineTuning;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.model.ParameterCount;
import org.flopledger.report.ComputeReport;
import org.flopledger.report.ComputeReport.Event;
import org.flopledger.report.ComputeReport.MethodFigure;
import org.flopledger.report.ComputeReport.Remark;
import org.flopledger.review.Assessment;
import org.flopledger.review.ReviewProfile;
import org.flopledger.units.PeftEvent;
import org.jspecify.annotations.Nullable;

/** Gathers what a report shows, from logs or from a ledger. */
public final class ReportContent {

    private ReportContent() {}

    /** Returns the report of runs of logs. */
    public static ComputeReport of(LogRoad road, List<String> profiles) {
        List<ComputeReport.Run> runs = NumberedRun.ofLogs(road.runs()).stream()
                .map(ReportContent::ofLog)
                .toList();
        List<Remark> remarks = new ArrayList<>();
        road.found()
                .rejections()
                .forEach(rejection -> remarks.add(new Remark(
                        "rejected",
                        rejection.reason().code(),
                        rejection.count(),
                        rejection.first(),
                        rejection.reason().meaning())));
        road.found()
                .duplicates()
                .forEach(copy -> remarks.add(new Remark(
                        "repeat", "of " + copy.of(), 1, copy.sources().get(0).toString(), copy.why())));
        road.found()
                .evidence()
                .forEach(evidence -> remarks.add(new Remark(
                        "beside",
                        evidence.kind().label(),
                        1,
                        evidence.sources().get(0).toString(),
                        evidence.figures().stream()
                                .map(figure ->
                                        figure.name() + " " + figure.value().toPlainString() + " " + figure.unit())
                                .collect(Collectors.joining(", ")))));
        return new ComputeReport(
                Version.library(),
                road.found().files() + (road.found().files() == 1 ? " file" : " files"),
                null,
                profiles,
                runs,
                remarks);
    }

    /** Returns the report of runs of a ledger. */
    public static ComputeReport of(LedgerAudit audit, List<ReviewProfile> profiles) {
        List<ComputeReport.Run> runs = NumberedRun.ofLedger(audit).stream()
                .map(run -> ofLedger(run, audit, profiles))
                .toList();
        List<Remark> remarks = new ArrayList<>();
        audit.faults().forEach(fault -> remarks.add(new Remark("fault", "LEDGER", 1, "the ledger", fault)));
        audit.retractions()
                .forEach(taken -> remarks.add(new Remark(
                        "taken back",
                        "steps " + taken.firstStep() + " to " + taken.lastStep(),
                        taken.observations(),
                        taken.run(),
                        taken.reason())));
        return new ComputeReport(
                Version.library(),
                "a ledger of " + audit.journal().records() + " records",
                audit.journal().headHash(),
                profiles.stream().map(ReviewProfile::id).toList(),
                runs,
                remarks);
    }

    private static ComputeReport.Run ofLog(NumberedRun numbered) {
        RunAnalysis analysis = Objects.requireNonNull(numbered.analysis(), "a run of a log has one");
        LoggedRun run = analysis.run();
        return new ComputeReport.Run(
                numbered.number(),
                run.id(),
                numbered.source() == null ? null : numbered.source().shown(),
                numbered.model(),
                details(run, numbered),
                analysis.account(),
                analysis.facts(),
                analysis.assessments(),
                analysis.findings().stream().map(RunFinding::finding).toList(),
                analysis.compute().estimates().stream()
                        .map(ReportContent::figure)
                        .toList(),
                hardware(run, analysis.compute()),
                events(run.model(), hasExperts(analysis.compute().parameters()), analysis.account()),
                ReportSeries.of(run.observations(), analysis.account()),
                prices(analysis.compute()),
                analysis.warnings().stream()
                        .map(warning -> new Remark("warning", warning.code().name(), 1, run.id(), warning.message()))
                        .toList());
    }

    private static ComputeReport.Run ofLedger(NumberedRun run, LedgerAudit audit, List<ReviewProfile> profiles) {
        List<Assessment> assessments = profiles.stream()
                .flatMap(profile -> profile.assess(run.facts()).stream())
                .toList();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("attempts", Integer.toString(run.account().attempts()));
        details.put("observations", Long.toString(run.account().totals().observations()));
        return new ComputeReport.Run(
                run.number(),
                run.account().run(),
                null,
                run.model(),
                details,
                run.account(),
                run.facts(),
                assessments,
                audit.findings().stream()
                        .filter(found -> found.run().equals(run.account().run()))
                        .map(RunFinding::finding)
                        .toList(),
                run.account().figures().entrySet().stream()
                        .map(entry -> new MethodFigure(
                                entry.getKey(),
                                entry.getValue().bounds(),
                                "covers " + entry.getValue().covered() + " of "
                                        + entry.getValue().observations() + " observations"))
                        .toList(),
                null,
                events(null, false, run.account()),
                ReportSeries.of(run.account()),
                List.of(),
                List.of());
    }

    private static Map<String, String> details(LoggedRun run, NumberedRun numbered) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("format", run.format().label());
        SourceLabel source = numbered.source();
        if (source != null && source.submitter() != null) {
            details.put("submitter", source.submitter());
            details.put("system", String.valueOf(source.system()));
        }
        details.put("stage", run.stage().name());
        LoggedRun.Progress progress = run.progress();
        put(details, "status", run.status() == null ? null : run.status().label());
        put(details, "steps", progress.steps());
        put(details, "sequences", progress.sequences());
        put(details, "tokens", progress.tokens());
        put(details, "sequence length", progress.sequenceLength());
        put(details, "global batch", progress.globalBatchSize());
        put(details, "started", run.timing().start());
        put(details, "ended", run.timing().end());
        put(details, "milliseconds", run.timing().durationMillis());
        details.put("attempts", Long.toString(run.attempts()));
        return details;
    }

    private static void put(Map<String, String> details, String name, @Nullable Object value) {
        details.put(name, value == null ? "not known" : value.toString());
    }

    private static MethodFigure figure(Estimate estimate) {
        return new MethodFigure(estimate.method(), estimate.bounds(), estimate.convention());
    }

    private static ComputeReport.@Nullable Hardware hardware(LoggedRun run, RunCompute compute) {
        LoggedRun.Devices devices = run.devices();
        return devices == null && compute.ceiling() == null
                ? null
                : new ComputeReport.Hardware(
                        devices == null ? null : devices.count(),
                        devices == null ? null : devices.model(),
                        compute.ceiling(),
                        compute.modelFlopUtilization());
    }

    private static List<ComputeReport.Price> prices(RunCompute compute) {
        return OperationRow.of(compute.sequenceShares()).stream()
                .map(row -> new ComputeReport.Price(
                        "one sequence", row.name(), row.shape(), row.times(), row.forward(), row.backward()))
                .toList();
    }

    private static boolean hasExperts(@Nullable ParameterCount parameters) {
        return parameters != null && parameters.router() > 0;
    }

    private static List<Event> events(@Nullable LoggedModel model, boolean hasExperts, RunAccount account) {
        List<Event> events = new ArrayList<>();
        for (CellTotals cell : account.totals().cells()) {
            if (cell.moeObservations() > 0 || hasExperts) {
                events.add(new Event("mixture of experts", cell.attempt(), cell.firstStep(), cell.lastStep()));
            }
            cell.peftEvents().forEach((event, techniques) -> {
                if (event != PeftEvent.NONE) {
                    techniques.forEach((technique, count) -> events.add(
                            new Event(technique + " " + event, cell.attempt(), cell.firstStep(), cell.lastStep())));
                }
            });
            if (model != null) {
                for (FineTuning tuning : model.fineTuning()) {
                    events.add(new Event(
                            tuning.technique() + (tuning.rank() == null ? "" : " of rank " + tuning.rank()),
                            cell.attempt(),
                            cell.firstStep(),
                            cell.lastStep()));
                }
            }
        }
        return events;
    }
}
