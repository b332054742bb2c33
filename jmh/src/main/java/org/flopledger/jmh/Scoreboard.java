package org.flopledger.jmh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.internal.kernel.Kernels;

/**
 * Runs our code beside its peers on the same data and writes what came out. Started by {@code jmh/scoreboard}.
 *
 * <p>Arguments: {@code --quick} or {@code --full}, {@code --out FILE}, {@code --older-java EXECUTABLE}. With {@code --live-only} it
 * prints the figures of live recording and ends, with {@code
 * --collector-only} those of the collector. With {@code --fold-only} it prints the rows per second of the clustered fold and ends: that is how the older Java is measured.
 */
public final class Scoreboard {

    private final Scale scale;
    private final Results results = new Results();

    private Scoreboard(Scale scale) {
        this.scale = scale;
    }

    /** Runs the parts. */
    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        Scale scale = options.contains("--quick") ? Scale.QUICK : Scale.FULL;
        if (options.contains("--live-only")) {
            LiveParts.run(scale, new Results());
            return;
        }
        if (options.contains("--collector-only")) {
            CollectorParts.run(scale, new Results());
            return;
        }
        if (options.contains("--fold-only")) {
            System.out.println(FoldParts.rowsPerSecond(scale));
            return;
        }
        Scoreboard board = new Scoreboard(scale);
        board.run(value(options, "--older-java"));
        Path out = Path.of(value(options, "--out"));
        Files.writeString(out, board.results.toJson(facts(options)));
        System.out.println("wrote " + out + " (" + Timing.kept() % 10 + ")");
    }

    private static String value(List<String> options, String name) {
        int at = options.indexOf(name);
        if (at < 0 || at + 1 == options.size()) {
            throw new IllegalArgumentException("option " + name + " is missing, must be given with a value");
        }
        return options.get(at + 1);
    }

    private static Map<String, String> facts(List<String> options) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("mode", options.contains("--quick") ? "quick" : "full");
        facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("kernels", Kernels.form());
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("machine", System.getProperty("flopledger.machine", "unnamed"));
        facts.put("flags", System.getProperty("flopledger.flags", ""));
        facts.put("date", System.getProperty("flopledger.date", ""));
        return facts;
    }

    private void run(String olderJava) throws Exception {
        System.out.println("kernels: " + Kernels.form() + ", because " + Kernels.reason());
        RecordParts.run(scale, results);
        RecordParts.merge(scale, results);
        LiveParts.run(scale, results);
        FoldParts.run(scale, results);
        results.figure("fold.jdk17.rowsPerSecond", onOlderJava(olderJava));
        results.ratio(
                "fold.jdk17.duckdb",
                results.figure("fold.jdk17.rowsPerSecond") / results.figure("duckdb.clustered.rowsPerSecond"));
        FoldParts.growth(scale, results);
        ParseParts.run(scale, results);
        JournalParts.run(scale, results);
        CollectorParts.run(scale, results);
    }

    /** Returns the rows per second of the clustered fold in a child on another Java, with the same class path. */
    private double onOlderJava(String executable) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        executable,
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Scoreboard.class.getName(),
                        "--fold-only",
                        scale.equals(Scale.QUICK) ? "--quick" : "--full")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exit = child.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(executable + " ended with " + exit + " after printing '" + printed + "'");
        }
        return Double.parseDouble(printed);
    }
}
