package org.flopledger.logs;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.flopledger.logs.LoggedRun.Progress;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** What is known of the real logs, one figure after the other, and where this library tells the same. Immutable. */
final class CorpusFacts {

    /** Sums of printed times are of rounded ones. */
    private static final double ROUNDING = 1e-3;

    /**
     * One figure that is known of files of a kind.
     *
     * @param kind the folder of such files
     * @param key its name among what is known
     * @param ours the same figure as we tell it, null if we do not
     */
    record Fact(String kind, String key, BiFunction<Told, JsonNode, @Nullable Object> ours) {

        /** Returns whether something is known: 0 says that nothing was counted, and lines that were cut are in no sum. */
        boolean isKnown(JsonNode known) {
            JsonNode expected = known.path(key);
            boolean counted =
                    !expected.isNumber() || expected.decimalValue().signum() != 0 || key.equals("step_goes_back");
            boolean cut =
                    key.startsWith("sum_") && !known.path("cut_step_lines").isEmpty();
            return !expected.isMissingNode() && !expected.isNull() && counted && !cut;
        }

        /** Returns whether we tell what is known; figures that were summed from rounded ones may differ by as much. */
        boolean agrees(Told told, JsonNode known) {
            Object value = ours.apply(told, known);
            // A series is told by its number of points, which comes first.
            JsonNode expected = known.get(key).isArray() ? known.get(key).get(0) : known.get(key);
            if (value == null) {
                return false;
            } else if (value instanceof Double rounded) {
                double wanted = expected.asDouble();
                return Math.abs(rounded - wanted) <= ROUNDING * Math.abs(wanted) + ROUNDING;
            }
            return expected.isNumber()
                    ? new BigDecimal(value.toString()).compareTo(new BigDecimal(expected.asText())) == 0
                    : value.toString().equals(expected.asText());
        }
    }

    /**
     * What was read of one file.
     *
     * @param found everything
     * @param runs the runs that it tells, in order
     * @param evidence what it tells beside runs, or null
     */
    record Told(
            LogCollection found,
            List<LoggedRun> runs,
            @Nullable LoggedEvidence evidence) {

        private @Nullable Object ofRun(Function<LoggedRun, @Nullable Object> figure) {
            return runs.isEmpty() ? null : figure.apply(runs.get(0));
        }

        private @Nullable Object figure(String name, double unit) {
            BigDecimal figure = evidence == null ? null : evidence.figure(name);
            return figure == null ? null : Double.valueOf(figure.doubleValue() / unit);
        }
    }

    private static final List<Fact> ALL = new ArrayList<>();

    static {
        mlperf();
        trainers();
        consoles();
        trackers();
        beside();
    }

    private CorpusFacts() {}

    /** Returns the figures that are compared for a kind of file. */
    static List<Fact> of(String kind) {
        return ALL.stream().filter(fact -> fact.kind().equals(kind)).toList();
    }

    private static void run(String kind, String key, Function<LoggedRun, @Nullable Object> figure) {
        ALL.add(new Fact(kind, key, (told, known) -> told.ofRun(figure)));
    }

    private static void progress(String kind, String key, Function<Progress, @Nullable Object> figure) {
        run(kind, key, run -> figure.apply(run.progress()));
    }

    private static void evidence(String kind, String key, String name, double unit) {
        ALL.add(new Fact(kind, key, (told, known) -> told.figure(name, unit)));
    }

    private static void lastStep(String kind, String key) {
        progress(kind, key, Progress::lastStep);
    }

    private static void steps(String kind, String key) {
        progress(kind, key, Progress::steps);
    }

    private static void tokens(String kind, String key) {
        progress(kind, key, Progress::tokens);
    }

    private static void records(String kind, String key) {
        run(kind, key, run -> run.lines().records());
    }

    private static void devices(String kind, String key) {
        run(kind, key, run -> run.setting().worldSize());
    }

    private static void millis(String kind, String key) {
        run(kind, key, run -> asDouble(run.timing().durationMillis(), 1));
    }

    private static void seconds(String kind, String key) {
        run(kind, key, run -> asDouble(run.timing().durationMillis(), 1e3));
    }

    private static @Nullable Double asDouble(@Nullable Long value, double unit) {
        return value == null ? null : Double.valueOf(value / unit);
    }

    private static void mlperf() {
        String kind = "mlperf";
        run(kind, "lines", run -> run.lines().lines());
        records(kind, "mllog_records");
        run(kind, "submission_benchmark", LoggedRun::benchmark);
        progress(kind, "global_batch_size", Progress::globalBatchSize);
        progress(kind, "sequences_in_run", Progress::sequences);
        tokens(kind, "tokens_in_run");
        progress(kind, "images_in_run", Progress::samples);
        progress(kind, "max_sequence_length", Progress::sequenceLength);
        run(kind, "tokens_before_run_from_checkpoint", run -> run.prior().tokens());
        run(kind, "run_ms", run -> run.timing().durationMillis());
        run(kind, "status", run -> run.status() == null ? null : run.status().label());
        run(
                kind,
                "accelerators",
                run -> run.devices() == null ? null : run.devices().count());
        run(
                kind,
                "accelerator_model_name",
                run -> run.devices() == null ? null : run.devices().model());
        run(
                kind,
                "lora_rank",
                run -> run.model() == null || run.model().fineTuning().isEmpty()
                        ? null
                        : run.model().fineTuning().get(0).rank());
    }

    private static void trainers() {
        String state = "trainer_state";
        steps(state, "global_step");
        records(state, "log_entries");
        ALL.add(new Fact(
                state,
                "total_flos",
                (told, known) -> told.ofRun(run -> {
                    // The double that was written, not its shortest decimal form.
                    double written = known.path("total_flos").asDouble();
                    boolean same = run.reportedFlop() != null
                            && new BigDecimal(written)
                                            .compareTo(new BigDecimal(
                                                    run.reportedFlop().toBigInteger()))
                                    == 0;
                    return same ? known.path("total_flos").asText() : null;
                })));
        tokens(state, "num_input_tokens_seen");
        tokens(state, "num_tokens_last");
        seconds(state, "final_train_runtime");
        lastStep("trainer_log_jsonl", "last_step");
        records("trainer_log_jsonl", "lines");
        lastStep("swift_jsonl", "last_step");
        records("swift_jsonl", "step_records");
        lastStep("swift_stdout", "last_step");
    }

    private static void consoles() {
        String megatron = "megatron_stdout";
        lastStep(megatron, "last_iteration");
        progress(megatron, "last_consumed_samples", Progress::sequences);
        progress(megatron, "last consumed samples", Progress::sequences);
        tokens(megatron, "last consumed tokens");
        devices(megatron, "world_size");
        devices(megatron, "arg_world_size");
        run(megatron, "data_parallel_size", run -> run.setting().dataParallel());
        run(megatron, "arg_micro_batch_size", run -> run.setting().microBatchSize());
        millis(megatron, "elapsed_ms_times_iterations");
        millis(megatron, "elapsed_ms_times_iterations_distinct");
        lastStep("deepspeed_stdout", "last_step");
        steps("deepspeed_stdout", "last_global_step");
        String titan = "torchtitan_stdout";
        lastStep(titan, "last_step");
        steps(titan, "distinct_steps");
        tokens(titan, "tokens_this_process_slots");
        devices(titan, "world_size_from_mesh");
        progress(titan, "sequence_length", Progress::sequenceLength);
        run(titan, "completed", run -> run.status() == RunStatus.SUCCESS);
        String llmC = "llmc_stdout";
        steps(llmC, "distinct_steps");
        tokens(llmC, "tokens_slots");
        devices(llmC, "num_processes");
        millis(llmC, "sum_ms");
        run(llmC, "num_parameters", CorpusFacts::parameters);
        String chat = "nanochat_stdout";
        steps(chat, "step_lines");
        run(chat, "parameters", CorpusFacts::parameters);
        lastStep("nanogpt_iter_stdout", "last_iter");
        records("nanogpt_iter_stdout", "iter_lines");
        lastStep("nanogpt_log", "last_step");
        steps("nanogpt_log", "total_steps");
        lastStep("nanogpt_short_log", "last_step");
        String verl = "verl_stdout";
        lastStep(verl, "last_step");
        ALL.add(new Fact(
                verl,
                "distinct_steps",
                (told, known) -> told.ofRun(run ->
                        run.lines().records() - known.path("cut_step_lines").size())));
        seconds(verl, "sum_time_per_step_s");
        ALL.add(new Fact(
                verl,
                "cut_steps_tokens_from_global_seqlen_x_gpus",
                (told, known) -> told.ofRun(run ->
                        rollouts(run) - known.path("sum_total_num_tokens").asLong())));
        records("megatron_golden", "lm loss");
    }

    /** Returns the tokens of all rollouts. */
    private static long rollouts(LoggedRun run) {
        return run.work().stream()
                .filter(work -> work.stage() == Stage.ROLLOUT_GENERATION)
                .map(work -> work.steps().total(StepField.TOKENS))
                .mapToLong(total -> total == null ? 0 : total)
                .sum();
    }

    private static @Nullable Object parameters(LoggedRun run) {
        var counted = RunCompute.of(run).parameters();
        return counted == null ? null : Long.valueOf(counted.total());
    }

    private static void trackers() {
        lastStep("lightning_csv", "last_step");
        run("lightning_csv", "step_goes_back", run -> run.attempts() - 1);
        lastStep("wandb_summary", "iter");
        seconds("wandb_summary", "_runtime");
        run("mlflow_run", "start_time", run -> millisOf(run.timing().start()));
        run("mlflow_run", "end_time", run -> millisOf(run.timing().end()));
        ALL.add(new Fact(
                "ultralytics_csv",
                "conflict_markers",
                (told, known) -> count(told.found(), RejectionReason.CONFLICT_MARKER)));
        ALL.add(new Fact(
                "tfevents",
                "truncated_tail",
                (told, known) -> count(told.found(), RejectionReason.TRUNCATED_TAIL) > 0));
    }

    private static @Nullable Object millisOf(@Nullable Instant at) {
        return at == null ? null : Long.valueOf(at.toEpochMilli());
    }

    private static long count(LogCollection found, RejectionReason reason) {
        return found.rejections().stream()
                .filter(rejection -> rejection.reason() == reason)
                .mapToLong(Rejection::count)
                .sum();
    }

    private static void beside() {
        evidence("gpu_csv", "rows", "samples", 1);
        evidence("gpu_csv", "power_mean_w", "power-mean", 1);
        evidence("gpu_csv", "power_max_w", "power-maximum", 1);
        evidence("codecarbon", "rows", "rows", 1);
        evidence("codecarbon", "sum_duration", "duration", 1);
        evidence("codecarbon", "sum_energy_consumed", "energy", 3.6e6);
        evidence("lm_eval", "tasks", "tasks", 1);
    }
}
