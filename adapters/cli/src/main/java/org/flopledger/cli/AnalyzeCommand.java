package org.flopledger.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.flopledger.ComputeLedger;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.Rejection;
import org.flopledger.logs.RejectionReason;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.FlopCount;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code analyze}: from folders of logs to totals, cross-checks and findings. */
@Command(
        name = "analyze",
        description = {
            "Finds training logs and the files beside them, and prints what each run cost in FLOP.",
            "",
            "Reads MLPerf results (:::MLLOG, with systems/*.json), Hugging Face trainer_state.json (with config.json,"
                    + " adapter_config.json, all_results.json), TensorBoard events, W&B and MLflow runs, tables of"
                    + " Lightning, Keras and Ultralytics, and what nvidia-smi, DCGM, sacct and CodeCarbon measured."
                    + " Files are told apart by content, not by name. A run that appears twice counts once; what was"
                    + " not used is listed with the reason.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flopledger analyze results/",
            "  flopledger analyze results/ --output json > analysis.json",
            "  flopledger analyze results/ --threshold 1e21",
            "  flopledger analyze results/ --rule seed-proposal-2026",
            "",
            "Ends with 0 if fine, 1 if a path is missing or nothing usable was found, 3 if a threshold was crossed,",
            "4 if too little is known to say that none was."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AnalyzeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or folders to look in.")
    private List<Path> paths = List.of();

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Mixin
    private MappingChoice mapping = new MappingChoice();

    @Option(
            names = "--threshold",
            paramLabel = "N",
            description = "Say which runs, with what their starting checkpoint is known to have cost, are above N FLOP,"
                    + " and at which step. For example 1e21 or 3_000_000.")
    private List<String> thresholds = List.of();

    @Option(
            names = "--rule",
            paramLabel = "ID",
            description = "Hold every run against a rule or a profile of rules, for example seed-proposal-2026.")
    private List<String> rules = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Screening> screenings = screenings();
        PrintWriter err = spec.commandLine().getErr();
        LogCollection found;
        try (ProgressBar progress = ProgressBar.on(err)) {
            found = mapping.read(paths, progress, err);
        }
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            List<RunAnalysis> analyses = found.runs().stream()
                    .map(run -> RunAnalysis.of(run, screenings, ledger))
                    .toList();
            print(found, analyses, screenings);
            return status(found, analyses, err).code();
        }
    }

    private List<Screening> screenings() {
        var screenings = new ArrayList<Screening>();
        try {
            thresholds.forEach(text -> screenings.add(new TypedThreshold(FlopCount.parse(text))));
            rules.forEach(id -> screenings.add(new RuleScreening(ReviewProfiles.named(id))));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return screenings;
    }

    private void print(LogCollection found, List<RunAnalysis> analyses, List<Screening> screenings) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            try (var json = new CanonicalJson(out)) {
                new AnalysisJson(json).write(found, analyses, screenings);
            }
        } else if (!analyses.isEmpty()) {
            new AnalysisTable(out).print(found, analyses, screenings);
        } else {
            EvidenceReport.print(found.evidence(), out);
        }
    }

    private static ExitStatus status(LogCollection found, List<RunAnalysis> analyses, PrintWriter err) {
        if (analyses.stream().noneMatch(RunAnalysis::tellsWork)) {
            found.rejections().forEach(rejection -> err.println("flopledger: " + AnalysisTable.describe(rejection)));
            err.println("flopledger: no usable step was found in " + found.files()
                    + (found.files() == 1 ? " file" : " files"));
            return ExitStatus.FAILURE;
        }
        boolean missing = false;
        for (Rejection rejection : found.rejections()) {
            if (rejection.reason() == RejectionReason.MISSING_PATH
                    || rejection.reason() == RejectionReason.UNREADABLE) {
                err.println("flopledger: " + AnalysisTable.describe(rejection));
                missing = true;
            }
        }
        boolean crossed = analyses.stream()
                .flatMap(analysis -> analysis.findings().stream())
                .anyMatch(finding ->
                        finding.kind() == FindingKind.CROSSED || finding.kind() == FindingKind.RATIO_CROSSED);
        boolean undetermined = analyses.stream().anyMatch(RunAnalysis::undetermined);
        return crossed
                ? ExitStatus.CROSSED
                : missing ? ExitStatus.FAILURE : undetermined ? ExitStatus.UNDETERMINED : ExitStatus.FINE;
    }
}
