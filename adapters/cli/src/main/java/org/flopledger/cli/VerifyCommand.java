package org.flopledger.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.flopledger.LedgerAudit;
import org.flopledger.journal.JournalRecovery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code verify}: reads every record of a ledger on disk and derives everything again. */
@Command(
        name = "verify",
        description = {
            "Reads every record of a ledger, checks each against the one before it, and derives all totals again.",
            "",
            "Proves that no record was changed, left out or put in between since it was written, not that what was recorded"
                    + " is true. Keep the head hash elsewhere to notice records cut off the end.",
            ""
        },
        footerHeading = "%nExit codes:%n",
        footer = "  0 if everything adds up, 1 if anything does not; the message says where.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The ledger.")
    private Path ledger = Path.of("");

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        LedgerAudit audit = TotalsCommand.audit(ledger);
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            json(out, audit);
        } else {
            text(out, audit);
        }
        return (audit.faults().isEmpty() ? ExitStatus.FINE : ExitStatus.FAILURE).code();
    }

    private static void json(PrintWriter out, LedgerAudit audit) {
        JournalRecovery journal = audit.journal();
        try (var json = new CanonicalJson(out)) {
            json.beginObject()
                    .text("schema", "flopledger.verification/1")
                    .flag("sound", audit.faults().isEmpty())
                    .exact("segments", (long) journal.segments())
                    .exact("commits", journal.commits())
                    .exact("records", journal.records())
                    .exact("bytes", journal.bytes())
                    .exact("firstRecord", journal.firstSequence())
                    .text("headHash", journal.headHash())
                    .flag("closedInOrder", journal.closedInOrder())
                    .exact("tornBytes", journal.tornBytes())
                    .exact("findingsTold", audit.told());
            LedgerOutput.runs(json, audit.runs());
            LedgerOutput.findings(json, audit.findings());
            json.beginArray("faults");
            audit.faults().forEach(json::element);
            json.endArray().endObject();
        }
    }

    private void text(PrintWriter out, LedgerAudit audit) {
        JournalRecovery journal = audit.journal();
        LedgerOutput.table(out, audit.runs());
        out.println(journal.records() + " records in " + journal.commits() + " commits and " + journal.segments()
                + " segments, " + journal.bytes() + " bytes; "
                + audit.findings().size() + " findings.");
        if (journal.firstSequence() > 0) {
            out.println("Records before number " + journal.firstSequence()
                    + " were compacted away; the chain holds from there.");
        }
        out.println("Head hash: " + journal.headHash());
        PrintWriter err = spec.commandLine().getErr();
        audit.faults().forEach(fault -> err.println("flopledger: " + fault));
        out.println(audit.faults().isEmpty() ? "Sound." : "Not sound.");
    }
}
