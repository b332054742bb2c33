package org.flopledger.cli.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.options.ExitStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is supplied because logs lack it, and what becomes of files from which nothing comes. */
class SuppliedTest {

    private static final String MODEL = """
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 64, "intermediate_size": 256,
             "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 4, "vocab_size": 1000,
             "tie_word_embeddings": false, "max_position_embeddings": 512, "hidden_act": "silu", "rms_norm_eps": 1e-5}
            """;

    @TempDir
    private Path folder;

    private Path logs;
    private Path model;

    @BeforeEach
    void writeALogThatTellsOnlySteps() throws IOException {
        logs = Files.createDirectory(folder.resolve("logs"));
        Files.writeString(logs.resolve("trainer_log.jsonl"), """
                {"current_steps": 5, "total_steps": 10, "loss": 1.5, "elapsed_time": "0:00:10"}
                {"current_steps": 10, "total_steps": 10, "loss": 1.4, "elapsed_time": "0:00:20"}
                """);
        model = Files.writeString(folder.resolve("config.json"), MODEL);
    }

    @Test
    void pricesByTheLayersWhatIsDeclaredAndSaysSo() {
        CommandLineRun run = CommandLineRun.of(
                "analyze",
                logs,
                "--model",
                model,
                "--tokens-per-step",
                1024,
                "--sequence-length",
                256,
                "--devices",
                "8xH100",
                "--output",
                "json");

        JsonNode found = run.json().path("runs").path(0);
        // Forward of one token: 2 layers of 4 x 64^2 + 3 x 64 x 256 and a head of 64 x 1000, each multiplied and added.
        BigInteger weights = BigInteger.valueOf(2 * (2L * (4 * 64 * 64 + 3 * 64 * 256) + 64 * 1000));
        // 2 layers of 4 x 64 for each of s (s + 1) / 2 pairs.
        BigInteger forward = weights.multiply(BigInteger.valueOf(10_240))
                .add(BigInteger.valueOf(40L * 2 * 4 * 64 * (256 * 257 / 2)));
        assertThat(found.path("compute").path("total").path("flop").textValue())
                .isEqualTo(forward.multiply(BigInteger.valueOf(3)).toString());
        assertThat(found.path("tokens").textValue()).isEqualTo("10240");
        assertThat(found.path("devices").longValue()).isEqualTo(8);
        assertThat(found.path("warnings").findValuesAsText("code")).contains("DECLARED");
    }

    @Test
    void aFileBesideTheLogsDeclaresTheSame() throws IOException {
        String typed = total("--model", model.toString(), "--tokens-per-step", "1024", "--sequence-length", "256");
        Files.writeString(
                logs.resolve("flopledger.json"),
                "{\"model\": \"../config.json\", \"tokensPerStep\": 1024, \"sequenceLength\": 256}");

        assertThat(total()).isEqualTo(typed).isNotEmpty();
        assertThat(CommandLineRun.of("analyze", logs, "--strict").status()).isZero();
    }

    @Test
    void aDeclarationThatMakesNoSenseIsRefusedAloud() throws IOException {
        Files.writeString(logs.resolve("flopledger.json"), "{\"tokensPerStep\": 0}");

        assertThat(CommandLineRun.of("analyze", logs).out()).contains("bad-declaration");
        assertThat(CommandLineRun.of("analyze", logs, "--devices", "many").status())
                .isEqualTo(ExitStatus.USAGE.code());
    }

    @Test
    void strictNamesWhatIsNotUsedAndFails() throws IOException {
        Files.writeString(logs.resolve("notes.txt"), "nothing to count\n");

        CommandLineRun usual = CommandLineRun.of("analyze", logs);
        CommandLineRun strict = CommandLineRun.of("analyze", logs, "--strict");

        assertThat(usual.status()).isZero();
        assertThat(strict.status()).isEqualTo(ExitStatus.FAILURE.code());
        assertThat(strict.out()).contains("Files not used: 1 of 2").contains("notes.txt [unrecognised-text]");
        assertThat(CommandLineRun.of("analyze", logs, "--output", "json").json().path("files"))
                .extracting(file -> file.path("use").textValue())
                .containsExactlyInAnyOrder("used", "unused");
    }

    private String total(String... options) {
        Object[] words = new Object[options.length + 4];
        words[0] = "analyze";
        words[1] = logs;
        words[2] = "--output";
        words[3] = "json";
        System.arraycopy(options, 0, words, 4, options.length);
        return CommandLineRun.of(words)
                .json()
                .path("runs")
                .path(0)
                .path("compute")
                .path("total")
                .toString();
    }
}
