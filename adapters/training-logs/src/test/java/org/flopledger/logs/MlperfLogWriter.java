package org.flopledger.logs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Writes logs that look like those of MLPerf training, for tests. */
public final class MlperfLogWriter {

    private final StringBuilder text = new StringBuilder();
    private UnaryOperator<String> line = UnaryOperator.identity();
    private String end = "\n";
    private long time = 1_700_000_000_000L;

    /** Puts each following record into a line of another look. */
    public MlperfLogWriter lines(UnaryOperator<String> look) {
        line = look;
        return this;
    }

    public MlperfLogWriter endingLinesWith(String lineEnd) {
        end = lineEnd;
        return this;
    }

    public MlperfLogWriter at(long millis) {
        time = millis;
        return this;
    }

    public MlperfLogWriter benchmark(String name, long batch) {
        return value("submission_benchmark", "\"" + name + "\"")
                .value("seed", "7")
                .value("global_batch_size", Long.toString(batch));
    }

    public MlperfLogWriter value(String key, String json) {
        return record(key, json, "");
    }

    public MlperfLogWriter start() {
        return record("run_start", "null", "");
    }

    public MlperfLogWriter evaluated(String field, long count) {
        return record("eval_accuracy", "0.5", ", \"" + field + "\": " + count);
    }

    public MlperfLogWriter stop(String status) {
        return record("run_stop", "null", ", \"status\": \"" + status + "\"");
    }

    public MlperfLogWriter stop(String status, String field, long count) {
        return record("run_stop", "null", ", \"status\": \"" + status + "\", \"" + field + "\": " + count);
    }

    public MlperfLogWriter text(String plain) {
        text.append(plain).append(end);
        return this;
    }

    private MlperfLogWriter record(String key, String value, String metadata) {
        time += 1000;
        text.append(line.apply(":::MLLOG {\"namespace\": \"\", \"time_ms\": " + time
                        + ", \"event_type\": \"POINT_IN_TIME\", \"key\": \"" + key + "\", \"value\": " + value
                        + ", \"metadata\": {\"file\": \"train.py\", \"lineno\": 1" + metadata + "}}"))
                .append(end);
        return this;
    }

    public byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the log and returns where it lies. */
    public Path to(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.write(file, bytes());
    }

    /** Writes a system description beside the results of an organisation. */
    public static Path system(Path file, String nodes, String each) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.writeString(
                file,
                "{\"submitter\": \"somebody\", \"number_of_nodes\": " + nodes + ", \"accelerators_per_node\": " + each
                        + ", \"accelerator_model_name\": \"NVIDIA H100-SXM5-80GB\"}");
    }
}
