package org.flopledger.logs.reinforcement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.flopledger.ComputeLedger;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.Convention;
import org.flopledger.estimation.PostTraining;
import org.flopledger.estimation.PostTraining.Phase;
import org.flopledger.estimation.PostTraining.Rollouts;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedWork;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.RunIntake;
import org.flopledger.logs.StepPhase;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.logs.console.ConsoleLogs;
import org.flopledger.model.Architecture;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the phases of a log cost, beside what the library's own account of the same method says of the same lengths. */
class PhasePricingTest {

    private static final String CONFIG =
            "{\"model_type\": \"llama\", \"architectures\": [\"LlamaForCausalLM\"], \"hidden_size\": 256, \"intermediate_size\": 640,"
                    + " \"num_hidden_layers\": 4, \"num_attention_heads\": 8, \"num_key_value_heads\": 4, \"vocab_size\": 4000,"
                    + " \"max_position_embeddings\": 4096, \"tie_word_embeddings\": false}";

    /** 16 prompts of 40 tokens with 4 answers of 160 each. */
    private static final String STEP =
            "step:%1$d - response_length/mean:160.0 - response_length/max:160.0 - prompt_length/mean:40.0 - prompt_length/max:40.0"
                    + " - timing_s/gen:4.0 - timing_s/old_log_prob:2.0 - timing_s/ref:2.0 - timing_s/update_actor:6.0 - timing_s/step:20.0"
                    + " - perf/total_num_tokens:12800 - perf/time_per_step:20.0 - perf/throughput:320.0";

    private static final int STEPS = 5;

    @TempDir
    private Path folder;

    private Architecture policy() {
        return ModelDescription.read(folder.resolve("policy.json")).architecture();
    }

    private LoggedRun run(String text) {
        return run(folder, text);
    }

    private static LoggedRun run(Path folder, String text) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("policy.json"), CONFIG);
            Files.writeString(folder.resolve("flopledger.json"), "{\"model\": \"policy.json\"}");
            Files.writeString(folder.resolve("train.log"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LogCollection found = TrainingLogs.read(List.of(folder), 1, (done, files) -> {});
        assertThat(found.runs()).as(found.rejections().toString()).hasSize(1);
        return found.runs().get(0);
    }

    private static RunAccount account(LoggedRun run) {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunIntake.record(run, RunCompute.of(run), ledger);
            return ledger.totals(run.id());
        }
    }

    private static FlopBounds bounds(LoggedRun run) {
        return account(run).total().bounds();
    }

    private FlopCount truth(boolean shared, boolean old, boolean reference, long updates) {
        var rollouts = new Rollouts(16, 4, 40, 160, shared, reference, old, updates);
        return new PostTraining(policy(), TrainingSetting.FULL, Convention.EXACT)
                .groupRelative(rollouts).stream()
                        .map(Phase::model)
                        .reduce(FlopCount.ZERO, FlopCount::plus)
                        .times(STEPS);
    }

    private static String log(String step) {
        return ConsoleLogs.lines(1, STEPS, 1, step);
    }

    @Test
    void theIntervalHoldsTheStepWhetherPromptsAreSharedOrNot() {
        LoggedRun run = run(log(STEP));

        RunAccount account = account(run);
        assertThat(account.total().isComplete()).isTrue();
        for (boolean shared : new boolean[] {true, false}) {
            FlopCount truth = truth(shared, true, true, 1);
            assertThat(account.total().bounds().low()).isLessThanOrEqualTo(truth);
            assertThat(account.total().bounds().high()).isGreaterThanOrEqualTo(truth);
        }
        // Heads over prompts are what differs from a trainer that leaves them out.
        assertThat(account.total().bounds().best().toBigInteger().doubleValue()
                        / truth(false, true, true, 1).toBigInteger().doubleValue())
                .isBetween(1.0, 1.1);
    }

    @Test
    void everyPhaseHasItsStageAndItsPrice() {
        Map<Stage, ComputeFigure> stages = account(run(log(STEP))).totalByStage();

        var rollouts = new Rollouts(16, 4, 40, 160, false, false, false, 1);
        FlopCount generation = new PostTraining(policy(), TrainingSetting.FULL, Convention.EXACT)
                .groupRelative(rollouts)
                .get(0)
                .model()
                .times(STEPS);
        FlopBounds rollout = stages.get(Stage.ROLLOUT_GENERATION).bounds();
        assertThat(rollout.low()).isLessThan(generation);
        assertThat(rollout.high()).isGreaterThan(generation);
        assertThat(rollout.best().toBigInteger().doubleValue()
                        / generation.toBigInteger().doubleValue())
                .isBetween(0.99, 1.02);
        assertThat(stages.get(Stage.REINFORCEMENT_LEARNING).bounds().best()).isGreaterThan(rollout.best());
    }

    @Test
    void whatALogTellsLessCostsLess() {
        LoggedRun all = run(log(STEP));
        FlopBounds whole = bounds(all);
        FlopBounds withoutReference = bounds(run(log(STEP.replace(" - timing_s/ref:2.0", ""))));

        assertThat(withoutReference.best()).isLessThan(whole.best());
        assertThat(withoutReference.low()).isLessThan(whole.low());
        assertThat(withoutReference.low()).isLessThanOrEqualTo(truth(true, true, false, 1));
        assertThat(ConsoleLogs.codes(all)).contains(LogWarning.Code.REFERENCE_ASSUMED);
    }

    @Test
    void updatesAreAsManyAsTheSettingsSay() {
        LoggedRun run = run("{'actor': {'ppo_epochs': 3,\n" + log(STEP));

        for (boolean shared : new boolean[] {true, false}) {
            assertThat(bounds(run).low()).isLessThanOrEqualTo(truth(shared, true, true, 3));
            assertThat(bounds(run).high()).isGreaterThanOrEqualTo(truth(shared, true, true, 3));
        }
    }

    @Test
    void theSumOverTheLogIsThatOfTheLedger() {
        LoggedRun run = run(log(STEP));

        assertThat(RunCompute.of(run).estimates())
                .filteredOn(estimate -> estimate.method() == CountingMethod.ARCHITECTURE)
                .singleElement()
                .satisfies(estimate -> assertThat(estimate.bounds()).isEqualTo(bounds(run)));
    }

    @Test
    void aCriticOfWhichNothingIsKnownLowersCoverageAndCostsNothing() {
        LoggedRun run = run(log(STEP + " - timing_s/values:2.0 - timing_s/update_critic:6.0"));

        ComputeFigure total = account(run).total();
        assertThat(total.isComplete()).isFalse();
        assertThat(total.observations() - total.covered()).isEqualTo(2 * STEPS);
        assertThat(total.bounds()).isEqualTo(bounds(run(log(STEP))));
        assertThat(ConsoleLogs.codes(run)).contains(LogWarning.Code.OTHER_MODELS);
    }

    @Test
    void aReferenceThatTakesMuchLongerThanThePolicyIsNoCopyOfIt() {
        LoggedRun run = run(log(STEP.replace("timing_s/ref:2.0", "timing_s/ref:17.0")));

        assertThat(run.work()).extracting(LoggedWork::phase).contains(StepPhase.OTHER_REFERENCE);
        assertThat(account(run).total().isComplete()).isFalse();
        assertThat(ConsoleLogs.codes(run))
                .contains(LogWarning.Code.REFERENCE_IS_NO_COPY)
                .doesNotContain(LogWarning.Code.REFERENCE_ASSUMED);
    }

    @Test
    void paddingUpToTheDeclaredLengthsIsInTheHighFigure() {
        LoggedRun padded = run(
                "{'use_remove_padding': False, 'max_prompt_length': 1024, 'max_response_length': 2048,\n" + log(STEP));
        FlopBounds bounds = bounds(padded);
        FlopBounds packed = bounds(run(
                "{'use_remove_padding': True, 'max_prompt_length': 1024, 'max_response_length': 2048,\n" + log(STEP)));

        // 3072 positions for each of 200 tokens went through the update, and the log counts the 200.
        var full = new PostTraining(policy(), TrainingSetting.FULL, Convention.FULL_SQUARE)
                .groupRelative(new Rollouts(16, 4, 1024, 2048, false, true, true, 1));
        FlopCount update = full.get(full.size() - 1).model().times(STEPS);
        assertThat(bounds.high()).isGreaterThan(update);
        assertThat(packed.high()).isLessThan(update);
        assertThat(packed.low()).isEqualTo(bounds.low());
        assertThat(packed.high()).isGreaterThanOrEqualTo(truth(false, true, true, 1));
    }

    @Test
    void stepsThatTellNoSequencesArePricedByParametersInAWiderInterval() {
        String text = ConsoleLogs.lines(
                1,
                STEPS,
                1,
                "{\"step\": %1$d, \"data\": {\"perf/total_num_tokens\": 12800, \"timing_s/gen\": 4.0, \"timing_s/old_log_prob\": 2.0,"
                        + " \"timing_s/ref\": 2.0, \"timing_s/update_actor\": 6.0, \"perf/time_per_step\": 20.0}}");
        LoggedRun run = run(text);

        RunAccount account = account(run);
        assertThat(account.total().isComplete()).isTrue();
        assertThat(account.total().parts()).containsOnlyKeys(CountingMethod.PARAMETER_TOKEN);
        for (boolean shared : new boolean[] {true, false}) {
            assertThat(account.total().bounds().low()).isLessThanOrEqualTo(truth(shared, true, true, 1));
            assertThat(account.total().bounds().high()).isGreaterThanOrEqualTo(truth(shared, true, true, 1));
        }
    }

    @Test
    void aConfigurationBesideTheLogDoesNotSayWhatWasTrained() throws IOException {
        FlopBounds declared = bounds(run(log(STEP)));
        Files.delete(folder.resolve("flopledger.json"));
        Files.move(folder.resolve("policy.json"), folder.resolve("config.json"));
        FlopBounds beside = bounds(TrainingLogs.read(List.of(folder), 1, (done, files) -> {})
                .runs()
                .get(0));

        assertThat(beside.low()).isLessThan(declared.low());
        assertThat(beside.best()).isEqualTo(declared.best());
    }

    @Test
    void aLogThatGrowsIsTheSameRunAsTheWholeOne() {
        String early = ConsoleLogs.lines(1, 2, 1, STEP);
        String late =
                ConsoleLogs.lines(3, STEPS, 1, STEP.replace("160.0", "320.0").replace("12800", "23040"));
        LoggedRun first = run(folder.resolve("a"), early);
        LoggedRun second = run(folder.resolve("b"), early + late);
        assertThat(first.id()).isEqualTo(second.id());

        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunIntake.record(first, RunCompute.of(first), ledger);
            assertThat(RunIntake.record(second, RunCompute.of(second), ledger).isFault())
                    .isFalse();
            RunAccount whole = account(second);
            assertThat(ledger.totals(second.id()).totals().tokens())
                    .isEqualTo(whole.totals().tokens());
            assertThat(ledger.totals(second.id()).total().bounds().best())
                    .isEqualTo(whole.total().bounds().best());
        }
    }
}
