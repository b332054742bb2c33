package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.flopledger.journal.JournalOptions;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens a journal that is far larger than the heap of who opens it; its steps are the regular ones of a long run. The system property
 * {@code flopledger.journal.megabytes} sets its length; a nightly build makes it 1024.
 */
class LargeJournalTest {

    private static final long BYTES = Long.getLong("flopledger.journal.megabytes", 64) << 20;
    private static final int HEAP_MEGABYTES = 48;
    private static final int BATCH = 20_000;
    private static final int RUNS = 5;

    @TempDir
    Path directory;

    @Test
    void a_journal_larger_than_the_heap_is_recovered_to_the_same_totals() throws Exception {
        Path ledger = directory.resolve("ledger");
        List<String> expected = write(ledger);
        long bytes = length(ledger);
        assertThat(bytes).isGreaterThanOrEqualTo(BYTES);

        List<String> printed = ChildProcess.run(directory, HEAP_MEGABYTES, Opener.class, ledger.toString());

        assertThat(printed.subList(1, printed.size())).isEqualTo(expected);
        double seconds = Double.parseDouble(printed.get(0));
        System.out.printf(
                Locale.ROOT,
                "recovery of %d MB in %d segments with a heap of %d MB: %.1f s, %.0f MB/s%n",
                bytes / 1_000_000,
                segments(ledger),
                HEAP_MEGABYTES,
                seconds,
                bytes / seconds / 1e6);
    }

    private static List<String> write(Path directory) throws IOException {
        JournalOptions options = JournalOptions.durable().withFlushInterval(Duration.ofMillis(100));
        try (ComputeLedger ledger =
                ComputeLedger.open(directory).journal(options).start()) {
            for (int run = 0; run < RUNS; run++) {
                ledger.run(RunSpec.pretraining("run-" + run)
                        .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                        .build());
            }
            long step = 0;
            while (length(directory) < BYTES) {
                for (int i = 0; i < 10; i++) {
                    add(ledger, step);
                    step += BATCH;
                }
            }
            return totals(ledger);
        }
    }

    private static void add(ComputeLedger ledger, long firstStep) {
        try (StepBatchBuilder rows = ledger.newBatch()) {
            for (long step = firstStep; step < firstStep + BATCH; step++) {
                rows.run("run-" + firstStep / BATCH % RUNS)
                        // Ten batches an attempt: as many restarts as a long history has.
                        .attempt((int) (firstStep / BATCH / 10))
                        .step(step)
                        .source("rank-0")
                        .startedAtMicros(1_700_000_000_000_000L + step)
                        .endedAtMicros(1_700_000_000_000_001L + step)
                        .stage(Stage.PRETRAINING)
                        .model("dense-1b")
                        // Equal over a batch: what is remembered of steps grows where their content changes.
                        .tokens(4_000_000 + firstStep / BATCH % 7)
                        .sequences(512)
                        .squaredLengths(4_000_000L * 8_192)
                        .append();
            }
            try (StepBatch batch = rows.build()) {
                assertThat(ledger.ingest(batch).accepted()).isEqualTo(BATCH);
            }
        }
    }

    private static long length(Path directory) throws IOException {
        long length = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                length += Files.size(file);
            }
        }
        return length;
    }

    private static long segments(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".arrows")).count();
        }
    }

    private static List<String> totals(ComputeLedger ledger) {
        return ledger.runs().stream()
                .map(run -> run + " " + ledger.totals(run).totals().observations() + " "
                        + ledger.totals(run).totals().tokens() + " "
                        + ledger.totals(run).total().bounds() + " "
                        + ledger.totals(run).discarded().bounds())
                .toList();
    }

    /** Opens a ledger and prints how many seconds that took, and its totals. */
    static final class Opener {

        private Opener() {}

        public static void main(String[] arguments) {
            long start = System.nanoTime();
            try (ComputeLedger ledger =
                    ComputeLedger.open(Path.of(arguments[0])).start()) {
                System.out.println((System.nanoTime() - start) / 1e9);
                totals(ledger).forEach(System.out::println);
            }
        }
    }
}
