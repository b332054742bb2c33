package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The law of the one road: of the same logs, totals, findings and exit codes of {@code analyze} are those of {@code ingest} and
 * {@code totals}, whatever the order and the cutting of the files.
 */
class OneRoadTest {

    private static final Path SAMPLES =
            Path.of("").toAbsolutePath().getParent().getParent().resolve("samples/logs");

    @TempDir
    private Path folder;

    private int ledgers;

    @Test
    void holds_for_the_samples() throws IOException {
        for (ReviewProfile profile : ReviewProfiles.profiles()) {
            assertLaw(SAMPLES, List.of("--profile", profile.id()));
        }
        assertLaw(SAMPLES, List.of("--threshold", "1e21"));
        assertLaw(SAMPLES, List.of());
    }

    @Test
    void holds_for_growing_restarted_and_unfinished_logs() throws IOException {
        RoadFixtures.write(folder.resolve("logs"));
        for (String profile : List.of("eu-gpai", "seed-proposal-2026", "cross-check")) {
            assertLaw(folder.resolve("logs"), List.of("--profile", profile));
        }
        assertLaw(folder.resolve("logs"), List.of("--threshold", "1e19"));
        assertLaw(folder.resolve("logs"), List.of("--threshold", "1e30"));
    }

    @Test
    void holds_for_every_folder_of_the_shared_corpus() throws IOException {
        Path corpus = Path.of(System.getProperty("flopledger.shared", ""), "corpus");
        Assumptions.assumeTrue(Files.isDirectory(corpus), "no folder of real logs beside the checkout");
        try (Stream<Path> folders = Files.list(corpus)) {
            for (Path part : folders.filter(Files::isDirectory).sorted().toList()) {
                assertLaw(part, List.of("--profile", "eu-gpai", "--profile", "seed-proposal-2026"));
            }
        }
        String[] all = ReviewProfiles.profiles().stream()
                .flatMap(profile -> Stream.of("--profile", profile.id()))
                .toArray(String[]::new);
        assertAtOnce(corpus, List.of(all));
    }

    private void assertLaw(Path logs, List<String> lines) throws IOException {
        Outcome analyzed = assertAtOnce(logs, lines);
        List<Path> files = files(logs);
        if (analyzed.status() == 1 || files.size() > 60) {
            return;
        }
        Outcome oneByOne = oneByOne(files, lines);
        Collections.reverse(files);
        Outcome reversed = oneByOne(files, lines);
        for (Outcome pieces : List.of(oneByOne, reversed)) {
            assertThat(pieces.totals()).as("%s %s", logs, lines).containsExactlyInAnyOrderEntriesOf(analyzed.totals());
            assertThat(pieces.kinds()).as("%s %s", logs, lines).containsExactlyElementsOf(analyzed.kinds());
            assertThat(pieces.status()).as("%s %s", logs, lines).isEqualTo(analyzed.status());
        }
    }

    private Outcome assertAtOnce(Path logs, List<String> lines) {
        Outcome analyzed = analyze(logs, lines);
        Path ledger = newLedger();
        CommandLineRun ingest = ingest(ledger, List.of(logs), lines);
        assertThat(ingest.status()).as("%s %s %s", logs, lines, ingest.err()).isEqualTo(analyzed.status());
        if (Files.isDirectory(ledger)) {
            Outcome kept = kept(ledger, ingest.status());
            assertThat(kept.totals()).as("%s", logs).isEqualTo(analyzed.totals());
            assertThat(kept.findings()).as("%s %s", logs, lines).containsExactlyElementsOf(analyzed.findings());
            assertThat(CommandLineRun.of("verify", ledger).status()).isZero();
        } else {
            // Runs of which the logs tell no work make no ledger.
            assertThat(analyzed.totals().values()).as("%s", logs).allMatch(told -> told.endsWith(" "));
        }
        return analyzed;
    }

    /** Every command sees one log, with what lies beside it. */
    private Outcome oneByOne(List<Path> files, List<String> lines) {
        Path ledger = newLedger();
        var codes = new TreeSet<Integer>();
        for (Path file : files) {
            CommandLineRun run = ingest(ledger, List.of(file), lines);
            boolean isSideFile = run.err().contains("no usable run was found");
            if (!isSideFile) {
                codes.add(run.status());
            }
        }
        int last = codes.contains(3) ? 3 : codes.contains(1) ? 1 : codes.contains(4) ? 4 : 0;
        return kept(ledger, last);
    }

    private static CommandLineRun ingest(Path ledger, List<Path> paths, List<String> lines) {
        List<Object> words = new ArrayList<>(List.of("ingest", "--ledger", ledger, "--output", "json"));
        words.addAll(lines);
        words.addAll(paths);
        return CommandLineRun.of(words.toArray());
    }

    private Path newLedger() {
        return folder.resolve("ledger-" + ledgers++);
    }

    /**
     * What a command said.
     *
     * @param status exit code
     * @param totals attempts, total, retained and discarded of each run
     * @param findings whole findings, sorted
     * @param kinds run, rule and kind of each finding, sorted: the step at which something is found depends on what was there
     */
    private record Outcome(int status, Map<String, String> totals, List<String> findings, List<String> kinds) {}

    private static Outcome analyze(Path logs, List<String> lines) {
        List<Object> words = new ArrayList<>(List.of("analyze", "--output", "json"));
        words.addAll(lines);
        words.add(logs);
        CommandLineRun run = CommandLineRun.of(words.toArray());
        JsonNode json = run.json();
        List<JsonNode> findings = new ArrayList<>();
        for (JsonNode one : json.path("runs")) {
            for (JsonNode finding : one.path("findings")) {
                findings.add(((com.fasterxml.jackson.databind.node.ObjectNode) finding)
                        .put("run", one.path("run").asText()));
            }
        }
        return outcome(run.status(), json, findings);
    }

    private static Outcome kept(Path ledger, int status) {
        JsonNode json = CommandLineRun.of("totals", "--ledger", ledger, "--output", "json")
                .json();
        List<JsonNode> findings = new ArrayList<>();
        json.path("findings").forEach(findings::add);
        return outcome(status, json, findings);
    }

    private static Outcome outcome(int status, JsonNode json, List<JsonNode> findings) {
        Map<String, String> totals = new TreeMap<>();
        for (JsonNode run : json.path("runs")) {
            JsonNode compute = run.path("compute");
            totals.put(
                    run.path("run").asText(),
                    run.path("attempts") + " " + compute.path("total") + compute.path("retained")
                            + compute.path("discarded"));
        }
        List<String> whole = findings.stream()
                .map(finding -> finding.path("run") + " " + finding.path("rule") + " " + finding.path("kind") + " "
                        + finding.path("verdict") + " " + finding.path("step") + " " + finding.path("at") + " "
                        + finding.path("flop") + " " + finding.path("summary"))
                .sorted()
                .toList();
        List<String> kinds = findings.stream()
                .map(finding -> finding.path("run") + " " + finding.path("rule") + " " + finding.path("kind"))
                // What was found of a sum so far is found again of the longer sum that takes its place.
                .distinct()
                .sorted()
                .toList();
        return new Outcome(status, totals, whole, kinds);
    }

    private static List<Path> files(Path logs) throws IOException {
        try (Stream<Path> files = Files.walk(logs)) {
            return new ArrayList<>(files.filter(Files::isRegularFile).sorted().toList());
        }
    }
}
