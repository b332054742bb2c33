package org.flopledger.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes small logs for tests. */
public final class SampleLogs {

    private SampleLogs() {}

    /** Writes a run of the benchmark gpt3: steps of 16 sequences of 2048, an evaluation every 10 steps, one step a second. */
    public static Path gpt3(Path folder, int steps, int seed) throws IOException {
        var text = new StringBuilder();
        long time = 1_700_000_000_000L;
        append(text, time, "submission_benchmark", "\"gpt3\"", "");
        append(text, time, "seed", Integer.toString(seed), "");
        append(text, time, "global_batch_size", "16", "");
        append(text, time, "max_sequence_length", "2048", "");
        append(text, time, "init_checkpoint_step", "10", "");
        append(text, time, "run_start", "null", "");
        for (int step = 10; step <= steps; step += 10) {
            append(text, time + 1000L * step, "eval_accuracy", "2.5", ", \"epoch_num\": " + 16L * 2048 * step);
        }
        append(text, time + 1000L * steps, "run_stop", "null", ", \"status\": \"success\"");
        Path file =
                Files.createDirectories(folder.resolve("org/results/box/gpt3")).resolve("result_" + seed + ".txt");
        Files.createDirectories(folder.resolve("org/systems"));
        Files.writeString(
                folder.resolve("org/systems/box.json"),
                "{\"number_of_nodes\": \"128\", \"accelerators_per_node\": \"8\","
                        + " \"accelerator_model_name\": \"NVIDIA H100-SXM5-80GB\"}");
        return Files.writeString(file, text);
    }

    private static void append(StringBuilder text, long time, String key, String value, String metadata) {
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
}
