package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads the real console logs, and compares with what is known of each. */
class ConsoleCorpusTest {

    private interface Check {
        void check(LogCollection found, JsonNode known, String file);
    }

    private static void each(String kind, String steps, Check check) throws IOException {
        Map<String, JsonNode> all = Corpus.known(kind);
        assertThat(all).as(kind).isNotEmpty();
        for (Map.Entry<String, JsonNode> file : all.entrySet()) {
            JsonNode known = file.getValue();
            Path path = Corpus.folder().resolve(file.getKey());
            LogCollection found = TrainingLogs.read(List.of(path), 1, (done, files) -> {});
            if (known.path(steps).asLong() == 0) {
                // Zero steps are a reason, never a total; a trainer of another family may have printed into the file.
                assertThat(found.runs())
                        .as(file.getKey())
                        .allSatisfy(run -> assertThat(run.format().label()).isEqualTo("trainer-console"));
                if (found.runs().isEmpty()) {
                    assertThat(found.unused())
                            .as(file.getKey())
                            .extracting(FileUse::reason)
                            .containsExactly(RejectionReason.NO_STEPS);
                }
            } else {
                check.check(found, known, file.getKey());
            }
        }
    }

    private static LoggedRun only(LogCollection found, String file) {
        assertThat(found.runs()).as(file).hasSize(1);
        return found.runs().get(0);
    }

    private static void about(Long actual, double expected, String file) {
        assertThat((double) actual).as(file).isCloseTo(expected, within(1.0));
    }

    @Test
    void readsMegatron() throws IOException {
        each("megatron_stdout", "iteration_lines", (found, known, file) -> {
            LoggedRun run = only(found, file);
            assertThat(run.format().label()).as(file).isEqualTo("megatron");
            assertThat(run.progress().lastStep())
                    .as(file)
                    .isEqualTo(known.path("last_iteration").asLong());
            assertThat(run.progress().steps())
                    .as(file)
                    .isEqualTo(known.path("last_iteration").asLong()
                            - known.path("first_iteration").asLong()
                            + 1);
            String consumed = known.has("last_consumed_samples") ? "last_consumed_samples" : "last consumed samples";
            assertThat(run.progress().sequences())
                    .as(file)
                    .isEqualTo(known.path(consumed).asLong());
            if (known.has("last consumed tokens")) {
                assertThat(run.progress().tokens())
                        .as(file)
                        .isEqualTo(known.path("last consumed tokens").asLong());
            }
            if (known.has("world_size")) {
                assertThat(run.setting().worldSize())
                        .as(file)
                        .isEqualTo(known.path("world_size").asLong());
            }
            String elapsed = known.has("elapsed_ms_times_iterations")
                    ? "elapsed_ms_times_iterations"
                    : "elapsed_ms_times_iterations_distinct";
            about(run.timing().durationMillis(), known.path(elapsed).asDouble(), file);
            assertThat(RunCompute.of(run).total()).as(file).isNotNull();
        });
    }

    @Test
    void readsSeries() throws IOException {
        for (Map.Entry<String, JsonNode> file : Corpus.known("megatron_golden").entrySet()) {
            LogCollection found =
                    TrainingLogs.read(List.of(Corpus.folder().resolve(file.getKey())), 1, (done, files) -> {});
            LoggedRun run = only(found, file.getKey());
            long points = 0;
            for (JsonNode metric : file.getValue()) {
                points = Math.max(points, metric.path(0).asLong());
            }
            assertThat(run.lines().records()).as(file.getKey()).isEqualTo(points);
        }
    }

    @Test
    void readsDeepSpeed() throws IOException {
        each("deepspeed_stdout", "rank0_step_lines", (found, known, file) -> {
            LoggedRun run = only(found, file);
            assertThat(run.progress().lastStep())
                    .as(file)
                    .isEqualTo(known.path("last_step").asLong());
            assertThat(run.progress().steps())
                    .as(file)
                    .isEqualTo(known.path("last_global_step").asLong());
            assertThat(run.warnings().stream().anyMatch(warning -> warning.code() == LogWarning.Code.SECOND_ENGINE))
                    .as(file)
                    .isEqualTo(known.path("repeated_step_numbers").asLong() > 0);
        });
    }

    @Test
    void readsTorchtitan() throws IOException {
        each("torchtitan_stdout", "step_lines", (found, known, file) -> {
            LoggedRun run = only(found, file);
            assertThat(run.progress().lastStep())
                    .as(file)
                    .isEqualTo(known.path("last_step").asLong());
            assertThat(run.progress().steps())
                    .as(file)
                    .isEqualTo(known.path("distinct_steps").asLong());
            assertThat(run.progress().tokens())
                    .as(file)
                    .isEqualTo(known.path("tokens_this_process_slots").asLong());
            assertThat(run.setting().worldSize())
                    .as(file)
                    .isEqualTo(known.path("world_size_from_mesh").asLong());
            assertThat(run.progress().sequenceLength())
                    .as(file)
                    .isEqualTo(known.path("sequence_length").asLong());
            assertThat(run.status() == RunStatus.SUCCESS)
                    .as(file)
                    .isEqualTo(known.path("completed").asBoolean());
        });
    }

    @Test
    void readsNanoGpt() throws IOException {
        each("nanogpt_iter_stdout", "iter_lines", (found, known, file) -> {
            LoggedRun run = only(found, file);
            assertThat(run.lines().records())
                    .as(file)
                    .isEqualTo(known.path("iter_lines").asLong());
            assertThat(run.progress().lastStep())
                    .as(file)
                    .isEqualTo(known.path("last_iter").asLong());
            assertThat(run.progress().steps())
                    .as(file)
                    .isEqualTo(known.path("last_iter").asLong() + 1);
        });
    }

    @Test
    void readsModdedNanoGpt() throws IOException {
        each("nanogpt_log", "step_lines", (found, known, file) -> {
            assertThat(found.runs()).as(file).isNotEmpty();
            for (LoggedRun run : found.runs()) {
                assertThat(run.progress().lastStep())
                        .as(file)
                        .isEqualTo(known.path("last_step").asLong());
                assertThat(run.progress().steps())
                        .as(file)
                        .isEqualTo(known.path("total_steps").asLong());
            }
            boolean trials = found.runs().size() > 1;
            assertThat(found.runs().size() - 1)
                    .as(file)
                    .isEqualTo(trials ? known.path("train_time_goes_back").asInt() : 0);
        });
    }

    @Test
    void readsBuildNanoGpt() throws IOException {
        each("nanogpt_short_log", "records", (found, known, file) -> {
            LoggedRun run = only(found, file);
            assertThat(run.progress().lastStep())
                    .as(file)
                    .isEqualTo(known.path("last_step").asLong());
            assertThat(run.lines().records())
                    .as(file)
                    .isEqualTo(known.path("tags").path("train").asLong());
        });
    }

    @Test
    void readsLlmC() throws IOException {
        each("llmc_stdout", "step_lines", (found, known, file) -> {
            LoggedRun run = only(found, file);
            assertThat(run.progress().steps())
                    .as(file)
                    .isEqualTo(known.path("distinct_steps").asLong());
            assertThat(run.progress().tokens())
                    .as(file)
                    .isEqualTo(known.path("tokens_slots").asLong());
            assertThat(run.setting().worldSize())
                    .as(file)
                    .isEqualTo(known.path("num_processes").asLong());
            about(run.timing().durationMillis(), known.path("sum_ms").asDouble(), file);
            assertThat(RunCompute.of(run).parameters().total())
                    .as(file)
                    .isEqualTo(known.path("num_parameters").asLong());
        });
    }

    @Test
    void readsNanoChat() throws IOException {
        each("nanochat_stdout", "step_lines", (found, known, file) -> {
            assertThat(found.runs()).as(file).hasSize(known.path("runs").size());
            JsonNode first = known.path("runs").get(0);
            LoggedRun run = found.runs().get(0);
            assertThat(run.progress().steps())
                    .as(file)
                    .isEqualTo(first.path("step_lines").asLong());
            assertThat(run.progress().lastStep())
                    .as(file)
                    .isEqualTo(first.path("last_step").asLong());
            assertThat(run.progress().tokens())
                    .as(file)
                    .isEqualTo(first.path("step_lines").asLong()
                            * known.path("total_batch_size").get(0).asLong());
            about(run.timing().durationMillis(), first.path("sum_dt_ms").asDouble(), file);
            assertThat((double) RunCompute.of(run).parameters().total())
                    .as(file)
                    .isEqualTo(known.path("parameters").asDouble());
        });
    }

    @Test
    void readsVerl() throws IOException {
        each("verl_stdout", "step_lines", (found, known, file) -> {
            LoggedRun run = only(found, file);
            int cut = known.path("cut_step_lines").size();
            assertThat(run.lines().records())
                    .as(file)
                    .isEqualTo(known.path("distinct_steps").asLong() + cut);
            assertThat(run.progress().lastStep())
                    .as(file)
                    .isEqualTo(known.path("last_step").asLong());
            assertThat((double) run.setting().worldSize())
                    .as(file)
                    .isEqualTo(known.path("n_gpus_from_throughput").get(0).asDouble());
            if (cut == 0) {
                assertThat(run.timing().durationMillis() / 1e3)
                        .as(file)
                        .isCloseTo(known.path("sum_time_per_step_s").asDouble(), within(0.01));
            }
            double tokens = known.path("sum_total_num_tokens").asDouble()
                    + known.path("cut_steps_tokens_from_global_seqlen_x_gpus").asDouble();
            double rollouts = Stream.of(StepPhase.ROLLOUT, StepPhase.PROMPTS, StepPhase.UNDIVIDED_ROLLOUT)
                    .map(phase -> steps(run, phase).total(StepField.TOKENS))
                    .mapToDouble(total -> total == null ? 0 : total)
                    .sum();
            assertThat(rollouts).as(file).isEqualTo(tokens);
            JsonNode phases = known.path("phase_lines");
            // The teacher of a distillation takes the reference's place in some of them.
            assertThat(steps(run, StepPhase.REFERENCE).rows()
                                    + steps(run, StepPhase.OTHER_REFERENCE).rows()
                            > 0)
                    .as(file)
                    .isEqualTo(phases.has("ref"));
            long told = 0;
            LoggedSteps.Cursor rows =
                    steps(run, StepPhase.OLD_LOG_PROBABILITIES).cursor();
            while (rows.next()) {
                told += rows.has(StepField.TOKENS) ? rows.count() : 0;
            }
            assertThat(told).as(file).isEqualTo(phases.path("old_log_prob").asLong());
        });
    }

    private static LoggedSteps steps(LoggedRun run, StepPhase phase) {
        return run.work().stream()
                .filter(work -> work.phase() == phase)
                .map(LoggedWork::steps)
                .findFirst()
                .orElse(LoggedSteps.NONE);
    }
}
