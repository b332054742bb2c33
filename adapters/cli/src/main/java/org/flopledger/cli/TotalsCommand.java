package org.flopledger.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.flopledger.LedgerAudit;
import org.flopledger.LedgerException;
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

    @Option(names = "--ledger", paramLabel = "DIR", required = true, description = "The ledger.")
    private Path ledger = Path.of("");

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        LedgerAudit audit = audit(ledger);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        audit.faults().forEach(fault -> err.println("flopledger: " + fault));
        if (output.isJson()) {
            try (var json = new CanonicalJson(out)) {
                json.beginObject().text("schema", "flopledger.totals/1");
                LedgerOutput.runs(json, audit.runs());
                LedgerOutput.findings(json, audit.findings());
                json.beginArray("faults");
                audit.faults().forEach(json::element);
                json.endArray().endObject();
            }
        } else {
            LedgerOutput.table(out, audit.runs());
            audit.findings().forEach(finding -> out.println(finding.summary()));
        }
        // An end that was never acknowledged is no fault of the totals; anything else is.
        boolean isFine = audit.faults().size() == (audit.journal().torn() == null ? 0 : 1);
        return (isFine ? ExitStatus.FINE : ExitStatus.FAILURE).code();
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
