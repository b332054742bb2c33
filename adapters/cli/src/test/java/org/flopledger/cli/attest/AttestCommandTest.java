package org.flopledger.cli.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttestCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path ledger;
    private Path key;
    private Path publicKey;

    @BeforeEach
    void aLedgerAndKeys() throws Exception {
        SampleLogs.gpt3(folder.resolve("logs/secret-project"), 20, 1);
        SampleLogs.gpt3(folder.resolve("logs/b"), 30, 2);
        ledger = folder.resolve("ledger");
        CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("logs"));
        keys("Ed25519");
    }

    private void keys(String kind) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.startsWith("secp") ? "EC" : kind);
        if (kind.startsWith("secp")) {
            generator.initialize(new ECGenParameterSpec(kind));
        }
        KeyPair pair = generator.generateKeyPair();
        key = pem("PRIVATE", pair.getPrivate().getEncoded());
        publicKey = pem("PUBLIC", pair.getPublic().getEncoded());
    }

    private Path pem(String kind, byte[] encoded) throws IOException {
        return Files.writeString(
                folder.resolve(kind + System.nanoTime() + ".pem"),
                "-----BEGIN " + kind + " KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END "
                        + kind + " KEY-----\n");
    }

    private Path attest(Object... more) throws IOException {
        Object[] words = new Object[more.length + 8];
        List<Object> first = List.of(
                "attest",
                "--ledger",
                ledger,
                "--key",
                key,
                "--public-key",
                publicKey,
                "--counted-at=2026-11-21T10:00:00Z");
        for (int i = 0; i < words.length; i++) {
            words[i] = i < 8 ? first.get(i) : more[i - 8];
        }
        CommandLineRun run = CommandLineRun.of(words);
        assertThat(run.status()).as(run.err()).isZero();
        return Files.writeString(folder.resolve("statement" + System.nanoTime() + ".json"), run.out());
    }

    private CommandLineRun verify(Path envelope) {
        return CommandLineRun.of("verify", ledger, "--attestation", envelope, "--public-key", publicKey);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "secp256r1", "secp384r1"})
    void a_statement_is_verified_against_key_and_ledger(String kind) throws Exception {
        keys(kind);
        Path envelope = attest("--disclose", "run");

        CommandLineRun verified = verify(envelope);
        assertThat(verified.status()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("The attestation is signed by this key");
        JsonNode statement = Envelope.read(envelope).statement();
        assertThat(statement.path("_type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
        assertThat(statement.at("/predicate/operations/best").asText())
                .isEqualTo(CommandLineRun.of("totals", ledger, "--output", "json")
                        .json()
                        .at("/together/flop")
                        .asText());
        assertThat(statement.at("/predicate/ledger/head").asText())
                .isEqualTo("sha256:"
                        + CommandLineRun.of("verify", ledger, "--output", "json")
                                .json()
                                .path("headHash")
                                .asText());
        assertThat(statement.at("/predicate/nonClaims").size()).isGreaterThan(2);
    }

    @Test
    void a_statement_of_an_earlier_day_is_about_the_ledger_that_grew_since() throws Exception {
        Path envelope = attest();
        SampleLogs.gpt3(folder.resolve("more"), 40, 3);
        CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("more"));

        assertThat(verify(envelope).status()).isZero();
        Path other = folder.resolve("other");
        CommandLineRun.of("ingest", "--ledger", other, folder.resolve("more"));
        assertThat(CommandLineRun.of("verify", other, "--attestation", envelope, "--public-key", publicKey)
                        .err())
                .contains("not about this ledger");
    }

    @Test
    void any_flipped_byte_of_statement_or_signature_is_noticed() throws Exception {
        Envelope sound = Envelope.read(attest());
        var pub = PemKey.publicKey(publicKey);

        assertThat(sound.isSignedBy(pub)).isTrue();
        for (int i = 0; i < sound.payload().length; i++) {
            byte[] payload = sound.payload();
            payload[i] ^= 1;
            assertThat(new Envelope(payload, sound.keyId(), sound.signature()).isSignedBy(pub))
                    .as("byte %s", i)
                    .isFalse();
        }
        for (int i = 0; i < sound.signature().length; i++) {
            byte[] signature = sound.signature();
            signature[i] ^= 1;
            assertThat(new Envelope(sound.payload(), sound.keyId(), signature).isSignedBy(pub))
                    .as("byte %s", i)
                    .isFalse();
        }
    }

    @Test
    void a_changed_statement_and_another_key_are_refused_by_the_command() throws Exception {
        Path envelope = attest();
        ObjectNode json = (ObjectNode) JSON.readTree(Files.readString(envelope));
        String payload =
                new String(Base64.getDecoder().decode(json.path("payload").asText()), StandardCharsets.UTF_8);
        json.put(
                "payload",
                Base64.getEncoder()
                        .encodeToString(payload.replace("\"best\":\"2", "\"best\":\"1")
                                .replace("self_attested", "third_party")
                                .getBytes(StandardCharsets.UTF_8)));
        Path forged = Files.writeString(folder.resolve("forged.json"), json.toString());

        assertThat(verify(forged).status()).isEqualTo(1);
        assertThat(verify(forged).err()).contains("signature is not by this key");
        keys("Ed25519");
        assertThat(verify(envelope).status()).isEqualTo(1);
        assertThat(CommandLineRun.of("verify", ledger, "--attestation", envelope)
                        .status())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("verify", ledger, "--attestation", key, "--public-key", publicKey)
                        .status())
                .isEqualTo(1);
    }

    /** A right signature over figures that the ledger does not hold. */
    @Test
    void a_signed_lie_about_this_ledger_is_noticed() throws Exception {
        String statement = new String(Envelope.read(attest()).payload(), StandardCharsets.UTF_8);
        String best = Envelope.parse(statement).at("/predicate/operations/best").asText();
        Envelope lie = Envelope.sign(statement.replace(best, "1"), PemKey.privateKey(key), "");
        Path file = Files.writeString(folder.resolve("lie.json"), lie.toJson());

        assertThat(verify(file).err()).contains("attestation's operations are not what the ledger says");
    }

    @Test
    void openssl_accepts_the_signature_and_refuses_one_flipped_byte() throws Exception {
        assumeTrue(runs("openssl", "version"), "openssl was not found: the signature has no outside verifier here");
        for (String kind : List.of("Ed25519", "secp256r1")) {
            keys(kind);
            Envelope envelope = Envelope.read(attest());
            Path signed = Files.write(folder.resolve("signed"), Envelope.encoded(envelope.payload()));
            Path signature = Files.write(folder.resolve("signature"), envelope.signature());
            String[] command = kind.startsWith("secp")
                    ? new String[] {
                        "openssl",
                        "dgst",
                        "-sha256",
                        "-verify",
                        publicKey.toString(),
                        "-signature",
                        signature.toString(),
                        signed.toString()
                    }
                    : new String[] {
                        "openssl",
                        "pkeyutl",
                        "-verify",
                        "-pubin",
                        "-inkey",
                        publicKey.toString(),
                        "-rawin",
                        "-in",
                        signed.toString(),
                        "-sigfile",
                        signature.toString()
                    };

            assertThat(runs(command)).as(kind).isTrue();
            byte[] bytes = Files.readAllBytes(signed);
            bytes[bytes.length / 2] ^= 1;
            Files.write(signed, bytes);
            assertThat(runs(command)).as(kind).isFalse();
        }
    }

    @Test
    void keys_written_by_openssl_are_read() throws Exception {
        assumeTrue(runs("openssl", "version"), "openssl was not found");
        key = folder.resolve("own.pem");
        publicKey = folder.resolve("own.pub");
        assertThat(runs("openssl", "genpkey", "-algorithm", "ed25519", "-out", key.toString()))
                .isTrue();
        assertThat(runs("openssl", "pkey", "-in", key.toString(), "-pubout", "-out", publicKey.toString()))
                .isTrue();

        assertThat(verify(attest()).status()).isZero();
    }

    @Test
    void what_is_told_is_what_was_allowed() throws Exception {
        String run = CommandLineRun.of("totals", ledger, "--output", "json")
                .json()
                .at("/runs/0/run")
                .asText();
        String totals = new String(Envelope.read(attest()).payload(), StandardCharsets.UTF_8);
        String stages = new String(Envelope.read(attest("--disclose", "stage")).payload(), StandardCharsets.UTF_8);
        String runs = new String(Envelope.read(attest("--disclose", "run")).payload(), StandardCharsets.UTF_8);

        assertThat(totals).doesNotContain(run).doesNotContain("PRETRAINING").doesNotContain("gpt3");
        assertThat(stages).doesNotContain(run).contains("PRETRAINING").doesNotContain("starting weights");
        assertThat(runs).contains(run).contains("PRETRAINING");
        for (String told : List.of(totals, stages, runs)) {
            assertThat(told)
                    .doesNotContain("secret-project")
                    .doesNotContain("H100")
                    .doesNotContain("result_1");
        }
    }

    @Test
    void verdicts_are_a_simple_verification_result() throws Exception {
        Path envelope = attest("--verdicts", "--profile", "eu-gpai-all", "--subject", key);
        JsonNode statement = Envelope.read(envelope).statement();

        assertThat(statement.path("predicateType").asText()).isEqualTo("https://in-toto.io/attestation/svr/v0.2");
        assertThat(statement.at("/predicate/verifier/policies/0/uri").asText()).endsWith("eu-gpai-all");
        assertThat(statement.at("/predicate/timeCreated").asText()).isEqualTo("2026-11-21T10:00:00Z");
        assertThat(statement.at("/predicate/properties").toString()).contains("FLOPLEDGER_EU_GPAI_SR_BELOW");
        assertThat(statement.path("subject").size()).isEqualTo(2);
        assertThat(verify(envelope).status()).isZero();
    }

    @Test
    void a_key_of_another_kind_and_half_a_pair_are_refused_without_a_word_of_the_key() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        Path other = pem("PRIVATE", rsa.generateKeyPair().getPrivate().getEncoded());

        CommandLineRun refused = CommandLineRun.of("attest", ledger, "--key", other);
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("neither Ed25519 nor").doesNotContain("MII");
        Path first = key;
        keys("Ed25519");
        assertThat(CommandLineRun.of("attest", ledger, "--key", first, "--public-key", publicKey)
                        .err())
                .contains("not the other half");
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
