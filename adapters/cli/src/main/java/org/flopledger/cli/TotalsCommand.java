package org.flopledger.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.flopledger.LedgerAudit;
import org.flopledger.LedgerException;
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
            "Reads only; another process may be writing the ledger meanwhile. What lies behind the last whole commit, after a"
                    + " crash or while one is being written, is not counted, and is named.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class TotalsCommand implements Callable<Integer> {

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
        LedgerAudit audit = audit(ledger.directory());
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        audit.faults().forEach(fault -> err.println("flopledger: " + fault));
        String repair = repair(audit);
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
        List<NumberedRun> runs = LedgerOutput.numbered(audit);
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

    /** Returns what to do about the faults of a ledger, or null if it has none. */
    static @Nullable String repair(LedgerAudit audit) {
        if (audit.faults().isEmpty()) {
            return null;
        }
        boolean isTornOnly = audit.journal().torn() != null && audit.faults().size() == 1;
        return isTornOnly ? RepairStep.UNFINISHED_END : RepairStep.DAMAGED;
    }

    static LedgerAudit audit(Path ledger) {
        return audit(ledger, null);
    }

    static LedgerAudit audit(Path ledger, @Nullable String earlierHead) {
        try {
            return LedgerAudit.of(ledger, earlierHead);
        } catch (LedgerException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
