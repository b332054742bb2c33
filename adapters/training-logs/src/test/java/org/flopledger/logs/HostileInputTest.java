package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.flopledger.logs.FileUse.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was made to end the command, to fill its memory or to make it wait: each costs its own file and nothing else. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileInputTest {

    private static final String CONFIG = "{\"model_type\": \"llama\", \"architectures\": [\"LlamaForCausalLM\"],"
            + " \"hidden_size\": 64, \"intermediate_size\": 128, \"num_hidden_layers\": 2, \"num_attention_heads\": 4,"
            + " \"num_key_value_heads\": 4, \"vocab_size\": 100}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NaN",
                "Infinity",
                "-Infinity",
                "1e400",
                "-1",
                "9223372036854775808",
                "1e-400",
                "\"x\"",
                "[]",
                "{}"
            })
    void takesNoNumberThatIsNone(String number) throws IOException {
        good("good.txt");
        for (String key : List.of("seed", "global_batch_size", "max_sequence_length", "init_checkpoint_step")) {
            new MlperfLogWriter()
                    .benchmark("gpt3", 16)
                    .value(key, number)
                    .value("max_sequence_length", "2048")
                    .start()
                    .evaluated("epoch_num", 16L * 2048 * 100)
                    .stop("success")
                    .to(folder.resolve(key + ".txt"));
        }
        write(
                "time.txt",
                new String(lora(3).bytes(), StandardCharsets.UTF_8)
                        .replaceAll("\"time_ms\": \\d+", "\"time_ms\": " + number));
        write(
                "count.txt",
                new String(lora(4).bytes(), StandardCharsets.UTF_8)
                        .replace("\"samples_count\": 80", "\"samples_count\": " + number));
        write(
                "state.json",
                "{\"global_step\": 2, \"max_steps\": " + number + ", \"total_flos\": " + number
                        + ", \"log_history\": [{\"step\": " + number + ", \"train_runtime\": " + number + "}]}");

        LogCollection found = read();

        assertGoodIsFound(found);
        found.runs().forEach(run -> assertThat(RunCompute.of(run)).isNotNull());
    }

    @Test
    void refusesMoreStepsThanAnyRunHas() throws IOException {
        good("good.txt");
        new MlperfLogWriter()
                .benchmark("llama2_70b_lora", 1)
                .start()
                .stop("success", "samples_count", 1_000_000_000_000L)
                .to(folder.resolve("many.txt"));

        LogCollection found = read();

        assertGoodIsFound(found);
        assertThat(found.rejections())
                .containsExactly(new Rejection(RejectionReason.TOO_MANY_STEPS, 1, folder.resolve("many.txt") + ":5"));
    }

    @Test
    void keepsTheRangeOfAsManyStepsAsARunMayHave() throws IOException {
        new MlperfLogWriter()
                .benchmark("llama2_70b_lora", 1)
                .start()
                .stop("success", "samples_count", LoggedSteps.MOST_STEPS)
                .to(folder.resolve("log.txt"));

        assertThat(read().runs())
                .singleElement()
                .satisfies(run -> assertThat(run.observations().rows()).isEqualTo(1));
    }

    @Test
    void survivesStepsOfMoreThan2To63() throws IOException {
        good("good.txt");
        new MlperfLogWriter()
                .benchmark("llama31_405b", 10_000_000)
                .value("max_sequence_length", "10000000")
                .start()
                .stop("success", "samples_count", 100_000_000)
                .to(folder.resolve("wide.txt"));

        LogCollection found = read();

        assertGoodIsFound(found);
        assertThat(found.runs())
                .filteredOn(run -> run.progress().steps() == 10)
                .hasSize(2)
                .anySatisfy(run -> {
                    assertThat(run.observations().total(StepField.TOKENS)).isEqualTo(1_000_000_000_000_000L);
                    assertThat(run.observations().total(StepField.SQUARED_LENGTHS))
                            .isNull();
                });
    }

    @Test
    void takesNoRankThatNoModelHas() throws IOException {
        for (String rank : new String[] {"2147483647", "9223372036854775807", "-1", "\"wide\""}) {
            Path log = new MlperfLogWriter()
                    .benchmark("llama2_70b_lora", 8)
                    .value("lora_rank", rank)
                    .start()
                    .stop("success", "samples_count", 80)
                    .to(folder.resolve("log.txt"));

            LoggedRun run =
                    TrainingLogs.read(List.of(log), (done, files) -> {}).runs().get(0);

            assertThat(run.model()).as(rank).isNull();
            assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.IMPLAUSIBLE_VALUE);
        }
    }

    @Test
    void takesALengthInTextAndNeverADefaultForOneThatMakesNoSense() throws IOException {
        assertThat(lengthOf("\"4096\"")).isEqualTo(4096);
        assertThat(lengthOf("4096")).isEqualTo(4096);
        assertThat(lengthOf("\"\"")).as("left out: the benchmark's rule").isEqualTo(8192);
        assertThat(lengthOf("null")).isEqualTo(8192);
        for (String senseless : new String[] {"\"4k\"", "-5", "0", "1e30", "NaN", "\"99999999999999999999\""}) {
            assertThat(lengthOf(senseless)).as(senseless).isNull();
        }
    }

    private Long lengthOf(String json) throws IOException {
        Path log = new MlperfLogWriter()
                .benchmark("llama31_8b", 8)
                .value("max_sequence_length", json)
                .start()
                .stop("success", "samples_count", 80)
                .to(folder.resolve("log.txt"));
        return TrainingLogs.read(List.of(log), (done, files) -> {})
                .runs()
                .get(0)
                .progress()
                .sequenceLength();
    }

    @Test
    void takesNoDurationThatIsAbsurd() throws IOException {
        write(
                "state.json",
                "{\"global_step\": 2, \"max_steps\": 2, \"total_flos\": 1e16,"
                        + " \"log_history\": [{\"step\": 2, \"train_runtime\": 9.4e15}]}");

        LoggedRun run = read().runs().get(0);

        assertThat(run.timing().durationMillis()).isNull();
        assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.IMPLAUSIBLE_VALUE);
    }

    @Test
    void doesNotPriceAnAdapterItCannotReadAsFullFineTuning() throws IOException {
        for (String adapter : new String[] {
            "{\"peft_type\": \"LORA\", \"r\": 8, \"x\": \"" + "y".repeat(1 << 20) + "\"}", "{\"peft_type\": ", "LORA"
        }) {
            state("run", 1);
            write("run/config.json", CONFIG);
            write("run/adapter_config.json", adapter);

            LoggedRun run = read().runs().get(0);

            assertThat(run.model()).isNotNull();
            assertThat(run.model().architecture()).isNull();
            assertThat(run.model().fineTuning()).hasSize(1);
            assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.MODEL_NOT_READ);
            assertThat(RunCompute.of(run).parameters()).isNull();
        }
    }

    @Test
    void readsAHistoryOfFortyMegabytesAndRefusesAnEndlessOne() throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("long.json"))) {
            out.write("{\"global_step\": 400000, \"max_steps\": 400000, \"total_flos\": 1e20, \"log_history\": [{}");
            for (int i = 1; i < 400_000; i++) {
                out.write(
                        ",\n{\"epoch\": 0.5, \"grad_norm\": 1.234567, \"learning_rate\": 5e-06, \"loss\": 1.2345, \"step\": "
                                + i + "}");
            }
            out.write("]}");
        }
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("endless.json"))) {
            out.write("{\"global_step\": 2, \"log_history\": [{}");
            for (int i = 0; i < 2_000_000; i++) {
                out.write(",{}");
            }
            out.write("]}");
        }

        LogCollection found = read();

        assertThat(found.runs())
                .singleElement()
                .satisfies(run -> assertThat(run.lines().records()).isEqualTo(400_000));
        assertThat(found.rejections())
                .containsExactly(new Rejection(
                        RejectionReason.HISTORY_TOO_LONG,
                        1,
                        folder.resolve("endless.json").toString()));
    }

    @Test
    void readsThousandsOfLogsBesideThousandsOfJsonFiles() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            lora(i).to(folder.resolve(i + ".txt"));
            write(i + ".json", "{\"train_runtime\": 3.5}");
        }

        // Reading every JSON file for every log would be nine million reads.
        assertThat(read().runs()).hasSize(3_000);
    }

    @Test
    void readsResultsThatManyRunsShareOnce() throws IOException {
        var results = new StringBuilder("{\"train_runtime\": 3.5");
        for (int i = 0; i < 300_000; i++) {
            results.append(",\n\"eval_something_long_").append(i).append("\": 0.123456789");
        }
        write("all_results.json", results.append('}').toString());
        for (int i = 0; i < 150; i++) {
            state("checkpoint-" + i, i);
        }

        LogCollection found = read();

        // Reading 12 MB for every run would be 1.8 GB.
        assertThat(found.runs()).hasSize(150);
        assertThat(found.runs())
                .allSatisfy(run -> assertThat(run.timing().durationMillis()).isEqualTo(3500));
    }

    @Test
    void opensNoPipeNoDeviceAndNoLinkToOne() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe.txt");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no pipes here");
        assumeTrue(Files.exists(Path.of("/dev/zero")), "no devices here");
        good("run/good.txt");
        state("run", 1);
        Files.createSymbolicLink(folder.resolve("run/zero.json"), Path.of("/dev/zero"));
        Files.createSymbolicLink(folder.resolve("run/config.json"), Path.of("/dev/zero"));
        Files.createSymbolicLink(folder.resolve("run/adapter_config.json"), pipe);
        Files.createSymbolicLink(folder.resolve("run/all_results.json"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve("run/messages.txt"), Path.of("/proc/kmsg"));
        Files.createSymbolicLink(folder.resolve("run/train_results.json"), Path.of("/proc/kmsg"));

        LogCollection found = read();

        assertThat(found.runs()).hasSize(2);
        assertThat(found.unused())
                .hasSizeBetween(6, 7)
                .allSatisfy(use ->
                        assertThat(use.reason()).isIn(RejectionReason.NOT_A_REGULAR_FILE, RejectionReason.EMPTY_FILE));
    }

    @Test
    void goesOnWhereAFileVanishesOrGrowsWhileTheOthersAreRead() throws IOException {
        Path large = folder.resolve("large.txt");
        Files.write(
                large,
                ("text\n".repeat(30_000) + new String(lora(9).bytes(), StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8));
        Path grows = lora(7).to(folder.resolve("grows.txt"));
        Path vanishes = folder.resolve("vanishes.txt");
        write("vanishes.txt", "x");

        LogCollection found = TrainingLogs.read(List.of(folder), 1, (done, files) -> {
            try {
                Files.deleteIfExists(vanishes);
                Files.write(grows, lora(8).stop("aborted", "samples_count", 800).bytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(found.runs()).hasSize(2);
        assertThat(found.unused()).containsExactly(new FileUse(vanishes, Use.UNUSED, null, RejectionReason.UNREADABLE));
    }

    @Test
    void keepsTheLargerOfTwoLogsThatCallThemselvesTheSame() throws IOException {
        new MlperfLogWriter()
                .benchmark("llama2_70b_lora", 8)
                .start()
                .stop("success", "samples_count", 8)
                .to(folder.resolve("a.txt"));
        new MlperfLogWriter()
                .benchmark("llama2_70b_lora", 8)
                .start()
                .stop("success", "samples_count", 800_000)
                .to(folder.resolve("b.txt"));

        LogCollection found = read();

        assertThat(found.runs()).singleElement().satisfies(run -> {
            assertThat(run.progress().samples()).isEqualTo(800_000);
            assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.CONFLICT);
        });
        assertThat(found.duplicates()).hasSize(1);
    }

    private void good(String name) throws IOException {
        lora(77).to(folder.resolve(name));
    }

    private static void assertGoodIsFound(LogCollection found) {
        assertThat(found.runs())
                .filteredOn(run ->
                        run.progress().samples() != null && run.progress().samples() == 80)
                .anySatisfy(run -> assertThat(run.sources().get(0)).hasFileName("good.txt"));
        assertThat(found.rejections()).extracting(Rejection::reason).doesNotContain(RejectionReason.READER_FAILED);
    }

    private static MlperfLogWriter lora(int seed) {
        return new MlperfLogWriter()
                .value("submission_benchmark", "\"llama2_70b_lora\"")
                .value("seed", Integer.toString(seed))
                .value("global_batch_size", "8")
                .start()
                .stop("success", "samples_count", 80);
    }

    private void state(String name, int number) throws IOException {
        write(
                name + "/trainer_state.json",
                "{\"global_step\": 2, \"max_steps\": 2, \"total_flos\": 1e16,"
                        + " \"log_history\": [{\"step\": 2, \"loss\": " + number + "}]}");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), (done, files) -> {});
    }
}
