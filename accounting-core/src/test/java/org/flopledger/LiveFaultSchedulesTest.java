package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.flopledger.internal.journal.Journal;
import org.flopledger.internal.journal.SimulatedJournal;
import org.flopledger.journal.JournalOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Steps recorded live on a disk that fills up, refuses or loses its power at any call. While a ledger lives and after it has
 * failed, its totals are the steps it counts as accepted, and no others. Opened again, it holds them all, and besides only
 * steps that were pending.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveFaultSchedulesTest {

    /** The long form is run with {@code -Dflopledger.live.schedules=20000}. */
    private static final int SCHEDULES = Integer.getInteger("flopledger.live.schedules", 150);

    private static final int SESSIONS = 4;
    private static final String RUN = "orion";

    @Test
    void totalsAreWhatIsOnTheDiskWhateverTheDiskDoes() {
        long first = new Random().nextLong();
        System.out.println("LiveFaultSchedulesTest seeds from " + first);
        int failures = 0;
        for (int i = 0; i < SCHEDULES; i++) {
            failures += new Schedule(first + i).run();
        }
        assertThat(failures).as("schedules in which the disk failed").isGreaterThan(SCHEDULES / 4);
    }

    private static final class Schedule {
        private final long seed;
        private final Random random;
        private final SimulatedJournal disk;
        private final AtomicReference<Journal> journal = new AtomicReference<>();

        /** Steps that were acknowledged as durable once, and all that were ever recorded. */
        private long durable;

        private long recorded;
        private long next = 1;

        Schedule(long seed) {
            this.seed = seed;
            random = new Random(seed);
            disk = new SimulatedJournal(seed ^ 0x5DEE_CE66DL);
        }

        /** Returns whether the disk failed at least once, as 0 or 1. */
        int run() {
            boolean hasFailed = false;
            for (int session = 0; session < SESSIONS; session++) {
                hasFailed |= session();
            }
            disk.newProcess();
            try (ComputeLedger ledger = builder().start()) {
                long held = observations(ledger);
                assertThat(held).as("seed %d", seed).isBetween(durable, recorded);
            }
            return hasFailed ? 1 : 0;
        }

        private LedgerBuilder builder() {
            return ComputeLedger.open(Path.of("simulated"))
                    .journal(JournalOptions.durable()
                            .withSegmentBytes(4_096L << random.nextInt(3))
                            .withSnapshotBytes(2_000 + random.nextInt(20_000)))
                    .flushInterval(Duration.ofNanos(random.nextInt(2_000_000)))
                    .recorderSteps(4 << random.nextInt(6))
                    .opener((path, options, allocator, replay) -> {
                        Journal opened = disk.open(options, allocator, replay);
                        journal.set(opened);
                        return opened;
                    });
        }

        private static long observations(ComputeLedger ledger) {
            return ledger.runs().contains(RUN) ? ledger.totals(RUN).totals().observations() : 0;
        }

        private boolean session() {
            ComputeLedger ledger;
            try {
                ledger = builder().start();
            } catch (LedgerException e) {
                disk.newProcess();
                return true;
            }
            long held = observations(ledger);
            assertThat(held).as("seed %d: held when opened", seed).isBetween(durable, recorded);
            durable = held;
            recorded = held;
            plantFault();
            boolean hasFailed = false;
            try {
                work(ledger);
            } catch (LedgerException e) {
                assertThat(e.code()).as("seed %d: %s", seed, e).isEqualTo(LedgerException.Code.STORAGE_FAILED);
                hasFailed = true;
            }
            check(ledger, held, hasFailed);
            if (random.nextBoolean() || hasFailed) {
                hasFailed |= end(ledger);
            }
            disk.kill(journal.get(), random.nextBoolean());
            closeQuietly(ledger);
            return hasFailed;
        }

        private void plantFault() {
            switch (random.nextInt(4)) {
                case 0 -> disk.failAfter(random.nextInt(60));
                case 1 -> disk.crashAfter(random.nextInt(60));
                case 2 -> disk.capacity(random.nextInt(30_000));
                default -> {
                    // A good day.
                }
            }
        }

        private void work(ComputeLedger ledger) {
            LedgerRun run = ledger.run(RunSpec.pretraining(RUN)
                    .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                    .build());
            int batches = random.nextInt(20);
            for (int batch = 0; batch < batches; batch++) {
                int steps = random.nextInt(30);
                for (int step = 0; step < steps; step++) {
                    // Counted first: where record throws, the step may or may not be there.
                    recorded++;
                    run.source("rank-" + random.nextInt(2))
                            .step(next++)
                            .tokens(next)
                            .record();
                }
                if (random.nextInt(3) == 0) {
                    ledger.flush();
                    durable = recorded;
                }
            }
        }

        private void check(ComputeLedger ledger, long held, boolean hasFailed) {
            long shown =
                    ledger.runs().contains(RUN) ? ledger.totals(RUN).totals().observations() : 0;
            LedgerStatus status = ledger.status();
            Map<String, Object> view = new TreeMap<>();
            view.put("shown", shown);
            view.put("status", status);
            assertThat(shown).as("seed %d: %s", seed, view).isBetween(durable, recorded);
            if (status.failure() != null) {
                assertThat(shown).as("seed %d: %s", seed, view).isEqualTo(held + status.accepted());
                assertThat(status.accepted() + status.pending())
                        .as("seed %d: %s", seed, view)
                        .isBetween(recorded - held - 1, recorded - held);
            } else {
                assertThat(hasFailed).isFalse();
                assertThat(shown).as("seed %d: %s", seed, view).isEqualTo(recorded);
                assertThat(status.pending()).isZero();
            }
            durable = shown;
        }

        private boolean end(ComputeLedger ledger) {
            try {
                ledger.close();
                durable = recorded;
                return false;
            } catch (LedgerException e) {
                return true;
            }
        }

        private static void closeQuietly(ComputeLedger ledger) {
            try {
                ledger.close();
            } catch (LedgerException e) {
                // Its journal was killed under it.
            }
        }
    }
}
