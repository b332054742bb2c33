package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.journal.JournalOptions;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole ledger holds on the heap, each time in a process that has no more than is promised. */
class LedgerMemoryTest {

    private static final int IDLE_RUNS = 10_000;

    @TempDir
    Path directory;

    @Test
    void ten_thousand_open_idle_runs_of_a_durable_ledger_need_less_than_64_megabytes() throws Exception {
        String ledger = directory.resolve("ledger").toString();
        List<String> printed = ChildProcess.run(directory, 64, IdleRuns.class, ledger);
        List<String> again = ChildProcess.run(directory, 64, IdleRuns.class, ledger);

        assertThat(printed.get(0)).isEqualTo("runs 10000, observations 10000");
        assertThat(again.get(0)).as("opened again").isEqualTo("runs 10000, observations 10000");
        System.out.println("durable: " + printed.get(1) + "; opened again: " + again.get(1));
    }

    @Test
    void ten_million_contiguous_steps_of_a_run_add_less_than_10_kilobytes() throws Exception {
        List<String> printed = ChildProcess.run(directory, 64, LongRun.class);

        System.out.println("10^7 contiguous steps grow the heap by " + printed.get(0) + " bytes");
        assertThat(Long.parseLong(printed.get(0))).isLessThan(10_000);
    }

    /** The long form is run with {@code -Dflopledger.memory.ledgers=10000}. */
    @Test
    void ledgers_opened_and_closed_on_one_thread_leave_nothing_behind() throws Exception {
        String lives = Integer.toString(Integer.getInteger("flopledger.memory.ledgers", 1_000));
        List<String> printed = ChildProcess.run(directory, 64, ManyLives.class, lives);

        assertThat(printed.get(0)).isEqualTo(lives + " ledgers");
        assertThat(Long.parseLong(printed.get(1)))
                .as("megabytes in use at the end")
                .isLessThan(20);
        assertThat(Integer.parseInt(printed.get(2)))
                .as("threads of ledgers left")
                .isZero();
    }

    private static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** Opens ledgers one after the other on one thread, each with a draft that is never recorded. */
    static final class ManyLives {

        private ManyLives() {}

        public static void main(String[] arguments) {
            int lives = Integer.parseInt(arguments[0]);
            for (int life = 0; life < lives; life++) {
                try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
                    LedgerRun run = ledger.run(RunSpec.pretraining("short").build());
                    run.step(1).tokens(1).record();
                    run.step(2).tokens(1);
                }
            }
            System.out.println(lives + " ledgers");
            System.out.println(usedBytes() >> 20);
            System.out.println(Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("flopledger-"))
                    .count());
        }
    }

    /** Opens a ledger with many runs, each with a handle that is kept, and one step recorded in its first life. */
    static final class IdleRuns {

        private IdleRuns() {}

        public static void main(String[] arguments) {
            try (ComputeLedger ledger = ComputeLedger.open(Path.of(arguments[0]))
                    .journal(JournalOptions.durable().withFlushInterval(Duration.ofMillis(100)))
                    .profile(ReviewProfiles.named("seed-review-1e24"))
                    .start()) {
                List<LedgerRun> runs = new ArrayList<>();
                for (int i = 0; i < IDLE_RUNS; i++) {
                    LedgerRun run = ledger.run(RunSpec.pretraining("a-team-s-experiment-" + i)
                            .parameters("dense-" + i % 50, 1_000_000_000L + i % 50, 1_000_000_000L + i % 50)
                            .build());
                    if (run.attempt() == 0) {
                        run.step(1).tokens(4_194_304).record();
                    }
                    runs.add(run);
                }
                long observations = runs.stream()
                        .mapToLong(run -> run.totals().totals().observations())
                        .sum();
                System.out.println("runs " + ledger.runs().size() + ", observations " + observations);
                System.out.println("10 000 idle runs: " + usedBytes() / 1_000_000 + " MB of heap in use");
                // Kept until here: the handles are part of what is open.
                assertThat(runs).hasSize(IDLE_RUNS);
            }
        }
    }

    /** Takes in a long run and prints by how many bytes the heap has grown since its first steps. */
    static final class LongRun {

        private static final int BATCH = 10_000;
        private static final long STEPS = 10_000_000;

        private LongRun() {}

        public static void main(String[] arguments) {
            // Whatever is loaded and compiled on the way is there before it counts.
            long unused = growth(STEPS / 10);
            // The least of two: what comes and goes beside the ledger is none of its state.
            System.out.println(Math.min(growth(STEPS), growth(STEPS)));
        }

        private static long growth(long steps) {
            try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
                take(ledger, 0, BATCH);
                long before = usedBytes();
                take(ledger, BATCH, steps);
                long growth = usedBytes() - before;
                assertThat(ledger.totals("long").totals().observations()).isEqualTo(steps);
                return growth;
            }
        }

        private static void take(ComputeLedger ledger, long from, long to) {
            for (long first = from; first < to; first += BATCH) {
                try (StepBatchBuilder rows = ledger.newBatch()) {
                    for (long step = first; step < first + BATCH; step++) {
                        rows.run("long")
                                .attempt(0)
                                .step(step)
                                .source("rank-0")
                                .stage(Stage.PRETRAINING)
                                .tokens(4_194_304)
                                .append();
                    }
                    try (StepBatch batch = rows.build()) {
                        ledger.ingest(batch);
                    }
                }
            }
        }
    }
}
