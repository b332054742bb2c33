package org.flopledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What {@code analyze} says of measured trainings, beside what they executed. Its main method prints the table that the
 * documentation holds: the arguments are the folders of the seeds.
 */
final class LabTable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRUTH = ".truth.json";

    private LabTable() {}

    /**
     * One training.
     *
     * @param scenario its name
     * @param measured FLOP that torch dispatched
     * @param low the least that analyze says, or null if it says nothing
     * @param best what it quotes
     * @param high the most
     */
    record Row(String scenario, BigInteger measured, BigInteger low, BigInteger best, BigInteger high) {

        boolean isUnderstood() {
            return best != null;
        }

        boolean holds() {
            return isUnderstood() && low.compareTo(measured) <= 0 && measured.compareTo(high) <= 0;
        }

        double bestOverMeasured() {
            return ratio(best, measured).doubleValue();
        }

        double highOverLow() {
            return ratio(high, low).doubleValue();
        }

        /** Returns a line of a Markdown table. */
        String line(String seed) {
            if (!isUnderstood()) {
                return "| " + seed + " | " + scenario + " | " + measured + " | - | - | - | | | |";
            }
            return "| " + seed + " | " + scenario + " | " + measured + " | " + low + " | " + best + " | " + high + " | "
                    + ratio(best, measured) + " | " + ratio(high, low) + " | " + (holds() ? "yes" : "NO") + " |";
        }

        private static BigDecimal ratio(BigInteger a, BigInteger b) {
            return new BigDecimal(a)
                    .divide(new BigDecimal(b), MathContext.DECIMAL64)
                    .setScale(3, RoundingMode.HALF_UP);
        }
    }

    /** Returns the rows of a seed, in the order of their names; {@code work} is an empty folder. */
    static List<Row> of(Path seed, Path work) throws IOException {
        var truths = new TreeMap<String, Path>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(seed, "*" + TRUTH)) {
            for (Path file : files) {
                truths.put(file.getFileName().toString().replace(TRUTH, ""), file);
            }
        }
        var rows = new ArrayList<Row>();
        for (var truth : truths.entrySet()) {
            BigInteger measured =
                    JSON.readTree(truth.getValue().toFile()).path("flop").bigIntegerValue();
            rows.add(row(truth.getKey(), measured, together(seed, truth.getKey(), work)));
        }
        return rows;
    }

    /** The trainers that write no configuration of their model get it beside their logs. */
    private static Path together(Path seed, String scenario, Path work) throws IOException {
        Path logs = seed.resolve(scenario);
        Path base = seed.resolve(scenario + ".base").resolve("config.json");
        if (!Files.isRegularFile(base)) {
            return logs;
        }
        Path copy = work.resolve(scenario);
        try (Stream<Path> files = Files.walk(logs)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path to = copy.resolve(logs.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.write(to, Files.readAllBytes(file));
                }
            }
        }
        Files.write(copy.resolve("config.json"), Files.readAllBytes(base));
        return copy;
    }

    private static Row row(String scenario, BigInteger measured, Path logs) throws IOException {
        String said = CommandLineRun.of("analyze", logs.toString(), "--output", "json")
                .out();
        JsonNode total =
                JSON.readTree(said).path("runs").path(0).path("compute").path("total");
        return total.isObject()
                ? new Row(scenario, measured, figure(total, "low"), figure(total, "flop"), figure(total, "high"))
                : new Row(scenario, measured, null, null, null);
    }

    private static BigInteger figure(JsonNode total, String name) {
        return new BigInteger(total.path(name).textValue());
    }

    /** Prints the table of the seeds whose folders are named. */
    public static void main(String[] seeds) throws IOException {
        System.out.println("| seed | scenario | measured | low | best | high | best / measured | high / low | holds |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (String seed : seeds) {
            Path folder = Path.of(seed);
            for (Row row : of(folder, Files.createTempDirectory("lab"))) {
                System.out.println(row.line(folder.getFileName().toString().replace("seed", "")));
            }
        }
    }
}
