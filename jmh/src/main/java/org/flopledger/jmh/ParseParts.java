package org.flopledger.jmh;

import java.io.IOException;
import java.io.InputStream;
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
import org.flopledger.logs.scan.Bytes;
import org.flopledger.logs.scan.LineReader;

/**
 * Our log readers beside DuckDB, which extracts the same eight keys from the same files, and beside a loop that only counts the
 * marker. The logs are made here; where real ones lie beside the checkout, those are read too.
 */
final class ParseParts {

    private static final int FILES = 24;
    private static final int EVENTS = 12_000;
    private static final int STEPS = 300_000;
    private static final long REAL_BYTES = 200_000_000;

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
            Path made = Files.createDirectory(folder.resolve("made"));
            mlperf("parse.mlperf", made, ParseLogs.write(made, FILES, EVENTS), scale, results);
            duckDb("parse.mlperf", made, scale, results);
            Path real = Files.createDirectory(folder.resolve("real"));
            Path logs = Path.of(System.getProperty("flopledger.shared", ""), "corpus", "mlperf");
            long bytes = ParseLogs.repeat(logs, real, REAL_BYTES);
            if (bytes > 0) {
                mlperf("parse.real", real, bytes, scale, results);
                duckDb("parse.real", real, scale, results);
            }
            megatron(folder.resolve("megatron.log"), scale, results);
        } finally {
            delete(folder);
        }
    }

    private static void mlperf(String key, Path folder, long bytes, Scale scale, Results results) {
        double one = seconds(scale, folder, 1);
        double two = seconds(scale, folder, 2);
        double bare = Timing.medianSeconds(scale.rounds(), () -> countMarkers(folder));
        results.ratio(key + ".megabytesPerSecond", bytes / one / 1e6);
        results.ratio(key + ".twoThreads", one / two);
        results.ratio(key + ".markerCount", bare / one);
        results.figure(key + ".seconds", one);
        results.figure(key + ".markerCount.megabytesPerSecond", bytes / bare / 1e6);
    }

    private static double seconds(Scale scale, Path folder, int threads) {
        return Timing.medianSeconds(
                scale.rounds(),
                () -> TrainingLogs.read(List.of(folder), threads, (done, files) -> {})
                        .runs()
                        .size());
    }

    private static void duckDb(String key, Path folder, Scale scale, Results results) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET threads = 1");
            double best = Double.MAX_VALUE;
            for (String query : queries(folder)) {
                best = Math.min(best, Timing.medianSeconds(scale.rounds(), () -> count(statement, query)));
            }
            results.figure(key + ".duckdb.seconds", best);
            results.ratio(key + ".duckdb", best / results.figure(key + ".seconds"));
        }
    }

    /** Finds the steps of a console log: what every reader of step lines does before it reads a figure. */
    private static void megatron(Path file, Scale scale, Results results) throws IOException {
        long bytes = ParseLogs.writeMegatron(file, STEPS);
        byte[] mark = Bytes.ascii("iteration ");
        double seconds = Timing.medianSeconds(scale.rounds(), () -> countLinesWith(file, mark));
        results.ratio("scan.megatron.megabytesPerSecond", bytes / seconds / 1e6);
    }

    /** Returns how many lines of a file hold a mark. */
    static long countLinesWith(Path file, byte[] mark) {
        long found = 0;
        try (InputStream stream = Files.newInputStream(file)) {
            var lines = new LineReader(stream);
            while (lines.next()) {
                found += lines.find(mark) >= 0 ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Returns how often the marker stands in the files of a folder, by stepping three bytes: the least that any reader does. */
    static long countMarkers(Path folder) {
        byte[] block = new byte[1 << 17];
        long markers = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                try (InputStream stream = Files.newInputStream(file)) {
                    int kept = 0;
                    for (int read = stream.read(block);
                            read > 0;
                            read = stream.read(block, kept, block.length - kept)) {
                        int end = kept + read;
                        markers += countMarkers(block, end);
                        kept = Math.min(3, end);
                        System.arraycopy(block, end - kept, block, 0, kept);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return markers;
    }

    private static long countMarkers(byte[] block, int end) {
        long markers = 0;
        for (int i = 2; i < end; i += 3) {
            if (block[i] == ':') {
                for (int at = i - 2; at <= i && at + 3 < end; at++) {
                    if (block[at] == ':' && block[at + 1] == ':' && block[at + 2] == ':' && block[at + 3] == 'M') {
                        markers++;
                    }
                }
            }
        }
        return markers;
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

    /**
     * Returns queries that give a row for each log: file name, then the eight keys. Each JSON text is extracted once; they differ in
     * how lines come about and in what is looked at before the JSON, and the fastest is compared.
     */
    static List<String> queries(Path folder) {
        String split = "SELECT filename, unnest(string_split(content, chr(10))) AS line FROM read_text('" + folder
                + "/*.txt')";
        String table = "SELECT filename, line FROM read_csv('" + folder
                + "/*.txt', columns = {'line': 'VARCHAR'}, delim = chr(1),"
                + " quote = '', escape = '', header = false, filename = true, auto_detect = false)";
        String anyRecord = "contains(line, ':::MLLOG')";
        String anyKey = KEYS.stream()
                .map(key -> "contains(line, '\"key\": \"" + key + "\"')")
                .collect(Collectors.joining(" OR ", anyRecord + " AND (", ")"));
        return List.of(query(split, anyRecord), query(split, anyKey), query(table, anyRecord), query(table, anyKey));
    }

    private static String query(String lines, String where) {
        String values = KEYS.stream()
                .map(key -> "max(CASE WHEN kv[1] = '" + key + "' THEN kv[2] END)")
                .collect(Collectors.joining(", "));
        return "WITH lines AS (" + lines
                + "), events AS (SELECT filename, json_extract_string(substr(line, strpos(line, ':::MLLOG')"
                + " + 9), ['$.key', '$.value']) AS kv FROM lines WHERE " + where + ") SELECT filename, " + values
                + " FROM events GROUP BY filename";
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
