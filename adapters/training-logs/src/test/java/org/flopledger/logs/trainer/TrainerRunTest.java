package org.flopledger.logs.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import org.flopledger.logs.FineTuning;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftTechnique;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the state files of the Hugging Face trainer mean. */
class TrainerRunTest {

    private static final String CLOSING =
            "{\"step\": %d, \"train_runtime\": 100.5, \"train_samples_per_second\": 8.0, \"total_flos\": 1e+16}";

    @TempDir
    private Path folder;

    @Test
    void countsNestedCheckpointsOnce() throws IOException {
        state("out/checkpoint-10", 10, 30, entries(0, 10), 1e16);
        state("out/checkpoint-20", 20, 30, entries(0, 20), 2e16);
        state("out", 30, 30, entries(0, 30), 3e16);

        LogCollection found = read();

        assertThat(found.runs()).singleElement().satisfies(run -> {
            assertThat(run.progress().steps()).isEqualTo(30);
            assertThat(run.reportedFlop()).isEqualTo(FlopCount.parse("3e16"));
            assertThat(run.status()).isEqualTo(RunStatus.SUCCESS);
            assertThat(run.attempts()).isEqualTo(1);
        });
        assertThat(found.duplicates())
                .hasSize(2)
                .allSatisfy(copy -> assertThat(copy.why()).startsWith("a checkpoint at step"));
    }

    @Test
    void countsTheFurthestCheckpointWhereNothingIsBehindIt() throws IOException {
        state("out/checkpoint-10", 10, 30, entries(0, 10), 1e16);
        state("out/checkpoint-20", 20, 30, entries(0, 20), 2e16);

        LogCollection found = read();

        assertThat(found.runs()).singleElement().satisfies(run -> {
            assertThat(run.progress().steps()).isEqualTo(20);
            assertThat(run.status()).isEqualTo(RunStatus.UNFINISHED);
        });
    }

    @Test
    void keepsTrainingsApartThatDifferFromTheirFirstStep() throws IOException {
        state("a", 20, 20, entries(0, 20), 2e16);
        state("b", 20, 20, entries(100, 20), 2e16);

        assertThat(read().runs()).hasSize(2);
    }

    @Test
    void tellsABranchFromACheckpoint() throws IOException {
        String shared = entries(0, 10);
        state("out", 30, 30, shared + ", " + entries(10, 20), 3e16);
        state("out/checkpoint-20", 20, 30, shared + ", " + entries(500, 10), 2e16);

        LogCollection found = read();

        assertThat(found.runs()).singleElement().satisfies(run -> {
            assertThat(run.attempts()).isEqualTo(2);
            assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.RESTARTED);
        });
        assertThat(found.duplicates())
                .singleElement()
                .satisfies(copy -> assertThat(copy.why()).startsWith("a branch"));
    }

    @Test
    void knowsNoTokensWhereTheTrainerWroteZero() throws IOException {
        state("out", 10, 10, entries(0, 10), 1e16);

        LoggedRun run = read().runs().get(0);

        assertThat(run.progress().tokens()).isNull();
        assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.TOKENS_UNKNOWN);
    }

    @Test
    void readsTokensThatTrlCountsUnderAnotherName() throws IOException {
        state("out", 2, 2, "{\"step\": 1, \"num_tokens\": 4096.0}, {\"step\": 2, \"num_tokens\": 8192.0}", 1e16);

        assertThat(read().runs().get(0).progress().tokens()).isEqualTo(8192);
    }

    @Test
    void keepsTheReportedFigureToTheLastDigit() throws IOException {
        Files.writeString(
                folder.resolve("trainer_state.json"),
                "{\"global_step\": 1, \"log_history\": [{\"step\": 1}], \"total_flos\": 5.27162132754432e+20}");

        assertThat(read().runs().get(0).reportedFlop()).hasToString("527162132754432000000");
    }

    @Test
    void takesAReportedZeroAsNotKnown() throws IOException {
        state("out", 10, 10, entries(0, 10), 0);

        assertThat(read().runs().get(0).reportedFlop()).isNull();
    }

    @Test
    void contradictsAFigureThatMeansAModelOfTooFewParameters() throws IOException {
        state("out", 2, 2, "{\"step\": 1}, {\"step\": 2, \"num_tokens\": 42558776}", 6.797e13);

        assertThat(disagreements()).singleElement().asString().contains("parameters");
    }

    @Test
    void contradictsAFigureThatMeansARateNoAcceleratorIsAsSlowAs() throws IOException {
        state("out", 128, 128, String.format(java.util.Locale.ROOT, CLOSING, 128), 7.1872002048e10);

        assertThat(disagreements()).singleElement().asString().contains("FLOP/s");
    }

    @Test
    void believesAFigureThatHardwareCanReach() throws IOException {
        state("out", 128, 128, String.format(java.util.Locale.ROOT, CLOSING, 128), 1e16);

        assertThat(disagreements()).isEmpty();
    }

    @Test
    void readsTheRuntimeFromTheResultsBesideTheState() throws IOException {
        state("out", 10, 10, entries(0, 10), 1e16);
        Files.writeString(folder.resolve("out/all_results.json"), "{\"epoch\": 1.0, \"train_runtime\": 12.3456}");

        LoggedRun run = read().runs().get(0);

        assertThat(run.timing().durationMillis()).isEqualTo(12_346);
        assertThat(run.sources()).contains(folder.resolve("out/all_results.json"));
    }

    @Test
    void readsTheFineTuningMethodBesideTheState() throws IOException {
        state("out", 10, 10, entries(0, 10), 1e16);
        Files.writeString(
                folder.resolve("out/adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 8, \"use_dora\": true, \"target_modules\": [\"q_proj\"]}");

        LoggedModel model = read().runs().get(0).model();

        assertThat(model).isNotNull();
        assertThat(model == null ? List.of() : model.fineTuning())
                .containsExactly(new FineTuning(PeftTechnique.DORA, 8L));
    }

    @Test
    void pricesTokensWithTheModelBesideTheState() throws IOException {
        state("out", 2, 2, "{\"step\": 1}, {\"step\": 2, \"num_tokens\": 1000000}", 5e12);
        model("out");

        LoggedRun run = read().runs().get(0);
        RunCompute compute = RunCompute.of(run);

        // 2 layers of 4 x 64 x 64 + 3 x 64 x 256 and two tables of 1000 x 64; norms of 64 each.
        long parameters = 2 * (4 * 64 * 64 + 3 * 64 * 256 + 2 * 64) + 2 * 1000 * 64 + 64;
        assertThat(compute.parameters())
                .isNotNull()
                .satisfies(count -> assertThat(count.total()).isEqualTo(parameters));
        assertThat(compute.total())
                .isNotNull()
                .satisfies(total -> assertThat(total.value()).isEqualTo(FlopCount.product(6 * parameters, 1_000_000)));
    }

    @Test
    void trainsTheFactorsAloneWhereAnAdapterLiesBesideTheModel() throws IOException {
        state("out", 10, 10, entries(0, 10), 1e16);
        model("out");
        Files.writeString(
                folder.resolve("out/adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 4, \"target_modules\": [\"q_proj\"], \"bias\": \"none\"}");

        RunCompute compute = RunCompute.of(read().runs().get(0));

        assertThat(compute.parameters())
                .isNotNull()
                .satisfies(count -> assertThat(count.trainable()).isEqualTo(2 * 4 * (64 + 64)));
    }

    @Test
    void contradictsAFigureBelowWhatTheModelBesideItMustHaveCost() throws IOException {
        state("out", 1_000_000, 1_000_000, entries(0, 10), 1e10);
        model("out");

        assertThat(disagreements()).singleElement().asString().contains("parameters without embeddings");
    }

    @Test
    void saysWhyTheModelBesideTheStateCannotBeRead() throws IOException {
        state("out", 10, 10, entries(0, 10), 1e16);
        Files.writeString(folder.resolve("out/config.json"), "{\"model_type\": \"llama\", \"hidden_size\": -4}");

        LoggedRun run = read().runs().get(0);

        assertThat(run.model()).isNull();
        assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.MODEL_NOT_READ);
    }

    private void model(String where) throws IOException {
        Files.writeString(
                folder.resolve(where).resolve("config.json"),
                "{\"model_type\": \"llama\", \"hidden_size\": 64, \"intermediate_size\": 256, \"num_hidden_layers\": 2,"
                        + " \"num_attention_heads\": 4, \"num_key_value_heads\": 4, \"vocab_size\": 1000,"
                        + " \"tie_word_embeddings\": false}");
    }

    @Test
    void survivesFiguresWithoutEndAndOnesThatAreNone() throws IOException {
        Files.writeString(
                folder.resolve("trainer_state.json"),
                "{\"global_step\": 1, \"max_steps\": 1e999999999, \"log_history\": [{\"loss\": NaN, \"step\": 1}],"
                        + " \"total_flos\": 1e30000000}");

        LoggedRun run = read().runs().get(0);

        assertThat(run.reportedFlop()).isNull();
        assertThat(run.progress().steps()).isEqualTo(1);
    }

    private List<String> disagreements() {
        return read().runs().get(0).warnings().stream()
                .filter(warning -> warning.code() == LogWarning.Code.METHODS_DISAGREE)
                .map(LogWarning::message)
                .toList();
    }

    private static String entries(int seed, int count) {
        var text = new StringJoiner(", ");
        for (int i = 1; i <= count; i++) {
            text.add("{\"epoch\": 0.5, \"step\": " + (seed + i) + ", \"loss\": " + (1.0 / (seed + i)) + "}");
        }
        return text.toString();
    }

    private void state(String where, long step, long steps, String history, double flop) throws IOException {
        Path file = Files.createDirectories(folder.resolve(where)).resolve("trainer_state.json");
        Files.writeString(
                file,
                "{\"epoch\": 1.0, \"global_step\": " + step + ", \"log_history\": [" + history + "], \"max_steps\": "
                        + steps + ", \"num_input_tokens_seen\": 0, \"total_flos\": " + flop + "}");
    }

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), (done, files) -> {});
    }
}
