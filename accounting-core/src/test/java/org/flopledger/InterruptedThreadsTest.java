package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.flopledger.journal.JournalOptions;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A task that is cancelled in the middle of a call must not end the ledger for everybody, on real files. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedThreadsTest {

    private static final int BATCHES = 150;
    private static final int ROWS = 3;

    @TempDir
    private Path directory;

    @Test
    void anInterruptedThreadLosesNothingAndStopsNobody() throws InterruptedException {
        AtomicInteger interruptions = new AtomicInteger();
        List<Throwable> failures = new ArrayList<>();
        try (ComputeLedger ledger = ComputeLedger.open(directory.resolve("ledger"))
                .journal(JournalOptions.durable().withSegmentBytes(1 << 14).withSnapshotBytes(1 << 15))
                .start()) {
            List<Thread> writers = List.of(
                    writer(ledger, "rank-0", interruptions, failures),
                    writer(ledger, "rank-1", interruptions, failures));
            writers.forEach(Thread::start);
            Random random = new Random(7);
            while (writers.stream().anyMatch(Thread::isAlive)) {
                writers.get(random.nextInt(2)).interrupt();
                Thread.sleep(0, random.nextInt(400_000));
            }
            assertThat(failures).isEmpty();
            assertThat(ledger.status().failure()).isNull();
        }

        assertThat(interruptions.get()).as("calls that returned interrupted").isGreaterThan(10);
        LedgerAudit audit = LedgerAudit.of(directory.resolve("ledger"));
        assertThat(audit.faults()).isEmpty();
        assertThat(audit.runs())
                .singleElement()
                .satisfies(run -> assertThat(run.totals().observations()).isEqualTo(2L * BATCHES * ROWS));
    }

    private static Thread writer(
            ComputeLedger ledger, String source, AtomicInteger interruptions, List<Throwable> failures) {
        Thread thread = new Thread(
                () -> {
                    for (int batch = 0; batch < BATCHES; batch++) {
                        ingest(ledger, source, batch * ROWS);
                        if (Thread.interrupted()) {
                            interruptions.incrementAndGet();
                        }
                    }
                },
                source);
        thread.setUncaughtExceptionHandler((ended, e) -> {
            synchronized (failures) {
                failures.add(e);
            }
        });
        return thread;
    }

    private static void ingest(ComputeLedger ledger, String source, int first) {
        try (StepBatchBuilder rows = ledger.newBatch()) {
            for (int step = first; step < first + ROWS; step++) {
                rows.run("orion").attempt(0).step(step).source(source).stage(Stage.PRETRAINING);
                rows.tokens(step).append();
            }
            try (StepBatch batch = rows.build()) {
                assertThat(ledger.ingest(batch).accepted()).isEqualTo(ROWS);
            }
        }
    }
}
