package org.flopledger.cli.ledger;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerBuilder;
import org.flopledger.LedgerException;
import org.flopledger.RunFinding;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.MappingChoice;
import org.flopledger.cli.options.OutputChoice;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.options.WrittenLedger;
import org.flopledger.cli.output.LedgerOutput;
import org.flopledger.cli.runs.LogRoad;
import org.flopledger.cli.runs.NotUsed;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.runs.RunAnalysis;
import org.flopledger.cli.runs.SourceLabel;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.cli.text.Terminal;
import org.flopledger.cli.text.TextGrid;
import org.flopledger.logs.IntakeResult;
import org.flopledger.logs.LogCollection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
            "  flopledger ingest --ledger ledger/ --profile eu-gpai-all results/",
            "",
            "Ends with 0 if fine, 1 if a path is missing, nothing usable was found, a log contradicts another or the ledger",
            "cannot be written, 3 if a threshold was crossed by one of these runs, 4 if too little is known to say that",
            "none was. These are the codes of analyze on the same logs."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class IngestCommand implements Callable<Integer> {

    @Mixin
    private WrittenLedger ledger = new WrittenLedger();

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or folders to look for logs in.")
    private List<Path> paths = List.of();

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Mixin
    private MappingChoice mapping = new MappingChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        LedgerBuilder builder = ledger.builder();
        LogCollection found = mapping.read(paths, err);
        if (!LogRoad.isUsable(found, err)) {
            throw new CommandFailure("no usable run was found; the ledger was not touched");
        }
        try (ComputeLedger open = ledger.start(builder)) {
            int before = open.findings().size();
            LogRoad road = LogRoad.into(open, found, ledger.lines());
            List<RunFinding> all = open.findings();
            print(road, all.subList(before, all.size()));
            return road.status(err).code();
        } catch (LedgerException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private void print(LogRoad road, List<RunFinding> fresh) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            try (var json = new CanonicalJson(out)) {
                write(json, road, fresh);
            }
            return;
        }
        List<NumberedRun> numbered = NumberedRun.ofLogs(road.runs());
        var grid = new TextGrid("run", "source", "steps", "new", "already there", "contradicting");
        for (NumberedRun run : numbered) {
            IntakeResult intake = road.runs().get(run.number() - 1).intake();
            SourceLabel source = run.source();
            grid.row(
                    intake.run(),
                    source == null ? "?" : source.shown(),
                    Long.toString(intake.rows()),
                    Long.toString(intake.accepted()),
                    Long.toString(intake.duplicates()),
                    Long.toString(intake.conflicts()));
        }
        grid.elastic(1);
        grid.print(out, Terminal.width());
        if (road.runs().stream().allMatch(analysis -> analysis.intake().kind() == IntakeResult.Kind.KNOWN)) {
            out.println("Nothing new: the ledger held every step already and is unchanged.");
        }
        LedgerOutput.findings(out, fresh);
        NotUsed.print(out, road.found().rejections());
    }

    private static void write(CanonicalJson json, LogRoad road, List<RunFinding> fresh) {
        json.beginObject().text("schema", "flopledger.ingest/1").beginArray("runs");
        for (RunAnalysis analysis : road.runs()) {
            IntakeResult intake = analysis.intake();
            json.beginObject()
                    .text("run", intake.run())
                    .exact("rows", intake.rows())
                    .exact("accepted", intake.accepted())
                    .exact("duplicates", intake.duplicates())
                    .exact("conflicts", intake.conflicts())
                    .exact("rejected", intake.rejected())
                    .text("kind", intake.kind().name())
                    .text("why", intake.why())
                    .endObject();
        }
        json.endArray();
        LedgerOutput.findings(json, fresh);
        NotUsed.write(json, road.found().rejections());
        json.endObject();
    }
}
