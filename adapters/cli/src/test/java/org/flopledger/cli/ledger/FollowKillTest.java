package org.flopledger.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.flopledger.ComputeLedger;
import org.flopledger.account.CellTotals;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the trainer of {@code samples/python} and {@code follow}, each as {@code kill -9} does, at random moments. A nightly build sets
 * the number of kills to 200.
 */
class FollowKillTest {

    private static final int KILLS = Integer.getInteger("flopledger.kills", 6);
    private static final int LAST_STEP = 1_000_000;
    private static final int LONGEST_TRAINER_MILLIS = 120;
    private static final int LONGEST_FOLLOWER_MILLIS = 2_000;
    private static final String PYTHON = System.getProperty("flopledger.python", "python3");

    @TempDir
    private Path folder;

    @Test
    void every_step_of_the_trainers_own_list_counts_once_whoever_was_killed() throws Exception {
        assumeTrue(hasPython(), "no " + PYTHON + " was found: the trainer's side is not tested");
        long seed = Long.getLong("flopledger.seed", System.nanoTime());
        Random random = new Random(seed);
        Process follower = follow();
        int followerKills = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process trainer = trainer(LAST_STEP);
            awaitFirstStep(trainer);
            trainer.waitFor(random.nextInt(LONGEST_TRAINER_MILLIS), TimeUnit.MILLISECONDS);
            trainer.destroyForcibly().waitFor();
            if (follower.waitFor(random.nextInt(LONGEST_FOLLOWER_MILLIS) / 4, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("follow ended by itself: " + Files.readString(folder.resolve("errors.txt")));
            }
            follower.destroyForcibly().waitFor();
            followerKills++;
            follower = follow();
        }
        follower.destroyForcibly().waitFor();
        assertThat(followerKills).isEqualTo(KILLS);
        CommandLineRun last = CommandLineRun.of(
                "follow", folder.resolve("spool"), "--ledger", ledger(), "--once", "--output", "json");
        assertThat(last.json().path("conflicts").asText()).as(last.err()).isEqualTo("0");
        assertThat(last.json().path("refused").asText()).as(last.err()).isEqualTo("0");
        requireTheTrainersList(seed);
    }

    /** Python takes its time to start; kills before that would show nothing. */
    private void awaitFirstStep(Process trainer) throws IOException, InterruptedException {
        Path list = folder.resolve("steps.txt");
        long before = Files.exists(list) ? Files.size(list) : 0;
        while (!Files.exists(list) || Files.size(list) == before) {
            assertThat(trainer.waitFor(2, TimeUnit.MILLISECONDS))
                    .as(Files.readString(folder.resolve("trainer.txt")))
                    .isFalse();
        }
    }

    private void requireTheTrainersList(long seed) throws IOException {
        Map<String, Long> begun = new HashMap<>();
        Set<String> done = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve("steps.txt"))) {
            String[] parts = line.split(" ");
            String key = parts[1] + " " + parts[2];
            if (parts[0].equals("begin")) {
                assertThat(begun.put(key, Long.parseLong(parts[3])))
                        .as("attempts differ")
                        .isNull();
            } else {
                done.add(key);
            }
        }
        // What stands in the files, read by no code of ours.
        long inFiles = 0;
        long tokensInFiles = 0;
        try (var files = Files.list(folder.resolve("spool"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    if (line.contains("\"tokens\":")) {
                        inFiles++;
                        tokensInFiles += begun.get(key(line));
                        done.remove(key(line));
                    }
                }
            }
        }
        assertThat(done).as("recorded and in no file; seed %d", seed).isEmpty();
        assertThat(begun.size() - inFiles).as("neither recorded nor not").isBetween(0L, (long) KILLS);
        try (ComputeLedger open = ComputeLedger.open(ledger()).start()) {
            var totals = open.totals("simulated").totals();
            assertThat(totals.cells().stream()
                            .mapToLong(CellTotals::observations)
                            .sum())
                    .as("seed %d", seed)
                    .isEqualTo(inFiles);
            assertThat(totals.tokens().longValueExact()).isEqualTo(tokensInFiles);
            assertThat(open.totals("simulated").total().bounds().best())
                    .hasToString(Long.toString(6_000L * tokensInFiles));
        }
        System.out.println(
                "FollowKillTest: " + KILLS + " kills of each side, " + inFiles + " steps, each once; seed " + seed);
    }

    private static String key(String line) {
        return line.replaceAll(".*\"attempt\":(\\d+),\"step\":(\\d+),.*", "$1 $2");
    }

    private Path ledger() {
        return folder.resolve("ledger");
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder(PYTHON, "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Process trainer(int lastStep) throws IOException {
        return new ProcessBuilder(
                        PYTHON,
                        "../../samples/python/simulated_trainer.py",
                        folder.toString(),
                        Integer.toString(lastStep))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("trainer.txt").toFile())
                .start();
    }

    private Process follow() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "follow",
                        folder.resolve("spool").toString(),
                        "--every",
                        "20",
                        "--ledger",
                        ledger().toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
    }
}
