package org.flopledger.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.flopledger.ComputeLedger;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCommandsTest {

    @TempDir
    private Path folder;

    @Test
    void what_was_ingested_costs_what_analyze_says() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        SampleLogs.gpt3(folder.resolve("logs"), 50, 2);

        CommandLineRun ingest = ingest("ledger", folder.resolve("logs"));

        assertThat(ingest.status()).as(ingest.err()).isZero();
        assertThat(totals("ledger")).hasSize(2).isEqualTo(analysis(folder.resolve("logs")));
    }

    @Test
    void the_logs_of_the_shared_corpus_cost_what_analyze_says() {
        String shared = System.getProperty("flopledger.shared", "");
        Path corpus = Path.of(shared, "corpus");
        Assumptions.assumeTrue(Files.isDirectory(corpus), "no folder of real logs beside the checkout");

        CommandLineRun ingest = ingest("ledger", corpus);

        assertThat(ingest.status()).as(ingest.err()).isZero();
        assertThat(totals("ledger")).hasSizeGreaterThan(5).isEqualTo(analysis(corpus));
        assertThat(CommandLineRun.of("verify", folder.resolve("ledger")).status())
                .isZero();
    }

    @Test
    void the_same_logs_again_change_nothing_and_it_says_so() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        ingest("ledger", folder.resolve("logs"));
        long size = size(folder.resolve("ledger"));

        CommandLineRun again =
                CommandLineRun.of("ingest", "--ledger", folder.resolve("ledger"), folder.resolve("logs"));

        assertThat(again.status()).isZero();
        assertThat(again.out()).contains("Nothing new: the ledger held every step already and is unchanged.");
        assertThat(size(folder.resolve("ledger"))).isEqualTo(size);
    }

    @Test
    void verify_tells_a_sound_ledger_from_a_changed_one() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        ingest("ledger", folder.resolve("logs"));
        CommandLineRun sound = CommandLineRun.of("verify", folder.resolve("ledger"), "--output", "json");
        assertThat(sound.status()).isZero();
        assertThat(sound.json().path("sound").asBoolean()).isTrue();
        assertThat(sound.json().path("headHash").asText()).hasSize(64);

        Path segment = lastSegment();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 3] ^= 8;
        Files.write(segment, bytes);

        CommandLineRun changed = CommandLineRun.of("verify", folder.resolve("ledger"));
        assertThat(changed.status()).isEqualTo(1);
        assertThat(changed.err())
                .startsWith("flopledger: journal file " + segment.getFileName() + ", offset ")
                .doesNotContain("Exception");
    }

    @Test
    void merge_counts_what_two_ledgers_share_once() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs-1"), 20, 1);
        SampleLogs.gpt3(folder.resolve("logs-2"), 20, 1);
        SampleLogs.gpt3(folder.resolve("logs-2"), 30, 2);
        SampleLogs.gpt3(folder.resolve("all"), 20, 1);
        SampleLogs.gpt3(folder.resolve("all"), 30, 2);
        ingest("one", folder.resolve("logs-1"));
        ingest("two", folder.resolve("logs-2"));

        CommandLineRun merge = CommandLineRun.of(
                "merge", folder.resolve("merged"), folder.resolve("one"), folder.resolve("two"), "--output", "json");

        assertThat(merge.status()).as(merge.err()).isZero();
        assertThat(merge.json().path("ledgers").path(1).path("duplicates").asText())
                .isEqualTo("20");
        assertThat(totals("merged")).isEqualTo(analysis(folder.resolve("all")));
        assertThat(CommandLineRun.of("verify", folder.resolve("merged")).status())
                .isZero();
    }

    @Test
    void a_compacted_ledger_has_its_totals_verifies_and_is_not_merged_in_part() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        ingest("ledger", folder.resolve("logs"));
        Map<String, String> before = totals("ledger");
        try (ComputeLedger ledger = ComputeLedger.open(folder.resolve("ledger")).start()) {
            assertThat(ledger.compact()).isPositive();
        }

        assertThat(totals("ledger")).hasSize(1).isEqualTo(before);
        CommandLineRun verified = CommandLineRun.of("verify", folder.resolve("ledger"));
        assertThat(verified.status()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("were compacted away; the chain holds from there.", "Sound: ");
        CommandLineRun again =
                CommandLineRun.of("ingest", "--ledger", folder.resolve("ledger"), folder.resolve("logs"));
        assertThat(again.out()).contains("Nothing new: the ledger held every step already and is unchanged.");
        CommandLineRun merged = CommandLineRun.of("merge", folder.resolve("all"), folder.resolve("ledger"));
        assertThat(merged.status()).isEqualTo(1);
        assertThat(merged.err()).contains("was compacted", "nothing was written");
        assertThat(folder.resolve("all")).doesNotExist();
    }

    @Test
    void tokens_that_no_step_tells_are_null_and_not_zero() {
        try (ComputeLedger ledger = ComputeLedger.open(folder.resolve("ledger")).start();
                StepBatchBuilder steps = ledger.newBatch()) {
            steps.run("silent").attempt(0).step(1).source("log").stage(Stage.PRETRAINING);
            steps.reportedFlop(FlopCount.of(1000)).append();
            steps.run("open").attempt(0).step(1).source("log").stage(Stage.PRETRAINING);
            steps.tokens(4096).append();
            steps.run("open").attempt(0).step(2).source("log").stage(Stage.PRETRAINING);
            steps.append();
            try (StepBatch batch = steps.build()) {
                ledger.ingest(batch);
            }
        }

        JsonNode runs = CommandLineRun.of("totals", "--ledger", folder.resolve("ledger"), "--output", "json")
                .json()
                .path("runs");

        assertThat(runs.path(0).path("run").asText()).isEqualTo("silent");
        assertThat(runs.path(0).path("tokens").isNull()).isTrue();
        assertThat(runs.path(0).path("observationsWithTokens").asText()).isEqualTo("0");
        assertThat(runs.path(1).path("tokens").asText()).isEqualTo("4096");
        assertThat(runs.path(1).path("observationsWithTokens").asText()).isEqualTo("1");
        assertThat(runs.path(1).path("observations").asText()).isEqualTo("2");
    }

    @Test
    void a_folder_without_a_ledger_is_a_failure_with_a_message() {
        for (String command : new String[] {"totals", "verify"}) {
            CommandLineRun run = command.equals("totals")
                    ? CommandLineRun.of("totals", "--ledger", folder)
                    : CommandLineRun.of("verify", folder);
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err().lines())
                    .hasSize(2)
                    .startsWith("flopledger: the directory holds no journal (no file journal-*.arrows)");
        }
    }

    @Test
    void logs_without_a_run_do_not_make_a_ledger() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "nothing here\n");
        CommandLineRun run = ingest("ledger", folder.resolve("notes.txt"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("no usable run was found; the ledger was not touched");
        assertThat(folder.resolve("ledger")).doesNotExist();
    }

    private CommandLineRun ingest(String ledger, Path logs) {
        return CommandLineRun.of("ingest", "--ledger", folder.resolve(ledger), logs, "--output", "json");
    }

    private Map<String, String> totals(String ledger) {
        return figures(CommandLineRun.of("totals", "--ledger", folder.resolve(ledger), "--output", "json")
                .json());
    }

    private static Map<String, String> analysis(Path logs) {
        return figures(CommandLineRun.of("analyze", logs, "--output", "json").json());
    }

    /** The total of each run, with its method and bounds, or the word null. */
    private static Map<String, String> figures(JsonNode json) {
        Map<String, String> figures = new TreeMap<>();
        for (JsonNode run : json.path("runs")) {
            JsonNode total = run.path("compute").path("total");
            figures.put(
                    run.path("run").asText(),
                    total.path("flop").asText("null") + " "
                            + total.path("method").asText("null") + " "
                            + total.path("low").asText("null") + " "
                            + total.path("high").asText("null"));
        }
        return figures;
    }

    private Path lastSegment() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("ledger"))) {
            return files.filter(file -> file.toString().endsWith(".arrows"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            long size = 0;
            for (Path file : files.toList()) {
                size += Files.size(file);
            }
            return size;
        }
    }
}
