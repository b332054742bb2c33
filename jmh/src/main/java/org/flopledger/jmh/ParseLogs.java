package org.flopledger.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes the logs that the parse benchmark reads. */
final class ParseLogs {

    private ParseLogs() {}

    /** Writes logs with so many events each, and returns how many bytes they are. */
    static long write(Path folder, int files, int events) throws IOException {
        long bytes = 0;
        for (int file = 0; file < files; file++) {
            Path path = folder.resolve("result_" + file + ".txt");
            Files.writeString(path, log(file, events));
            bytes += Files.size(path);
        }
        return bytes;
    }

    private static String log(int file, int events) {
        StringBuilder log = new StringBuilder();
        long time = 1_760_000_000_000L + file * 1_000_000L;
        event(log, time, "POINT_IN_TIME", "submission_benchmark", "\"llama31_8b\"");
        event(log, time, "POINT_IN_TIME", "submission_platform", "\"kite\"");
        event(log, time, "POINT_IN_TIME", "seed", Integer.toString(file + 1));
        event(log, time, "POINT_IN_TIME", "global_batch_size", "32");
        event(log, time, "POINT_IN_TIME", "max_sequence_length", "8192");
        event(log, time, "INTERVAL_START", "run_start", "null");
        for (int i = 1; i <= events; i++) {
            event(
                    log,
                    time + 1000L * i,
                    "POINT_IN_TIME",
                    "tracked_stats",
                    "{\"throughput\": 31.25, \"step\": " + i + "}");
        }
        long last = time + 1000L * events;
        String samples = "\"samples_count\": " + 32L * events + ", ";
        event(log, last, "POINT_IN_TIME", "eval_accuracy", "3.29", samples);
        event(log, last + 1, "INTERVAL_END", "run_stop", "null", samples + "\"status\": \"success\", ");
        event(log, last + 1, "POINT_IN_TIME", "train_samples", Long.toString(32L * events));
        return log.toString();
    }

    private static void event(StringBuilder log, long time, String type, String key, String value) {
        event(log, time, type, key, value, "");
    }

    private static void event(StringBuilder log, long time, String type, String key, String value, String metadata) {
        log.append(":::MLLOG {\"namespace\": \"\", \"time_ms\": ").append(time);
        log.append(", \"event_type\": \"").append(type);
        log.append("\", \"key\": \"").append(key);
        log.append("\", \"value\": ").append(value);
        log.append(", \"metadata\": {").append(metadata).append("\"file\": \"train.py\", \"lineno\": 217}}\n");
    }

    /** Writes a trainer's console in the manner of Megatron, and returns how many bytes it is. */
    static long writeMegatron(Path file, int steps) throws IOException {
        StringBuilder log = new StringBuilder();
        for (int i = 1; i <= steps; i++) {
            log.append(" [2026-03-04 05:06:07] iteration ")
                    .append(i)
                    .append('/')
                    .append(steps);
            log.append(" | consumed samples: ").append(1024L * i);
            log.append(" | elapsed time per iteration (ms): 5123.4 | throughput per GPU (TFLOP/s/GPU): 431.2");
            log.append(" | learning rate: 1.500000E-04 | global batch size:  1024 | lm loss: 2.345678E+00");
            log.append(" | loss scale: 1.0 | grad norm: 0.123 | number of skipped iterations:   0 |\n");
        }
        Files.writeString(file, log);
        return Files.size(file);
    }

    /**
     * Writes the MLPerf logs of a folder again and again until they are so many bytes; returns how many they are, 0 if the folder is
     * not there.
     */
    static long repeat(Path logs, Path folder, long least) throws IOException {
        if (!Files.isDirectory(logs)) {
            return 0;
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(logs)) {
            files = found.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
        long bytes = 0;
        for (int copy = 0; bytes < least && !files.isEmpty(); copy++) {
            for (int i = 0; i < files.size(); i++) {
                Path path = folder.resolve(copy + "_" + i + ".txt");
                Files.copy(files.get(i), path);
                bytes += Files.size(path);
            }
        }
        return bytes;
    }
}
