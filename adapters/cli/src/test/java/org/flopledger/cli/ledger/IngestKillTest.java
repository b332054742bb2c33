package org.flopledger.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.Main;
import org.flopledger.cli.SampleLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills {@code ingest}, as {@code kill -9} does, at random moments. A nightly build sets the number of kills to 100. */
class IngestKillTest {

    private static final int KILLS = Integer.getInteger("flopledger.kills", 4);
    private static final int RUNS = 150;
    private static final int LONGEST_LIFE_MILLIS = 3_000;

    @TempDir
    private Path folder;

    @Test
    void totals_are_those_of_analyze_however_often_ingest_was_killed() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            SampleLogs.gpt3(folder.resolve("logs"), 50, run);
        }
        Random random = new Random(7);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start();
            process.waitFor(random.nextInt(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            if (kill % 10 == 9) {
                // Begin anew, so that kills keep hitting a ledger that is being filled.
                verify();
                delete(folder.resolve("ledger"));
            }
        }
        Process last = start();
        assertThat(last.waitFor()).as(Files.readString(errors())).isZero();
        assertThat(CommandLineRun.of("verify", folder.resolve("ledger")).status())
                .isZero();
        assertThat(figures("totals", "--ledger", folder.resolve("ledger")))
                .hasSize(RUNS)
                .isEqualTo(figures("analyze", folder.resolve("logs")));
    }

    private void verify() {
        if (Files.isDirectory(folder.resolve("ledger"))) {
            CommandLineRun run = CommandLineRun.of("verify", folder.resolve("ledger"), "--output", "json");
            // Killed before its first commit, or in the middle of one: then that is all there is to complain of.
            boolean isYoung = run.err().contains("holds no journal");
            assertThat(isYoung || run.json().path("sound").asBoolean() || tornOnly(run.json()))
                    .as(run.out() + run.err())
                    .isTrue();
        }
    }

    private static boolean tornOnly(JsonNode json) {
        return json.path("faults").size() == 1
                && json.path("faults").path(0).asText().contains("never finished");
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "ingest",
                        "--ledger",
                        folder.resolve("ledger").toString(),
                        folder.resolve("logs").toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors().toFile())
                .start();
    }

    private Path errors() {
        return folder.resolve("errors.txt");
    }

    private static Map<String, String> figures(Object... command) {
        Object[] words = Arrays.copyOf(command, command.length + 2);
        words[command.length] = "--output";
        words[command.length + 1] = "json";
        Map<String, String> figures = new TreeMap<>();
        for (JsonNode run : CommandLineRun.of(words).json().path("runs")) {
            figures.put(
                    run.path("run").asText(),
                    run.path("compute").path("total").path("flop").asText());
        }
        return figures;
    }

    private static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }
}
