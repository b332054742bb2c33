package org.flopledger.cli.ledger;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.flopledger.LedgerAudit;
import org.flopledger.cli.attest.AttestationCheck;
import org.flopledger.cli.attest.Envelope;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.LedgerChoice;
import org.flopledger.cli.options.OutputChoice;
import org.flopledger.cli.options.RepairStep;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.output.LedgerOutput;
import org.flopledger.cli.output.RowChoice;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.journal.JournalRecovery;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code verify}: reads every record of a ledger on disk and derives everything again. */
@Command(
        name = "verify",
        description = {
            "Reads every record of a ledger, checks each against the one before it, and derives all totals again.",
            "",
            "Proves that the records fit together: none was damaged, left out or inserted by accident, and the totals"
                    + " follow from them. It does not prove that what was recorded is true, nor who wrote it: anyone who can"
                    + " write the directory can write a whole new history with matching hashes, or cut records off the end.",
            "",
            "To detect that, keep the head hash where such a person cannot change it. --expect-head takes the head hash of"
                    + " an earlier day and shows that today's history extends it.",
            ""
        },
        footerHeading = "%nExit codes:%n",
        footer =
                "  0 if everything adds up, 1 if anything does not or the expected head is not there; the message says where.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class VerifyCommand implements Callable<Integer> {

    @Mixin
    private LedgerChoice ledger = new LedgerChoice();

    @Option(
            names = "--expect-head",
            paramLabel = "HASH",
            description = "A head hash that this command printed before: the history must extend it.")
    private @Nullable String expectedHead;

    @Mixin
    private AttestationCheck attestation = new AttestationCheck();

    @Mixin
    private OutputChoice output = new OutputChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        Envelope envelope = attestation.envelope();
        String named = envelope == null ? null : AttestationCheck.head(envelope);
        if (named != null && expectedHead != null && !named.equals(head(expectedHead))) {
            throw new CommandFailure("the attestation names another head than --expect-head; check one at a time");
        }
        String head = expectedHead == null ? named : head(expectedHead);
        LedgerAudit audit = ledger.audit(head);
        List<String> faults = new ArrayList<>(audit.faults());
        if (envelope != null) {
            faults.addAll(attestation.faults(envelope, audit));
        }
        if (expectedHead != null && head != null && audit.journal().soughtRecord() < 0) {
            faults.add(notFound(head, audit.journal()));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            json(out, audit, faults);
        } else {
            text(out, audit, faults, envelope);
        }
        return (faults.isEmpty() ? ExitStatus.FINE : ExitStatus.FAILURE).code();
    }

    private static String attested(@Nullable Envelope envelope) {
        return envelope == null ? "" : "The attestation is signed by this key and about this ledger. ";
    }

    private String head(String hash) {
        String digits = hash.strip().toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{64}")) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--expect-head: must be 64 hexadecimal digits, as verify prints them");
        }
        return digits;
    }

    private static String notFound(String head, JournalRecovery journal) {
        String gone = journal.firstSequence() == 0
                ? ""
                : ", unless it is one of those before number " + journal.firstSequence()
                        + ", which were compacted away";
        return "no record of this history has the expected head hash " + head
                + ": it was rewritten, or cut short, or is another ledger's" + gone;
    }

    private void json(PrintWriter out, LedgerAudit audit, List<String> faults) {
        JournalRecovery journal = audit.journal();
        try (var json = new CanonicalJson(out)) {
            json.beginObject()
                    .text("schema", "flopledger.verification/1")
                    .flag("sound", faults.isEmpty())
                    .exact("segments", (long) journal.segments())
                    .exact("commits", journal.commits())
                    .exact("records", journal.records())
                    .exact("bytes", journal.bytes())
                    .exact("firstRecord", journal.firstSequence())
                    .text("headHash", journal.headHash())
                    .flag("closedInOrder", journal.closedInOrder())
                    .flag("endsSealed", journal.endsSealed())
                    .exact("tornBytes", journal.tornBytes())
                    .exact("findingsTold", audit.told());
            LedgerOutput.runs(json, audit.runs());
            LedgerOutput.findings(json, audit.findings());
            json.beginArray("faults");
            faults.forEach(json::element);
            json.endArray();
            if (expectedHead != null) {
                json.flag("extendsExpectedHead", journal.soughtRecord() >= 0)
                        .exact("expectedHeadRecord", journal.soughtRecord() < 0 ? null : journal.soughtRecord());
            }
            json.endObject();
        }
    }

    private void text(PrintWriter out, LedgerAudit audit, List<String> faults, @Nullable Envelope envelope) {
        JournalRecovery journal = audit.journal();
        LedgerOutput.table(out, NumberedRun.ofLedger(audit), new RowChoice());
        LedgerOutput.findings(out, audit.findings());
        out.println(journal.records() + " records in " + journal.commits() + " commits and " + journal.segments()
                + " segments, " + journal.bytes() + " bytes; "
                + audit.findings().size() + " findings.");
        if (journal.firstSequence() > 0) {
            out.println("Records before number " + journal.firstSequence()
                    + " were compacted away; the chain holds from there.");
        }
        if (journal.endsSealed()) {
            out.println(
                    "The last segment was ended for another one. It was not begun when the writer died, or is missing.");
        } else if (!journal.closedInOrder()) {
            out.println(
                    "The last writer did not close the ledger: it died, or is still writing, or records were cut off the"
                            + " end.");
        }
        out.println("Head hash: " + journal.headHash());
        if (journal.soughtRecord() >= 0) {
            out.println("The expected head is record " + journal.soughtRecord() + "; "
                    + (journal.nextSequence() - 1 - journal.soughtRecord()) + " records were added since.");
        }
        PrintWriter err = spec.commandLine().getErr();
        faults.forEach(fault -> err.println("flopledger: " + fault));
        String repair = RepairStep.of(audit);
        if (repair != null) {
            err.println(repair);
        }
        out.println(
                faults.isEmpty()
                        ? attested(envelope)
                                + "Sound: the records fit together and the totals follow from them. Not proven: that they are true, and"
                                + " without --expect-head that they are the records of an earlier day."
                        : "Not sound.");
    }
}
