package org.flopledger.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerBuilder;
import org.flopledger.LedgerException;
import org.flopledger.RunFinding;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code ingest}: takes the steps of logs into a ledger on disk. */
@Command(
        name = "ingest",
        description = {
            "Takes the steps of training logs into a ledger on disk, each step once.",
            "",
            "The same logs again change nothing, and it says so. A step is on the disk before it counts; a process that is"
                    + " killed can be started again with the same arguments.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flopledger ingest --ledger ledger/ results/",
            "  flopledger ingest --ledger ledger/ --profile eu-gpai results/",
            "",
            "Ends with 0 if fine, 1 if nothing usable was found or the ledger cannot be written, 3 if a threshold was"
                    + " crossed.",
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class IngestCommand implements Callable<Integer> {

    @Option(
            names = "--ledger",
            paramLabel = "DIR",
            required = true,
            description = "The ledger; made if it is not there.")
    private Path ledger = Path.of("");

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or folders to look for logs in.")
    private List<Path> paths = List.of();

    @Option(
            names = "--profile",
            paramLabel = "ID",
            description = "Put the rules of a profile in force. May be repeated.")
    private List<String> profiles = List.of();

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        LedgerBuilder builder = builder();
        LogCollection found;
        try (ProgressBar progress = ProgressBar.on(err)) {
            found = TrainingLogs.read(paths, progress);
        }
        found.rejections().forEach(rejection -> err.println("flopledger: " + AnalysisTable.describe(rejection)));
        if (found.runs().isEmpty()) {
            throw new CommandFailure("no usable run was found; the ledger was not touched");
        }
        Map<String, LoggedRunSteps.Counts> counts = new LinkedHashMap<>();
        List<RunFinding> findings = ingest(builder, found.runs(), counts);
        print(counts, findings);
        boolean crossed = findings.stream()
                .anyMatch(finding -> finding.finding().kind() == FindingKind.CROSSED
                        || finding.finding().kind() == FindingKind.RATIO_CROSSED);
        return (crossed ? ExitStatus.CROSSED : ExitStatus.FINE).code();
    }

    private LedgerBuilder builder() {
        LedgerBuilder builder = ComputeLedger.open(ledger);
        try {
            profiles.forEach(id -> builder.profile(ReviewProfiles.named(id)));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return builder;
    }

    private List<RunFinding> ingest(
            LedgerBuilder builder, List<LoggedRun> runs, Map<String, LoggedRunSteps.Counts> counts) {
        try (ComputeLedger open = builder.start()) {
            open.cut()
                    .ifPresent(cut -> spec.commandLine()
                            .getErr()
                            .println("flopledger: cut off before the first step was taken in: " + cut));
            int before = open.findings().size();
            for (LoggedRun run : runs) {
                counts.put(run.id(), new LoggedRunSteps(run).ingestInto(open));
            }
            List<RunFinding> all = open.findings();
            return new ArrayList<>(all.subList(before, all.size()));
        } catch (LedgerException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private void print(Map<String, LoggedRunSteps.Counts> counts, List<RunFinding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            try (var json = new CanonicalJson(out)) {
                json.beginObject().text("schema", "flopledger.ingest/1").beginArray("runs");
                counts.forEach((run, count) -> json.beginObject()
                        .text("run", run)
                        .exact("rows", count.rows())
                        .exact("accepted", count.accepted())
                        .exact("duplicates", count.duplicates())
                        .exact("conflicts", count.conflicts())
                        .endObject());
                json.endArray();
                LedgerOutput.findings(json, findings);
                json.endObject();
            }
            return;
        }
        var grid = new TextGrid("run", "steps", "new", "already there", "contradicting");
        counts.forEach((run, count) -> grid.row(
                run,
                Long.toString(count.rows()),
                Long.toString(count.accepted()),
                Long.toString(count.duplicates()),
                Long.toString(count.conflicts())));
        grid.print(out);
        if (counts.values().stream().allMatch(count -> count.accepted() == 0)) {
            out.println("Nothing new: the ledger held every step already and is unchanged.");
        }
        findings.forEach(finding -> out.println(finding.summary()));
    }
}
