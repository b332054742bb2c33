package org.flopledger.logs.reinforcement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.flopledger.ComputeLedger;
import org.flopledger.account.RunTotals;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedWork;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.RunIntake;
import org.flopledger.logs.StepField;
import org.flopledger.logs.StepPhase;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.ConsoleLogs;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReinforcementTest {

    private static final String FIGURES =
            " - training/global_step:%1$d - response_length/mean:160.0 - prompt_length/mean:np.float64(40.0)"
                    + " - global_seqlen/mean:6400.0 - timing_s/gen:4.33 - timing_s/old_log_prob:5.66 - timing_s/ref:1.0 - timing_s/values:4.98"
                    + " - timing_s/update_critic:18.1 - timing_s/update_actor:21.2 - timing_s/step:50.0 - perf/mfu/actor:np.float64(0.0)";
    private static final String SUMS =
            " - perf/total_num_tokens:12800 - perf/time_per_step:50.0 - perf/throughput:128.0";

    @TempDir
    private Path folder;

    private LoggedRun run(String format, String text) {
        LoggedRun run = ConsoleLogs.run(folder, text);
        assertThat(run.format().label()).isEqualTo(format);
        assertThat(run.stage()).isEqualTo(Stage.REINFORCEMENT_LEARNING);
        return run;
    }

    private static LoggedSteps steps(LoggedRun run, StepPhase phase) {
        return run.work().stream()
                .filter(work -> work.phase() == phase)
                .findFirst()
                .orElseThrow()
                .steps();
    }

    private static Long tokens(LoggedRun run, StepPhase phase) {
        return steps(run, phase).total(StepField.TOKENS);
    }

    private static List<StepPhase> phases(LoggedRun run) {
        return run.work().stream().skip(1).map(LoggedWork::phase).toList();
    }

    @Test
    void countsThePhasesOfVerlApart() {
        String prefix = "\u001b[36m(TaskRunner pid=3165)\u001b[0m ";
        LoggedRun run = run(
                "verl",
                prefix + "step:0 - val-core/x/reward/mean@1:0.5\n"
                        + ConsoleLogs.lines(1, 10, 1, prefix + "step:%1$d" + FIGURES + SUMS));

        assertThat(run.progress().steps()).isEqualTo(10);
        assertThat(run.progress().tokens()).isEqualTo(128_000);
        assertThat(run.progress().sequences()).isEqualTo(640);
        assertThat(run.devices().count()).isEqualTo(2);
        assertThat(run.timing().durationMillis()).isEqualTo(500_000);
        assertThat(phases(run))
                .containsExactly(
                        StepPhase.ROLLOUT,
                        StepPhase.PROMPTS,
                        StepPhase.OLD_LOG_PROBABILITIES,
                        StepPhase.REFERENCE,
                        StepPhase.VALUES,
                        StepPhase.CRITIC_UPDATE);
        assertThat(tokens(run, StepPhase.ROLLOUT)).isEqualTo(10 * 64 * 160);
        assertThat(tokens(run, StepPhase.PROMPTS)).isEqualTo(10 * 64 * 40);
        assertThat(steps(run, StepPhase.ROLLOUT).total(StepField.GENERATED_TOKENS))
                .isEqualTo(10 * 64 * 160);
        assertThat(ConsoleLogs.codes(run)).contains(LogWarning.Code.OTHER_MODELS);
    }

    @Test
    void updatesAreAsOftenAsTheSettingsSayAndRolloutsAreNot() {
        LoggedRun run =
                run("verl", "{'actor': {'ppo_epochs': 3,\n" + ConsoleLogs.lines(1, 2, 1, "step:%1$d" + FIGURES + SUMS));

        assertThat(run.progress().tokens()).isEqualTo(3 * 25_600);
        assertThat(tokens(run, StepPhase.ROLLOUT)).isEqualTo(2 * 64 * 160);
        assertThat(tokens(run, StepPhase.OLD_LOG_PROBABILITIES)).isEqualTo(25_600);
        assertThat(tokens(run, StepPhase.CRITIC_UPDATE)).isEqualTo(3 * 25_600);
    }

    @Test
    void aCutLineIsCountedByItsDevicesAndAMissingOneIsUnknown() {
        String cut = String.format(Locale.ROOT, "step:%1$d" + FIGURES, 3);
        String padded = cut + " - val/x:" + "1".repeat(4096 - cut.length() - " - val/x:".length());
        LoggedRun run = run(
                "verl",
                ConsoleLogs.lines(1, 2, 1, "step:%1$d" + FIGURES + SUMS) + padded + "\n"
                        + ConsoleLogs.lines(5, 5, 1, "step:%1$d" + FIGURES + SUMS));

        assertThat(run.progress().steps()).isEqualTo(5);
        assertThat(run.progress().tokens()).isNull();
        assertThat(steps(run, StepPhase.VALUES).steps()).isEqualTo(4);
        assertThat(tokens(run, StepPhase.ROLLOUT)).isEqualTo(4 * 64 * 160);
        assertThat(tokens(run, StepPhase.PROMPTS)).isEqualTo(4 * 64 * 40);
        assertThat(run.setting().unknown()).contains(Unknown.TOKENS);
        assertThat(ConsoleLogs.codes(run)).contains(LogWarning.Code.LINES_MISSING);
    }

    @Test
    void phasesReachALedgerAsStagesWithoutAPrice() throws Exception {
        LoggedRun run = run("verl", ConsoleLogs.lines(1, 10, 1, "step:%1$d" + FIGURES + SUMS));

        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunIntake.record(run, RunCompute.of(run), ledger);
            RunTotals totals = ledger.totals(run.id()).totals();
            assertThat(totals.cells())
                    .anySatisfy(cell -> assertThat(cell.stage()).isEqualTo(Stage.ROLLOUT_GENERATION));
            assertThat(totals.tokens()).hasToString(String.valueOf(6 * 128_000));
            assertThat(totals.cells())
                    .filteredOn(cell -> cell.stage() == Stage.ROLLOUT_GENERATION)
                    .allSatisfy(cell -> assertThat(cell.generatedTokens()).isEqualTo(10 * 64 * 160));
            assertThat(RunIntake.record(run, RunCompute.of(run), ledger).kind()).hasToString("KNOWN");
            assertThat(ledger.totals(run.id()).totals().tokens()).hasToString(String.valueOf(6 * 128_000));
        }
    }

    @Test
    void readsTheFileOfVerl() {
        String text = ConsoleLogs.lines(
                1,
                5,
                1,
                "{\"step\": %1$d, \"data\": {\"perf/total_num_tokens\": 12800, \"timing_s/gen\": 4.3, \"timing_s/update_actor\": 2.0,"
                        + " \"note\": \"a \\\" b\", \"perf/time_per_step\": 50.0, \"perf/throughput\": 128.0, \"step\": 99}}");

        LoggedRun run = run("verl-records", text);

        assertThat(run.progress().tokens()).isEqualTo(5 * 12_800);
        assertThat(run.progress().lastStep()).isEqualTo(5);
        assertThat(phases(run)).containsExactly(StepPhase.UNDIVIDED_ROLLOUT);
    }

    @Test
    void readsPrimeRl() {
        LoggedRun records = run(
                "prime-rl-records",
                ConsoleLogs.lines(
                        0,
                        4,
                        1,
                        "{\"step\": %d, \"time\": 1.7e9, \"progress/tokens\": 1000, \"progress/output_tokens\": 800, \"progress/rollouts\": 10,"
                                + " \"time/step\": 2.0, \"off_policy/dropped\": 5}"));
        assertThat(records.progress().tokens()).isEqualTo(5_000);
        // Half as many again were written and thrown away.
        assertThat(tokens(records, StepPhase.ROLLOUT)).isEqualTo(6_000);
        assertThat(tokens(records, StepPhase.PROMPTS)).isEqualTo(1_500);
        assertThat(steps(records, StepPhase.ROLLOUT).total(StepField.GENERATED_TOKENS))
                .isEqualTo(6_000);

        LoggedRun console = run(
                "prime-rl",
                ConsoleLogs.lines(
                        0,
                        4,
                        1,
                        "12:00:01 SUCCESS Step %d | 12.5s | Loss: 0.1 | Throughput 51234 tokens/s | MFU 31.2%% | Peak Mem. 1"));
        assertThat(console.progress().steps()).isEqualTo(5);
        assertThat(console.progress().tokens()).isNull();
        assertThat(console.timing().durationMillis()).isEqualTo(62_500);
    }

    @Test
    void readsNemoRl() {
        LoggedRun console = run(
                "nemo-rl",
                ConsoleLogs.lines(
                        1,
                        3,
                        1,
                        "========================= Step %d/100 =========================\n  • Mean Generation Length: 512.3\n⏱️  Timing:\n"
                                + "  • Total step time: 10.00s\n  • policy_training: 5.3s (43%%)\n  • generation: 4.0s\n"
                                + "  • policy_and_reference_logprobs: 1.0s"));
        assertThat(console.progress().steps()).isEqualTo(3);
        assertThat(phases(console))
                .containsExactly(StepPhase.ROLLOUT, StepPhase.OLD_LOG_PROBABILITIES, StepPhase.REFERENCE);
        assertThat(tokens(console, StepPhase.ROLLOUT)).isNull();

        LoggedRun records = run(
                "nemo-rl-records",
                "{\"step\": 1, \"train/total_num_tokens\": 4096, \"train/mean_gen_tokens_per_sample\": 96, \"train/mean_prompt_length\": 32,"
                        + " \"timing/train/generation\": 1.5, \"timing/train/total_step_time\": 3.0}\n");
        assertThat(records.progress().tokens()).isEqualTo(4_096);
        assertThat(records.progress().sequences()).isEqualTo(32);
    }

    @Test
    void readsOpenRlhfWithWhatItsFilterThrewAway() {
        LoggedRun run = run(
                "openrlhf",
                ConsoleLogs.lines(
                        1,
                        4,
                        1,
                        "(ActorModel pid=1) Global step %d: {'policy_loss': 0.1, 'rollout/num_samples': 8, 'total_length': 100.0, 'response_length': 60.0,"
                                + " 'timing/generation': 3.0, 'timing/make_experience': 1.0, 'timing/step_total': 6.0, 'dynamic_filtering_pass_rate': 50.0}"));

        assertThat(run.progress().tokens()).isEqualTo(4 * 800);
        assertThat(tokens(run, StepPhase.ROLLOUT)).isEqualTo(2 * 4 * 8 * 60);
        assertThat(tokens(run, StepPhase.PROMPTS)).isEqualTo(2 * 4 * 8 * 40);
        assertThat(phases(run)).contains(StepPhase.OLD_LOG_PROBABILITIES, StepPhase.OTHER_PASSES);
        assertThat(ConsoleLogs.codes(run)).contains(LogWarning.Code.PHASES_NOT_TOLD);
    }

    @Test
    void readsSlimeWhoseTokensAreNotTold() {
        LoggedRun run = run(
                "slime",
                ConsoleLogs.lines(
                        0,
                        3,
                        1,
                        "[2026-01-01 00:00:00] perf %d: {'perf/rollout_time': 31.2, 'perf/log_probs_time': 2.0, 'perf/ref_log_probs_time': 2.0,"
                                + " 'perf/actor_train_time': 20.1, 'perf/actor_train_tok_per_s': 1000.0, 'perf/step_time': 60.0}"));

        assertThat(run.progress().steps()).isEqualTo(4);
        assertThat(run.progress().tokens()).isNull();
        assertThat(run.setting().unknown()).contains(Unknown.TOKENS);
        assertThat(phases(run))
                .containsExactly(StepPhase.ROLLOUT, StepPhase.OLD_LOG_PROBABILITIES, StepPhase.REFERENCE);
    }
}
