package org.flopledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Logs of runs that are read again and again while they go on, restart or stop in the middle of a step. */
public final class RoadFixtures {

    private static final int LENGTH = 2048;
    private static final int BATCH = 16;

    private RoadFixtures() {}

    public static void write(Path folder) throws IOException {
        growing(folder.resolve("growing"), 1);
        Files.writeString(log(folder.resolve("restarted"), "r.txt"), restarted(2));
        Files.writeString(log(folder.resolve("unfinished"), "u.txt"), mlperf(3, 100, 37, false));
        Files.writeString(log(folder.resolve("long-sequences"), "l.txt"), longSequences());
        Files.writeString(
                log(folder.resolve("unknown"), "n.txt"), mlperf(5, 0, 20, true).replace("gpt3", "nobodys"));
        checkpoints(folder.resolve("trainer"));
    }

    /** The same log, cut at several places and whole; cuts lie within steps too. */
    public static void growing(Path folder, int seed) throws IOException {
        List<String> lines = mlperf(seed, 5, 60, true).lines().toList();
        for (int last : new int[] {8, 15, 16, 40, lines.size()}) {
            Files.writeString(
                    log(folder.resolve("at-" + last), "log.txt"),
                    String.join("\n", lines.subList(0, Math.min(last, lines.size()))) + "\n");
        }
    }

    /** A run of gpt3 whose evaluations come before a step is full if {@code extra} samples are more than none. */
    static String mlperf(int seed, int extra, int steps, boolean finished) {
        var text = new StringBuilder();
        long time = 1_700_000_000_000L;
        head(text, time, seed);
        for (int step = 1; step <= steps; step++) {
            long samples = (long) BATCH * step + (step == steps || step % 7 == 0 ? extra : 0);
            record(text, time + 1000L * step, "eval_accuracy", "2.5", ", \"epoch_num\": " + samples * LENGTH);
        }
        if (finished) {
            record(text, time + 1000L * steps, "run_stop", "null", ", \"status\": \"success\"");
        }
        return text.toString();
    }

    /** A run that comes to step 30, and starts again behind step 20. */
    public static String restarted(int seed) {
        var text = new StringBuilder();
        long time = 1_700_000_000_000L;
        head(text, time, seed);
        for (int step : new int[] {10, 20, 30}) {
            record(
                    text,
                    time + 1000L * step,
                    "eval_accuracy",
                    "2.5",
                    ", \"epoch_num\": " + (long) BATCH * step * LENGTH);
        }
        record(text, time + 60_000, "run_start", "null", "");
        for (int step : new int[] {30, 40, 50}) {
            record(
                    text,
                    time + 60_000 + 1000L * step,
                    "eval_accuracy",
                    "2.5",
                    ", \"epoch_num\": " + (long) BATCH * step * LENGTH);
        }
        record(text, time + 200_000, "run_stop", "null", ", \"status\": \"success\"");
        return text.toString();
    }

    /** One sequence of it costs more than 2^63 FLOP. */
    static String longSequences() {
        var text = new StringBuilder();
        long time = 1_700_000_000_000L;
        record(text, time, "submission_benchmark", "\"llama31_405b\"", "");
        record(text, time, "seed", "4", "");
        record(text, time, "global_batch_size", "16", "");
        record(text, time, "max_sequence_length", "2097152", "");
        record(text, time, "run_start", "null", "");
        record(text, time + 1000, "run_stop", "null", ", \"status\": \"success\", \"samples_count\": 16000");
        return text.toString();
    }

    private static void checkpoints(Path folder) throws IOException {
        for (int last : new int[] {10, 20, 30}) {
            Path place = last == 30 ? folder : folder.resolve("checkpoint-" + last);
            Files.createDirectories(place);
            var history = new StringBuilder();
            for (int step = 5; step <= last; step += 5) {
                history.append(history.isEmpty() ? "" : ", ")
                        .append("{\"epoch\": 0." + step + ", \"step\": " + step + ", \"loss\": 1." + (99 - step) + "}");
            }
            Files.writeString(
                    place.resolve("trainer_state.json"),
                    "{\"global_step\": " + last + ", \"max_steps\": 30, \"num_input_tokens_seen\": " + 40_960L * last
                            + ", \"total_flos\": " + 271_000_000_000_000L * last + ", \"log_history\": [" + history
                            + "]}");
        }
    }

    private static void head(StringBuilder text, long time, int seed) {
        record(text, time, "submission_benchmark", "\"gpt3\"", "");
        record(text, time, "seed", Integer.toString(seed), "");
        record(text, time, "global_batch_size", Integer.toString(BATCH), "");
        record(text, time, "max_sequence_length", Integer.toString(LENGTH), "");
        record(text, time, "init_checkpoint_step", "10", "");
        record(text, time, "run_start", "null", "");
    }

    private static void record(StringBuilder text, long time, String key, String value, String metadata) {
        text.append(":::MLLOG {\"namespace\": \"\", \"time_ms\": ")
                .append(time)
                .append(", \"event_type\": \"POINT_IN_TIME\", \"key\": \"")
                .append(key)
                .append("\", \"value\": ")
                .append(value)
                .append(", \"metadata\": {\"lineno\": 1")
                .append(metadata)
                .append("}}\n");
    }

    private static Path log(Path folder, String name) throws IOException {
        return Files.createDirectories(folder).resolve(name);
    }
}
