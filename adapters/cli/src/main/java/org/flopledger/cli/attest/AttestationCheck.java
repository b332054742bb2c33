package org.flopledger.cli.attest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.flopledger.LedgerAudit;
import org.flopledger.cli.attest.ComputeStatement.Disclosure;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.runs.ReportContent;
import org.flopledger.report.ComputeReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks a signed statement: its signature, that it is about this ledger, and that this ledger still says what it says. */
public final class AttestationCheck {

    /** The name of the subject that is the ledger, by the hash of its last record. */
    static final String LEDGER = "ledger";

    private static final String HASH = "[0-9a-f]{64}";

    @Option(
            names = "--attestation",
            paramLabel = "FILE",
            description =
                    "A statement that attest wrote: its signature, and its figures against the ledger, are checked.")
    private @Nullable Path attestation;

    @Option(names = "--public-key", paramLabel = "FILE", description = "The key that must have signed the statement.")
    private @Nullable Path publicKey;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    /** Returns the envelope that is to be checked, or null if none is. */
    @Nullable
    public Envelope envelope() {
        Path file = attestation;
        if (file == null) {
            return null;
        } else if (publicKey == null) {
            throw new ParameterException(
                    spec.commandLine(), "--attestation needs --public-key FILE, the key that must have signed");
        }
        try {
            return Envelope.read(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure("the attestation cannot be used: " + e.getMessage(), e);
        }
    }

    /** Returns the head of the ledger that a statement names, or null if it names none. */
    public static @Nullable String head(Envelope envelope) {
        try {
            for (JsonNode subject : envelope.statement().path("subject")) {
                String digest = subject.at("/digest/sha256").asText();
                if (subject.path("name").asText().equals(LEDGER) && digest.matches(HASH)) {
                    return digest;
                }
            }
            return null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns what is wrong with a statement; empty if nothing is. */
    public List<String> faults(Envelope envelope, LedgerAudit audit) {
        List<String> faults = new ArrayList<>();
        Path key = publicKey;
        try {
            if (key == null || !envelope.isSignedBy(PemKey.publicKey(key))) {
                faults.add("the attestation's signature is not by this key over these bytes");
                return faults;
            }
            JsonNode statement = envelope.statement();
            boolean tellsCompute = statement.path("predicateType").asText().equals(ComputeStatement.COMPUTE);
            String head = head(envelope);
            if (head == null || audit.journal().soughtRecord() < 0) {
                faults.add("the attestation is not about this ledger: no record has the head that it names");
            } else if (tellsCompute && head.equals(audit.journal().headHash())) {
                compare(statement.path("predicate"), audit, faults);
            }
        } catch (IOException | IllegalArgumentException e) {
            faults.add("the attestation cannot be checked: " + e.getMessage());
        }
        return faults;
    }

    /** The ledger is where it was when it was signed: it must say the same. */
    private static void compare(JsonNode predicate, LedgerAudit audit, List<String> faults) {
        ComputeReport report = ReportContent.of(audit, List.of());
        Disclosure disclosure =
                Disclosure.valueOf(predicate.path("disclosure").asText().toUpperCase(Locale.ROOT));
        var counted = new ComputeStatement(
                report,
                List.of(new ComputeStatement.Subject(LEDGER, audit.journal().headHash())),
                audit.journal().records(),
                java.time.Instant.EPOCH,
                disclosure);
        JsonNode now = Envelope.parse(counted.compute()).path("predicate");
        for (String field : List.of("operations", "phases", "discarded", "coverage", "ledger", "lineage", "runs")) {
            if (!predicate.path(field).equals(now.path(field))) {
                faults.add("the attestation's " + field + " are not what the ledger says");
            }
        }
    }
}
