package org.flopledger.cli.attest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.flopledger.LedgerAudit;
import org.flopledger.cli.attest.ComputeStatement.Disclosure;
import org.flopledger.cli.attest.ComputeStatement.Subject;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.LedgerChoice;
import org.flopledger.cli.options.Lines;
import org.flopledger.cli.options.RepairStep;
import org.flopledger.cli.options.Version;
import org.flopledger.cli.runs.ReportContent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code attest}: a signed statement of what a ledger's runs cost. */
@Command(
        name = "attest",
        description = {
            "Signs a statement of what the runs of a ledger cost, or of what rules say of it.",
            "",
            "Writes an in-toto statement in a DSSE envelope. The signature proves who signed it and that nothing was changed"
                    + " since. It does not prove that the figures are true, nor that no other training took place; the"
                    + " statement says so. --disclose chooses how much it states: never more than sums, stages and names of"
                    + " runs and ancestors.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout -out public.pem",
            "  flopledger attest --ledger ledger/ --key key.pem --public-key public.pem > compute.dsse.json",
            "  flopledger attest ledger/ --key key.pem --disclose run --subject model.safetensors > compute.dsse.json",
            "  flopledger attest ledger/ --key key.pem --profile eu-gpai-all --verdicts > verdicts.dsse.json",
            "  flopledger verify ledger/ --attestation compute.dsse.json --public-key public.pem"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class AttestCommand implements Callable<Integer> {

    @Mixin
    private LedgerChoice ledger = new LedgerChoice();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "The private key: PEM of PKCS#8, Ed25519 or ECDSA on P-256 or P-384.")
    private Path key = Path.of("");

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "The public key, by whose hash the envelope names the key; the signature is checked with it.")
    private @Nullable Path publicKey;

    @Option(
            names = "--subject",
            paramLabel = "FILE",
            description = "What the statement is about, such as the weights; its hash is taken. May be repeated. It is"
                    + " always about the ledger, by its head.")
    private List<Path> subjects = List.of();

    @Option(
            names = "--disclose",
            paramLabel = "LEVEL",
            description = "How much is told, one of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Disclosure disclosure = Disclosure.TOTALS;

    @Option(names = "--verdicts", description = "State what the rules say (an SVR) instead of what training cost.")
    private boolean verdicts;

    @Option(
            names = "--counted-at",
            paramLabel = "INSTANT",
            description = "When the figures were counted, such as 2026-11-21T10:00:00Z. Default: now.")
    private @Nullable String countedAt;

    @Mixin
    private Lines lines = new Lines();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        LedgerAudit audit = ledger.audit();
        if (!audit.faults().isEmpty()) {
            throw new CommandFailure("the ledger does not add up, so nothing is signed: "
                    + String.join("; ", audit.faults()) + ". " + RepairStep.of(audit));
        }
        var report = ReportContent.of(audit, lines.named());
        if (verdicts && report.profiles().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--verdicts needs --profile ID or --rule ID");
        }
        try {
            var statement = new ComputeStatement(
                    report, subjects(audit), audit.journal().records(), at(), disclosure);
            String text = verdicts ? statement.result() : statement.compute();
            var pub = publicKey == null ? null : PemKey.publicKey(publicKey);
            Envelope envelope = Envelope.sign(text, PemKey.privateKey(key), pub == null ? "" : PemKey.id(pub));
            if (pub != null && !envelope.isSignedBy(pub)) {
                throw new CommandFailure("--public-key is not the other half of --key; nothing was written");
            }
            spec.commandLine().getOut().print(envelope.toJson());
            return ExitStatus.FINE.code();
        } catch (IOException e) {
            throw new CommandFailure("cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private Instant at() {
        if (countedAt == null) {
            return InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
        }
        try {
            return Instant.parse(countedAt);
        } catch (DateTimeParseException e) {
            throw new ParameterException(
                    spec.commandLine(), "--counted-at is '" + countedAt + "', must be such as 2026-11-21T10:00:00Z", e);
        }
    }

    private List<Subject> subjects(LedgerAudit audit) throws IOException {
        List<Subject> all = new ArrayList<>();
        for (Path subject : subjects) {
            all.add(new Subject(String.valueOf(subject.getFileName()), sha256(subject)));
        }
        all.add(new Subject(AttestationCheck.LEDGER, audit.journal().headHash()));
        return all;
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
