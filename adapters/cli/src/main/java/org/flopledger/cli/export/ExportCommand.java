package org.flopledger.cli.export;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerAudit;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.LedgerChoice;
import org.flopledger.cli.options.Lines;
import org.flopledger.cli.options.MappingChoice;
import org.flopledger.cli.options.RepairStep;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.runs.LogRoad;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.runs.RunAnalysis;
import org.flopledger.exports.ExportFormat;
import org.flopledger.exports.ExportFormat.Recipient;
import org.flopledger.exports.ExportedRun;
import org.flopledger.exports.ExportedRun.Beside;
import org.flopledger.logs.FineTuning;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun;
import org.flopledger.model.ParameterCount;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code export}: from logs or a ledger to the form of another standard. */
@Command(
        name = "export",
        description = {
            "Writes what runs cost in the form of another standard.",
            "",
            "A field of a standard that cannot say that a figure covers a part of a run is filled only where it covers all of it;"
                    + " what is unknown is left out, never 0. Exact amounts stand as decimal texts under our own names.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flopledger export --format cyclonedx logs/ > bom.json",
            "  flopledger export --format openlineage --ledger ledger/ > events.jsonl",
            "  flopledger export --format spdx --ledger ledger/ --run orion-70b > orion.spdx.json",
            "  flopledger export --format eu-form --recipient authority --ledger ledger/ --run orion-70b"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Files or folders to look for logs in.")
    private List<Path> paths = List.of();

    @Option(names = "--ledger", paramLabel = "DIR", description = "Runs of a ledger instead of logs.")
    private @Nullable Path ledger;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description = "One of: ${COMPLETION-CANDIDATES}.")
    private ExportFormat format = ExportFormat.CYCLONEDX;

    @Option(
            names = "--run",
            paramLabel = "RUN",
            description = "Only this run: its number in the list, its identity or a beginning of it.")
    private @Nullable String run;

    @Option(
            names = "--recipient",
            paramLabel = "WHO",
            description =
                    "Who receives the form, for eu-form alone, one of: ${COMPLETION-CANDIDATES}. Default: ai-office.")
    private @Nullable Recipient recipient;

    @Option(
            names = "--created",
            paramLabel = "INSTANT",
            description = "When the document is made, such as 2026-11-21T10:00:00Z. Default: now.")
    private @Nullable String created;

    @Mixin
    private MappingChoice mapping = new MappingChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (paths.isEmpty() == (ledger == null)) {
            throw new ParameterException(spec.commandLine(), "name either PATH... or --ledger DIR");
        }
        if (recipient != null && format != ExportFormat.EU_FORM) {
            throw new ParameterException(spec.commandLine(), "--recipient is for --format eu-form alone");
        }
        Instant at = at();
        return (ledger == null ? ofLogs(at) : ofLedger(ledger, at)).code();
    }

    private ExitStatus ofLogs(Instant at) {
        PrintWriter err = spec.commandLine().getErr();
        LogCollection found = mapping.read(paths, err);
        if (!LogRoad.isUsable(found, err)) {
            throw new CommandFailure("no usable run was found; nothing was exported");
        }
        try (ComputeLedger open = ComputeLedger.inMemory().start()) {
            LogRoad road = LogRoad.into(open, found, new Lines());
            write(NumberedRun.ofLogs(road.runs()), at);
            return road.status(err);
        }
    }

    private ExitStatus ofLedger(Path directory, Instant at) {
        LedgerAudit audit = LedgerChoice.audit(directory);
        if (!audit.faults().isEmpty()) {
            throw new CommandFailure("the ledger does not add up, so nothing is exported: "
                    + String.join("; ", audit.faults()) + ". " + RepairStep.of(audit));
        }
        write(NumberedRun.ofLedger(audit), at);
        return ExitStatus.FINE;
    }

    private void write(List<NumberedRun> all, Instant at) {
        List<ExportedRun> runs =
                chosen(all).stream().map(ExportCommand::exported).toList();
        String text = format.text(Version.library(), runs, at, recipient == null ? Recipient.AI_OFFICE : recipient);
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
    }

    private List<NumberedRun> chosen(List<NumberedRun> all) {
        if (run == null) {
            return all;
        }
        NumberedRun one = NumberedRun.named(run, all);
        if (one == null) {
            throw new CommandFailure("--run '" + run + "' names none of the " + all.size()
                    + " runs, or more than one; nothing was exported");
        }
        return List.of(one);
    }

    private static ExportedRun exported(NumberedRun run) {
        RunAnalysis analysis = run.analysis();
        return new ExportedRun(run.account(), run.facts(), analysis == null ? Beside.NOTHING : beside(analysis));
    }

    private static Beside beside(RunAnalysis analysis) {
        LoggedRun log = analysis.run();
        ParameterCount parameters = analysis.compute().parameters();
        LoggedModel model = log.model();
        LoggedRun.Devices devices = log.devices();
        return new Beside(
                parameters == null ? null : parameters.total(),
                parameters == null ? null : parameters.active(),
                parameters == null ? null : parameters.trainable(),
                model == null
                        ? Set.of()
                        : model.fineTuning().stream().map(FineTuning::technique).collect(Collectors.toSet()),
                log.timing().start(),
                log.timing().end(),
                devices == null ? null : devices.count(),
                devices == null ? null : devices.model());
    }

    private Instant at() {
        if (created == null) {
            return InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
        }
        try {
            return Instant.parse(created);
        } catch (DateTimeParseException e) {
            throw new ParameterException(
                    spec.commandLine(), "--created is '" + created + "', must be such as 2026-11-21T10:00:00Z", e);
        }
    }
}
