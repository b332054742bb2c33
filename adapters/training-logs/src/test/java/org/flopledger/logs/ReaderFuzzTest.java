package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages good files at random places. Whatever comes out is read or counted; nothing is thrown, no reader fails, and no figure is
 * negative.
 *
 * <p>The seed is another in every run and in the message of a failure; {@code -Dflopledger.seed=N} repeats one, and
 * {@code -Dflopledger.rounds=N} goes on for longer. What was found becomes a file of {@code hostile} in the test resources.
 */
class ReaderFuzzTest {

    private static final int ROUNDS = Integer.getInteger("flopledger.rounds", 250);
    private static final String[] PIECES = {
        "\r",
        "\n",
        "\u0000",
        "{",
        "}",
        "[",
        "\"",
        "-",
        "1e999",
        "1e-999999999",
        "99999999999999999999",
        "9223372036854775807",
        "4611686018427387904",
        ":::MLLOG ",
        ":::MLL ",
        "NaN",
        "Infinity",
        "null",
        "\\",
        "\\u0000",
        "\u00e2\u0096"
    };

    private static final String STATE =
            "{\"epoch\": 1.0, \"global_step\": 20, \"log_history\": [{\"step\": 10, \"loss\": 0.5}, {\"step\": 20,"
                    + " \"train_runtime\": 10.5, \"num_tokens\": 4096}], \"max_steps\": 20, \"total_flos\": 1.5e+16}";

    private static final String CONFIG =
            "{\"model_type\": \"llama\", \"architectures\": [\"LlamaForCausalLM\"], \"hidden_size\": 64,"
                    + " \"intermediate_size\": 128, \"num_hidden_layers\": 2, \"num_attention_heads\": 4,"
                    + " \"num_key_value_heads\": 4, \"vocab_size\": 100}";

    private final long seed = Long.getLong("flopledger.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    private Path folder;

    @Test
    void survivesDamagedMlperfLogs() throws IOException {
        damage("log.txt", mlperf());
    }

    @Test
    void survivesDamagedMlperfLogsOfOldRounds() throws IOException {
        damage(
                "log.txt",
                (":::MLL 1558634047.437 submission_benchmark: {\"value\": \"bert\", \"metadata\": {\"lineno\": 35}}\n"
                        + ":::MLL 1558634048.437 global_batch_size: {\"value\": 8}\n"
                        + ":::MLL 1558634049.5 run_start: {\"value\": null}\n"
                        + ":::MLL 1558634050.5 run_stop: {\"value\": null, \"metadata\": {\"status\": \"success\"}}\n"));
    }

    @Test
    void survivesDamagedSystemDescriptions() throws IOException {
        Files.writeString(folder.resolve("log.txt"), mlperf());
        damage(
                "system.json",
                "{\"number_of_nodes\": 2, \"accelerators_per_node\": \"8\", \"accelerator_model_name\": \"NVIDIA H100-SXM5-80GB\"}");
    }

    @Test
    void survivesDamagedTrainerStates() throws IOException {
        damage("trainer_state.json", STATE);
    }

    @Test
    void survivesDamagedModelConfigurations() throws IOException {
        Files.writeString(folder.resolve("trainer_state.json"), STATE);
        damage("config.json", CONFIG);
    }

    @Test
    void survivesDamagedAdapterDescriptions() throws IOException {
        Files.writeString(folder.resolve("trainer_state.json"), STATE);
        Files.writeString(folder.resolve("config.json"), CONFIG);
        damage(
                "adapter_config.json",
                "{\"peft_type\": \"LORA\", \"r\": 8, \"lora_alpha\": 16, \"target_modules\": [\"q_proj\", \"v_proj\"],"
                        + " \"rank_pattern\": {\"q_proj\": 4}, \"bias\": \"none\"}");
    }

    @Test
    void survivesDamagedStepLines() throws IOException {
        damage("kite.log", "kite step 1 sequences 8 length 64\nkite step 2 sequences 8 length 64\n".repeat(5));
    }

    /** Every file that was once too much for a reader. */
    @Test
    void survivesWhatWasFoundBefore() throws IOException, URISyntaxException {
        var hostile = Objects.requireNonNull(getClass().getResource("hostile"), "folder hostile");
        List<Path> files;
        try (Stream<Path> found = Files.list(Path.of(hostile.toURI()))) {
            files = found.sorted().toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            assertThatCode(() -> check(file)).as(file.toString()).doesNotThrowAnyException();
        }
    }

    private static String mlperf() {
        byte[] bytes = new MlperfLogWriter()
                .benchmark("gpt3", 16)
                .value("max_sequence_length", "2048")
                .value("init_checkpoint_step", "4000")
                .start()
                .evaluated("epoch_num", 16L * 2048 * 100)
                .evaluated("epoch_num", 16L * 2048 * 200)
                .stop("success")
                .bytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void damage(String name, String good) throws IOException {
        Path file = folder.resolve(name);
        byte[] whole = good.getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bad = damaged(whole);
            Files.write(file, bad);
            String told = "-Dflopledger.seed=" + seed + ", round " + round + ": "
                    + new String(bad, StandardCharsets.ISO_8859_1);
            assertThatCode(() -> check(folder)).as(told).doesNotThrowAnyException();
        }
    }

    private static void check(Path path) {
        LogCollection found = TrainingLogs.read(List.of(path), 1, (done, files) -> {});
        assertThat(found.uses()).isNotEmpty();
        assertThat(found.rejections()).extracting(Rejection::reason).doesNotContain(RejectionReason.READER_FAILED);
        for (LoggedRun run : found.runs()) {
            if (run.progress().tokens() != null) {
                assertThat(run.progress().tokens()).isPositive();
            }
            if (run.timing().durationMillis() != null) {
                assertThat(run.timing().durationMillis()).isNotNegative();
            }
            RunCompute compute = RunCompute.of(run);
            if (compute.total() != null) {
                assertThat(compute.total().value().isZero()).isFalse();
            }
        }
    }

    private byte[] damaged(byte[] good) {
        byte[] bad = good;
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            String text = new String(bad, StandardCharsets.ISO_8859_1);
            int at = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), at + random.nextInt(12));
            String piece = random.nextInt(3) == 0 ? "" : PIECES[random.nextInt(PIECES.length)];
            bad = (text.substring(0, at) + piece + text.substring(random.nextInt(4) == 0 ? text.length() : to))
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        return bad;
    }
}
