package org.flopledger.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flopledger.logs.TrainingLogs;

/** Our MLPerf reader beside DuckDB, which extracts the same eight keys from the same files. The logs are made here. */
final class ParseParts {

    private static final int FILES = 24;
    private static final int EVENTS = 12_000;

    /** What a run's header and footer say, and the reader reads. */
    private static final List<String> KEYS = List.of(
            "submission_benchmark",
            "global_batch_size",
            "max_sequence_length",
            "train_samples",
            "run_start",
            "run_stop",
            "seed",
            "eval_accuracy");

    private ParseParts() {}

    static void run(Scale scale, Results results) throws IOException, SQLException {
        Path folder = Files.createTempDirectory("flopledger-parse");
        try {
            long bytes = write(folder, FILES, EVENTS);
            double ours = Timing.medianSeconds(
                    scale.rounds(),
                    () -> TrainingLogs.read(List.of(folder), (done, files) -> {})
                            .runs()
                            .size());
            results.ratio("parse.mlperf.megabytesPerSecond", bytes / ours / 1e6);
            try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = connection.createStatement()) {
                statement.execute("SET threads = 1");
                double duck = Timing.medianSeconds(scale.rounds(), () -> count(statement, sql(folder)));
                results.figure("duckdb.parse.megabytesPerSecond", bytes / duck / 1e6);
                results.ratio("parse.mlperf.duckdb", duck / ours);
            }
        } finally {
            delete(folder);
        }
    }

    private static long count(Statement statement, String sql) {
        try (ResultSet result = statement.executeQuery(sql)) {
            long rows = 0;
            while (result.next()) {
                rows++;
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB: " + e.getMessage(), e);
        }
    }

    /** Returns the query that gives a row for each log: file name, then the eight keys. */
    static String sql(Path folder) {
        String values = KEYS.stream()
                .map(key -> "max(CASE WHEN j->>'$.key' = '" + key + "' THEN j->>'$.value' END)")
                .collect(Collectors.joining(", "));
        return "WITH lines AS (SELECT filename, unnest(string_split(content, chr(10))) AS line FROM read_text('"
                + folder
                + "/*.txt')), events AS (SELECT filename, substr(line, strpos(line, ':::MLLOG') + 9)::JSON AS j FROM lines "
                + "WHERE contains(line, ':::MLLOG')) SELECT filename, " + values + " FROM events GROUP BY filename";
    }

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

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
