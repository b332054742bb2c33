package org.flopledger.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.ComputeLedger;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.RoadFixtures;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ledgers that took in one growing log at different moments, merged in any order, tell what the longest log tells alone. */
class MergeGrowingLogsTest {

    @TempDir
    private Path folder;

    private int merged;

    @Test
    void steps_of_a_growing_log_count_once_in_every_order() throws IOException {
        RoadFixtures.growing(folder.resolve("logs"), 1);
        List<Path> cuts = List.of(cut("at-15"), cut("at-16"), longest(folder.resolve("logs")));
        assertThat(rows(cuts.get(2))).isGreaterThan(1);

        assertEveryOrderTells(cuts, cuts.get(2));
    }

    @Test
    void sums_so_far_of_a_growing_run_count_once_in_every_order() throws IOException {
        RoadFixtures.write(folder.resolve("logs"));
        Path trainer = folder.resolve("logs/trainer");
        List<Path> cuts = List.of(
                trainer.resolve("checkpoint-10"),
                trainer.resolve("checkpoint-20"),
                trainer.resolve("trainer_state.json"));
        assertThat(rows(cuts.get(2))).isEqualTo(1);

        assertEveryOrderTells(cuts, cuts.get(2));
    }

    @Test
    void a_run_that_was_restarted_later_counts_once_in_every_order() throws IOException {
        List<String> lines = RoadFixtures.restarted(2).lines().toList();
        List<Path> cuts = new ArrayList<>();
        for (int last : new int[] {8, 11, lines.size()}) {
            Path cut = Files.createDirectories(folder.resolve("logs/at-" + last));
            Files.writeString(cut.resolve("log.txt"), String.join("\n", lines.subList(0, last)) + "\n");
            cuts.add(cut);
        }

        assertEveryOrderTells(cuts, cuts.get(2));
    }

    @Test
    void a_ledger_that_had_grown_itself_is_merged_with_what_it_holds_now() throws IOException {
        RoadFixtures.growing(folder.resolve("logs"), 1);
        Path grown = folder.resolve("grown");
        ingest(grown, cut("at-8"));
        ingest(grown, cut("at-15"));
        ingest(grown, cut("at-16"));
        Path whole = ingest(folder.resolve("whole"), longest(folder.resolve("logs")));

        String expected = analysis(longest(folder.resolve("logs")));
        assertThat(totals(merge(List.of(grown, whole)))).isEqualTo(expected);
        assertThat(totals(merge(List.of(whole, grown)))).isEqualTo(expected);
    }

    @Test
    void the_ledger_that_takes_the_others_in_is_one_of_them() throws IOException {
        RoadFixtures.write(folder.resolve("logs"));
        Path trainer = folder.resolve("logs/trainer");
        Path first = ingest(folder.resolve("first"), trainer.resolve("checkpoint-10"));
        Path last = ingest(folder.resolve("last"), trainer.resolve("trainer_state.json"));
        String expected = totals(last);

        assertThat(CommandLineRun.of("merge", first, last).status()).isZero();
        assertThat(totals(first)).isEqualTo(expected);
        assertThat(CommandLineRun.of("merge", last, first).status()).isZero();
        assertThat(totals(last)).isEqualTo(expected);
        CommandLineRun verified = CommandLineRun.of("verify", first);
        assertThat(verified.status()).as(verified.err()).isZero();
    }

    @Test
    void tellings_that_contradict_each_other_are_named_and_the_one_with_more_work_counts_in_both_orders()
            throws IOException {
        RoadFixtures.write(folder.resolve("logs"));
        Path trainer = folder.resolve("logs/trainer");
        Path less = ingest(folder.resolve("less"), trainer.resolve("trainer_state.json"));
        Path early = Files.createDirectories(folder.resolve("logs-2")).resolve("trainer_state.json");
        Files.writeString(
                early,
                Files.readString(trainer.resolve("checkpoint-10/trainer_state.json"))
                        .replace("\"num_input_tokens_seen\": 409600", "\"num_input_tokens_seen\": 409600000"));
        Path more = ingest(folder.resolve("more"), early);

        for (List<Path> order : List.of(List.of(less, more), List.of(more, less))) {
            Path all = folder.resolve("all-" + merged++);
            CommandLineRun merge = CommandLineRun.of("merge", all, order.get(0), order.get(1));
            assertThat(merge.status()).isEqualTo(1);
            assertThat(merge.err()).contains("the ledgers contradict each other");
            assertThat(totals(all)).isEqualTo(totals(more));
        }
    }

    @Test
    void pieces_of_a_run_whose_observer_calls_himself_log_are_added() {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        record(first, "log", 1, 100);
        record(second, "log", 101, 300);

        assertThat(tokens(merge(List.of(first, second)))).isEqualTo("300000");
        assertThat(tokens(merge(List.of(second, first)))).isEqualTo("300000");
    }

    @Test
    void a_sum_so_far_beside_another_observer_is_refused() {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        record(first, "log, whole run", 100, 100);
        record(second, "trainer", 1, 100);

        CommandLineRun merge = CommandLineRun.of("merge", folder.resolve("all"), first, second);

        assertThat(merge.status()).isEqualTo(1);
        assertThat(merge.err()).contains("run 'run' was taken from a log, as a sum, and observed by others too");
    }

    @Test
    void what_a_person_took_back_in_the_shorter_ledger_is_not_lost() {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        record(first, "log", 1, 100);
        record(second, "log", 1, 200);
        try (ComputeLedger ledger = ComputeLedger.open(first).start()) {
            ledger.retract("run", 0, 50, 50, "log", "a counter ran over");
        }

        CommandLineRun merge = CommandLineRun.of("merge", folder.resolve("all"), first, second);

        assertThat(merge.status()).isEqualTo(1);
        assertThat(merge.err()).contains("steps 50 to 50 were taken back in one ledger (a counter ran over)");
    }

    private void assertEveryOrderTells(List<Path> cuts, Path longest) {
        List<Path> ledgers = new ArrayList<>();
        for (Path cut : cuts) {
            ledgers.add(ingest(folder.resolve("ledger-" + ledgers.size()), cut));
        }
        String expected = analysis(longest);
        int[][] orders = {{0, 2}, {2, 0}, {0, 1}, {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (int[] order : orders) {
            List<Path> some =
                    java.util.Arrays.stream(order).mapToObj(ledgers::get).toList();
            String told = order.length == 2 && order[1] == 1 ? analysis(cuts.get(1)) : expected;
            assertThat(totals(merge(some))).as("%s", (Object) order).isEqualTo(told);
        }
    }

    private Path merge(List<Path> ledgers) {
        Path all = folder.resolve("all-" + merged++);
        CommandLineRun merge = CommandLineRun.of(
                Stream.concat(Stream.of("merge", all), ledgers.stream()).toArray());
        assertThat(merge.status()).as(merge.err()).isZero();
        CommandLineRun verified = CommandLineRun.of("verify", all);
        assertThat(verified.status()).as(verified.err()).isZero();
        return all;
    }

    private Path ingest(Path ledger, Path logs) {
        CommandLineRun ingest = CommandLineRun.of("ingest", "--ledger", ledger, logs);
        assertThat(ingest.status()).as(ingest.err()).isZero();
        return ledger;
    }

    private static void record(Path directory, String source, long first, long last) {
        try (ComputeLedger ledger = ComputeLedger.open(directory).start();
                StepBatchBuilder steps = ledger.newBatch()) {
            for (long step = first; step <= last; step++) {
                steps.run("run").attempt(0).step(step).source(source).stage(Stage.PRETRAINING);
                steps.tokens(1000).reportedFlop(FlopCount.of(1000)).append();
            }
            try (StepBatch batch = steps.build()) {
                assertThat(ledger.ingest(batch).accepted()).isEqualTo(batch.rows());
            }
        }
    }

    private Path cut(String name) {
        return folder.resolve("logs").resolve(name);
    }

    private static Path longest(Path logs) throws IOException {
        try (Stream<Path> all = Files.list(logs)) {
            return all.max((a, b) -> Long.compare(at(a), at(b))).orElseThrow();
        }
    }

    private static long at(Path cut) {
        return Long.parseLong(String.valueOf(cut.getFileName()).substring("at-".length()));
    }

    private long rows(Path logs) {
        Path probe = ingest(folder.resolve("probe"), logs);
        return CommandLineRun.of("totals", "--ledger", probe, "--output", "json")
                .json()
                .path("runs")
                .path(0)
                .path("observations")
                .asLong();
    }

    private static String tokens(Path ledger) {
        return CommandLineRun.of("totals", "--ledger", ledger, "--output", "json")
                .json()
                .path("runs")
                .path(0)
                .path("tokens")
                .asText();
    }

    private static String totals(Path ledger) {
        return compute(CommandLineRun.of("totals", "--ledger", ledger, "--output", "json"));
    }

    private static String analysis(Path logs) {
        return compute(CommandLineRun.of("analyze", logs, "--output", "json"));
    }

    private static String compute(CommandLineRun told) {
        assertThat(told.json().path("runs")).hasSize(1);
        return told.json().path("runs").path(0).path("compute").toString();
    }
}
