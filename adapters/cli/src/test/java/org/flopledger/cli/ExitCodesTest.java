package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of these codes was once another one, and nothing noticed. */
class ExitCodesTest {

    @TempDir
    private Path folder;

    private int ledgers;

    @Test
    void an_amount_equal_to_a_threshold_is_not_above_it_in_either_command() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 40, 1);
        JsonNode run = analyze("--output", "json").json().path("runs").path(0);
        BigInteger all = new BigInteger(
                        run.path("compute").path("total").path("flop").asText())
                .add(new BigInteger(run.path("prior").path("flop").asText()));
        BigInteger most =
                new BigInteger(run.path("compute").path("total").path("high").asText()).multiply(BigInteger.TEN);

        for (BigInteger line : new BigInteger[] {all, most}) {
            assertThat(crossings(
                            analyze("--output", "json", "--threshold", line).json()))
                    .as("at %s", line)
                    .isZero();
            assertThat(crossings(ingest("--output", "json", "--threshold", line).json()))
                    .as("at %s", line)
                    .isZero();
        }
        BigInteger below = all.subtract(BigInteger.ONE);
        assertThat(analyze("--threshold", below).status()).isEqualTo(3);
        assertThat(ingest("--threshold", below).status()).isEqualTo(3);
    }

    @Test
    void ingest_ends_with_three_on_a_crossing_also_when_it_found_it_before() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 40, 1);
        Path ledger = folder.resolve("ledger");
        for (int time = 0; time < 2; time++) {
            CommandLineRun run =
                    CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("logs"), "--threshold", "1e17");
            assertThat(run.status()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-gpai", "seed-proposal-2026"})
    void an_ancestor_nobody_priced_is_unknown_in_both_commands(String profile) throws IOException {
        Path log = SampleLogs.gpt3(folder.resolve("logs"), 10, 1);
        Files.writeString(
                log, Files.readString(log).replace("gpt3", "llama2_70b_lora").replace("epoch_num", "samples_count"));

        assertThat(analyze("--profile", profile).status()).isEqualTo(4);
        assertThat(ingest("--profile", profile).status()).isEqualTo(4);
        assertThat(ingest("--output", "json", "--profile", profile)
                        .json()
                        .path("findings")
                        .toString())
                .contains("BASIS_UNKNOWN");
    }

    @Test
    void a_sequence_above_2_to_the_63_flop_keeps_its_price_in_both_commands() throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        Files.writeString(folder.resolve("logs/log.txt"), RoadFixtures.longSequences());
        JsonNode analyzed = analyze("--output", "json")
                .json()
                .path("runs")
                .path(0)
                .path("compute")
                .path("total");
        Path ledger = folder.resolve("ledger");
        assertThat(CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("logs"), "--threshold", "1e22")
                        .status())
                .isEqualTo(3);
        JsonNode kept = CommandLineRun.of("totals", "--ledger", ledger, "--output", "json")
                .json()
                .path("runs")
                .path(0);

        assertThat(analyzed.path("method").asText()).isEqualTo("ARCHITECTURE");
        assertThat(kept.path("compute").path("total")).isEqualTo(analyzed);
        assertThat(new BigInteger(analyzed.path("flop").asText()).divide(BigInteger.valueOf(16_000)))
                .isGreaterThan(BigInteger.ONE.shiftLeft(63));
        assertThat(analyze("--threshold", "1e22").status()).isEqualTo(3);
    }

    @Test
    void a_run_whose_rows_are_all_refused_is_named_and_ends_with_one() throws IOException {
        trainer("logs/refused", "1e35");
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);

        for (CommandLineRun run : new CommandLineRun[] {analyze(), ingest()}) {
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("trainer-").contains("REPORTED_FLOP");
            assertThat(run.out()).contains("gpt3").doesNotContain("Nothing new");
        }
    }

    @Test
    void logs_that_contradict_each_other_are_named_the_larger_counts_and_the_others_go_on() throws IOException {
        Path log = SampleLogs.gpt3(folder.resolve("logs/a"), 20, 1);
        SampleLogs.gpt3(folder.resolve("logs/z"), 30, 2);
        Path larger = Files.createDirectories(folder.resolve("logs/b")).resolve("larger.txt");
        String text = Files.readString(log).replace("\"value\": 16,", "\"value\": 16000,");
        Files.writeString(larger, text.replaceAll("\"epoch_num\": (\\d+)", "\"epoch_num\": $1000"));

        CommandLineRun together = analyze("--output", "json");
        Path ledger = folder.resolve("pieces");
        int[] codes = new int[3];
        Path[] pieces = {folder.resolve("logs/a"), larger, folder.resolve("logs/z")};
        for (int i = 0; i < pieces.length; i++) {
            codes[i] =
                    CommandLineRun.of("ingest", "--ledger", ledger, pieces[i]).status();
        }

        assertThat(together.status()).isEqualTo(1);
        assertThat(together.err()).contains("contradicts");
        assertThat(together.json().path("runs")).hasSize(2);
        assertThat(codes).containsExactly(0, 1, 0);
        JsonNode kept = CommandLineRun.of("totals", "--ledger", ledger, "--output", "json")
                .json()
                .path("runs");
        assertThat(kept.path(0).path("compute").path("total"))
                .isEqualTo(together.json().path("runs").path(0).path("compute").path("total"));
        assertThat(kept).hasSize(2);
    }

    @Test
    void verify_ends_with_one_on_faults() throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        Path ledger = folder.resolve("ledger");
        CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("logs"));
        Path last;
        try (var files = Files.list(ledger)) {
            last = files.filter(file -> file.toString().endsWith(".arrows"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(last);
        Files.write(last, java.util.Arrays.copyOf(bytes, bytes.length - 9));

        assertThat(CommandLineRun.of("verify", ledger).status()).isEqualTo(1);
    }

    private void trainer(String place, String claim) throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve(place)).resolve("trainer_state.json"),
                "{\"global_step\": 5, \"max_steps\": 5, \"total_flos\": " + claim
                        + ", \"log_history\": [{\"step\": 5, \"loss\": 1.5}]}");
    }

    private static long crossings(JsonNode json) {
        long crossed = json.path("findings").findValuesAsText("kind").stream()
                .filter("CROSSED"::equals)
                .count();
        for (JsonNode run : json.path("runs")) {
            crossed += run.path("findings").findValuesAsText("kind").stream()
                    .filter("CROSSED"::equals)
                    .count();
        }
        return crossed;
    }

    private CommandLineRun analyze(Object... words) {
        return command(words, "analyze", folder.resolve("logs"));
    }

    private CommandLineRun ingest(Object... words) {
        return command(words, "ingest", "--ledger", folder.resolve("new-ledger-" + ledgers++), folder.resolve("logs"));
    }

    private static CommandLineRun command(Object[] words, Object... first) {
        Object[] all = java.util.Arrays.copyOf(first, first.length + words.length);
        System.arraycopy(words, 0, all, first.length, words.length);
        return CommandLineRun.of(all);
    }
}
