package org.flopledger.cli.ledger;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.flopledger.LedgerAudit;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.LedgerChoice;
import org.flopledger.cli.options.OutputChoice;
import org.flopledger.cli.options.RepairStep;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.output.LedgerOutput;
import org.flopledger.cli.output.RowChoice;
import org.flopledger.cli.output.RunExplanation;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.text.CanonicalJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code totals}: prints what the runs of a ledger on disk have cost. */
@Command(
        name = "totals",
        description = {
            "Prints what the runs of a ledger have cost: in total, retained, and discarded by restarts.",
            "",
            "Reads only; another process may be writing the ledger at the same time. What follows the last complete commit, after"
                    + " a crash or while one is being written, is not counted, and is named.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class TotalsCommand implements Callable<Integer> {

    @Mixin
    private LedgerChoice ledger = new LedgerChoice();

    @Mixin
    private RowChoice rows = new RowChoice();

    @Option(
            names = "--explain",
            paramLabel = "RUN",
            description =
                    "Print how the figure of a run was counted instead. RUN is its number in the table, or its name or"
                            + " the beginning of it.")
    private @Nullable String explained;

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        rows.refuseWith(output.isJson());
        if (rows.grouping() == RowChoice.Grouping.FOLDER) {
            throw rows.usage("--group-by folder is not possible: a ledger keeps no path");
        }
        LedgerAudit audit = ledger.audit();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        audit.faults().forEach(fault -> err.println("flopledger: " + fault));
        String repair = RepairStep.of(audit);
        if (repair != null) {
            err.println(repair);
        }
        if (output.isJson()) {
            try (var json = new CanonicalJson(out)) {
                json.beginObject().text("schema", "flopledger.totals/1");
                LedgerOutput.runs(json, audit.runs());
                LedgerOutput.findings(json, audit.findings());
                json.beginArray("faults");
                audit.faults().forEach(json::element);
                json.endArray();
                LedgerOutput.together(json, audit.runs());
                json.endObject();
            }
        } else {
            print(out, audit);
        }
        // An end that was never acknowledged is no fault of the totals; anything else is.
        boolean isFine = audit.faults().size() == (audit.journal().torn() == null ? 0 : 1);
        return (isFine ? ExitStatus.FINE : ExitStatus.FAILURE).code();
    }

    private void print(PrintWriter out, LedgerAudit audit) {
        List<NumberedRun> runs = NumberedRun.ofLedger(audit);
        String name = explained;
        if (name != null) {
            NumberedRun run = NumberedRun.named(name, runs);
            if (run == null) {
                throw rows.usage("--explain is '" + name
                        + "', must name one of the runs: its number, or the beginning of its" + " name");
            }
            new RunExplanation(out).print(run);
        } else {
            LedgerOutput.table(out, runs, rows);
            if (!rows.isCsv()) {
                LedgerOutput.findings(out, audit.findings());
            }
        }
    }
}
