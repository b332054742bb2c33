package org.flopledger.cli.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerAudit;
import org.flopledger.LedgerBuilder;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.LedgerChoice;
import org.flopledger.cli.options.Lines;
import org.flopledger.cli.options.MappingChoice;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.output.RowField;
import org.flopledger.cli.output.RowPrinter;
import org.flopledger.cli.output.RunColumns;
import org.flopledger.cli.runs.LogRoad;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.runs.ReportContent;
import org.flopledger.cli.text.EscapingWriter;
import org.flopledger.logs.LogCollection;
import org.flopledger.report.ComputeReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code report}: from logs or a ledger to one file for people. */
@Command(
        name = "report",
        description = {
            "Writes a report of runs, from logs or from a ledger, as one file.",
            "",
            "The HTML file needs no network and no scripts; scripts in it let curves be zoomed. Verdicts come first, then every"
                    + " figure with how it was counted. It holds the same as JSON.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flopledger report logs/ --profile eu-gpai-all > report.html",
            "  flopledger report --ledger ledger/ --profile live --file report.html",
            "  flopledger report logs/ --format markdown",
            "",
            "Ends as analyze does on the same logs."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Files or folders to look for logs in.")
    private List<Path> paths = List.of();

    @Option(names = "--ledger", paramLabel = "DIR", description = "Report of a ledger instead of logs.")
    private @Nullable Path ledger;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.HTML;

    @Option(names = "--file", paramLabel = "FILE", description = "Write to a file instead of the standard output.")
    private @Nullable Path file;

    @Mixin
    private Lines lines = new Lines();

    @Mixin
    private MappingChoice mapping = new MappingChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    /** What a report is written as. */
    enum Format {
        HTML,
        MARKDOWN,
        CSV,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        if (paths.isEmpty() == (ledger == null)) {
            throw new ParameterException(spec.commandLine(), "name either PATH... or --ledger DIR");
        }
        return (ledger == null ? ofLogs() : ofLedger(ledger)).code();
    }

    private ExitStatus ofLogs() {
        PrintWriter err = spec.commandLine().getErr();
        LedgerBuilder builder = ComputeLedger.inMemory();
        lines.putInForce(builder);
        LogCollection found = mapping.read(paths, err);
        if (!LogRoad.isUsable(found, err)) {
            throw new CommandFailure("no usable run was found; no report was written");
        }
        try (ComputeLedger open = builder.start()) {
            LogRoad road = LogRoad.into(open, found, lines);
            List<NumberedRun> runs = NumberedRun.ofLogs(road.runs());
            boolean withSubmitter = runs.stream()
                    .anyMatch(run -> run.source() != null && run.source().submitter() != null);
            write(ReportContent.of(road, lines.ids()), runs, RunColumns.all(RunColumns.ofLogs(withSubmitter)));
            return road.status(err);
        }
    }

    private ExitStatus ofLedger(Path directory) {
        LedgerAudit audit = LedgerChoice.audit(directory);
        ComputeReport report = ReportContent.of(audit, lines.named());
        write(report, NumberedRun.ofLedger(audit), RunColumns.all(RunColumns.ofLedger()));
        if (!audit.faults().isEmpty()) {
            audit.faults().forEach(fault -> spec.commandLine().getErr().println("flopledger: " + fault));
            return ExitStatus.FAILURE;
        }
        return Verdicts.status(report.runs().stream()
                .flatMap(run -> run.assessments().stream())
                .toList());
    }

    private void write(ComputeReport report, List<NumberedRun> runs, List<RowField<NumberedRun>> fields) {
        String text = switch (format) {
            case HTML -> new HtmlReport(report).text();
            case MARKDOWN -> new MarkdownReport(report).text();
            case JSON -> report.toJson() + "\n";
            case CSV -> {
                var rows = new StringWriter();
                RowPrinter.csv(new PrintWriter(rows), runs, fields);
                yield rows.toString();
            }
        };
        PrintWriter out = spec.commandLine().getOut();
        Path target = file;
        if (target == null) {
            print(text, out);
            return;
        }
        try (var writer = new PrintWriter(Files.newBufferedWriter(target, StandardCharsets.UTF_8))) {
            print(text, new EscapingWriter(writer));
            if (writer.checkError()) {
                throw new CommandFailure("the report could not be written to " + target + ": the disk refused it");
            }
        } catch (IOException e) {
            throw new CommandFailure("the report could not be written to " + target + ": " + e, e);
        }
    }

    /** A page escapes each text by itself, and its scripts have characters of their own; everything else is escaped here. */
    private void print(String text, PrintWriter out) {
        boolean isPage = format == Format.HTML && out instanceof EscapingWriter;
        PrintWriter target = isPage ? ((EscapingWriter) out).unescaped() : out;
        target.print(text);
        out.flush();
    }
}
