package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.flopledger.internal.journal.SimulatedJournal;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepRecorder;
import org.flopledger.units.FlopCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps recorded one by one: what reaches the accounts, what the user is told, and what the training thread waits for. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveLedgerTest {

    private static final long TOKENS = 1_000_000_000_000L;
    private static final FlopCount STEP = FlopCount.parse("6e21");

    @TempDir
    private Path directory;

    private final SimulatedJournal disk = new SimulatedJournal(1);
    private final List<LedgerException> failures = new CopyOnWriteArrayList<>();
    private final CountDownLatch failed = new CountDownLatch(1);

    private static RunSpec spec(String run) {
        return RunSpec.pretraining(run)
                .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                .build();
    }

    private LedgerBuilder simulated() {
        return ComputeLedger.open(directory)
                .opener((path, options, allocator, replay) -> disk.open(options, allocator, replay))
                .onFailure(e -> {
                    failures.add(e);
                    failed.countDown();
                });
    }

    private static void steps(LedgerRun run, long first, long last) {
        for (long step = first; step <= last; step++) {
            run.step(step).tokens(TOKENS).record();
        }
    }

    private static long observations(LedgerRun run) {
        return run.totals().totals().observations();
    }

    @Test
    void twoDraftsOpenOnOneThreadAreTwoSteps() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            LedgerRun run = ledger.run(spec("orion"));
            StepRecorder.Step first = run.step(1);
            StepRecorder.Step second = run.step(2);
            first.tokens(TOKENS);
            second.tokens(2 * TOKENS);
            second.record();
            first.record();

            assertThat(run.totals().total().bounds().best()).isEqualTo(STEP.times(3));
            assertThat(run.attempt()).as("2 before 1 is a way back").isEqualTo(1);
        }
    }

    @Test
    void handlesOfSourcesAreMadeOnce() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            LedgerRun run = ledger.run(spec("orion"));
            for (int step = 0; step < 100_000; step++) {
                run.source("rank-" + step % 4).step(step / 4).tokens(1).record();
            }
            assertThat(run.source("rank-1")).isSameAs(run.source("rank-1"));
            assertThat(run.source("rank-2").source("rank-1")).isSameAs(run.source("rank-1"));
            assertThat(run.totals().totals().observations()).isEqualTo(100_000);
            assertThat(ledger.status().restarts()).isZero();
        }
    }

    @Test
    void aBadStepIsRejectedAloneAndCountedByItsReason() {
        try (ComputeLedger ledger = ComputeLedger.open(directory).start()) {
            LedgerRun run = ledger.run(spec("orion"));
            steps(run, 1, 10);
            run.source("").step(1).tokens(1).record();
            run.source("x".repeat(5_000)).step(1).tokens(1).record();
            run.source("\u20ac".repeat(1_366)).step(1).tokens(1).record();
            run.step(11).tokens(-1).record();
            run.step(11).sequences(Integer.MAX_VALUE, Long.MAX_VALUE).record();
            run.step(11).sequences(2, 3_000_000_000L).record();
            run.step(-3).tokens(1).record();
            run.step(11).tokens(TOKENS).record();

            // Of steps 1 and 11 something was rejected: they count as observed once more, without any figure.
            assertThat(observations(run)).isEqualTo(13);
            assertThat(run.totals().total().covered()).isEqualTo(11);
            assertThat(run.totals().total().bounds().best()).isEqualTo(STEP.times(11));
            assertThat(ledger.findings())
                    .extracting(found -> found.finding().kind())
                    .containsExactly(FindingKind.IMPLAUSIBLE);
            LedgerStatus status = ledger.status();
            assertThat(status.rejected())
                    .containsOnly(
                            java.util.Map.entry("SOURCE_TEXT_LENGTH", 3L),
                            java.util.Map.entry("TOKENS_NEGATIVE", 1L),
                            java.util.Map.entry("TOKENS_OUT_OF_RANGE", 1L),
                            java.util.Map.entry("SQUARED_LENGTHS_OUT_OF_RANGE", 1L),
                            java.util.Map.entry("STEP_NEGATIVE", 1L));
            assertThat(status.accepted()).isEqualTo(11);
            assertThat(status.pending()).isZero();
            assertThat(status.restarts()).isZero();
            assertThat(status.lastDurableSteps()).containsExactly(java.util.Map.entry("orion", 11L));
        }
    }

    @Test
    void aStepThatWouldTakeASumOutOfRangeIsRejectedAlone() {
        RunSpec vast = RunSpec.pretraining("vast")
                .parameters("vast", Long.MAX_VALUE / 16, Long.MAX_VALUE / 16)
                .build();
        long accepted;
        try (ComputeLedger ledger = ComputeLedger.open(directory)
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .plausibility(null)
                .start()) {
            LedgerRun run = ledger.run(vast);
            LedgerRun other = ledger.run(spec("orion"));
            for (int step = 1; step <= 50; step++) {
                run.step(step).tokens(step % 5 == 0 ? Long.MAX_VALUE : 1_000).record();
                other.step(step).tokens(TOKENS).record();
            }
            accepted = run.totals().total().covered();
            assertThat(accepted).isBetween(40L, 49L);
            assertThat(observations(run))
                    .as("what was rejected lowers the coverage")
                    .isEqualTo(50);
            assertThat(run.totals().total().bounds().high()).isNotNull();
            assertThat(other.totals().total().bounds().best()).isEqualTo(STEP.times(50));
            assertThat(ledger.status().rejected())
                    .containsOnly(java.util.Map.entry("TOKENS_OUT_OF_RANGE", 50 - accepted));
            assertThat(ledger.status().failure()).isNull();
        }
        LedgerAudit audit = LedgerAudit.of(directory);
        assertThat(audit.faults()).isEmpty();
        assertThat(audit.runs())
                .extracting(account -> account.totals().observations())
                .containsExactlyInAnyOrder(50L, 50L);
    }

    @Test
    void recordingIntoAClosedLedgerThrowsAtOnce() {
        ComputeLedger ledger = ComputeLedger.inMemory().start();
        LedgerRun run = ledger.run(spec("orion"));
        StepRecorder.Step open = run.step(1).tokens(1);
        run.step(2).tokens(1).record();
        ledger.close();
        ledger.close();

        for (Runnable use : List.<Runnable>of(open::record, () -> run.step(3).record(), ledger::flush)) {
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(use::run)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.CLOSED));
        }
        assertThat(observations(run)).isEqualTo(1);
    }

    @Test
    void aDirectoryMustBeGiven() {
        assertThatNullPointerException()
                .isThrownBy(() -> ComputeLedger.open(null))
                .withMessage("directory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ComputeLedger.inMemory().recorderSteps(1))
                .withMessage("recorderSteps is 1, must be from 4 to 1048576");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ComputeLedger.inMemory().flushInterval(Duration.ofMillis(-1)))
                .withMessage("flushInterval is PT-0.001S, must be from 0 to PT1M");
    }

    @Test
    void aFullDiskIsToldAtOnceAndTotalsStayThoseOnTheDisk() throws InterruptedException {
        ComputeLedger ledger = simulated().start();
        LedgerRun run = ledger.run(spec("orion"));
        steps(run, 1, 1_000);
        ledger.flush();
        disk.capacity(0);
        run.step(1_001).tokens(TOKENS).record();
        assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> run.step(1_002).tokens(TOKENS).record())
                .withMessageContaining("no space left on device")
                .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.STORAGE_FAILED));
        assertThatExceptionOfType(LedgerException.class).isThrownBy(ledger::flush);
        assertThat(observations(run)).isEqualTo(1_000);
        assertThat(run.totals().total().bounds().best()).isEqualTo(STEP.times(1_000));
        assertThat(ledger.runs()).containsExactly("orion");
        LedgerStatus status = ledger.status();
        assertThat(status.pending()).isEqualTo(1);
        assertThat(status.accepted()).isEqualTo(1_000);
        assertThat(status.lastDurableSteps()).containsEntry("orion", 1_000L);
        assertThat(status.failure()).isNotNull();
        assertThatExceptionOfType(LedgerException.class).isThrownBy(ledger::close);
        assertThatExceptionOfType(LedgerException.class).isThrownBy(ledger::close);
        assertThat(failures).hasSize(1);

        disk.newProcess();
        try (ComputeLedger again = simulated().start()) {
            assertThat(again.totals("orion").totals().observations()).isEqualTo(1_000);
        }
    }

    @Test
    void recordingGoesOnWhileTheDiskIsBusy() throws InterruptedException {
        Semaphore forces = new Semaphore(0);
        try (ComputeLedger ledger = simulated().start()) {
            LedgerRun run = ledger.run(spec("orion"));
            disk.beforeCall(what -> {
                if (what.equals("force")) {
                    forces.acquireUninterruptibly();
                }
            });
            steps(run, 1, 100_000);
            LedgerStatus status = ledger.status();
            // Before anything can fail: a ledger whose disk is held up does not close.
            forces.release(1_000_000);
            assertThat(status.pending()).isEqualTo(100_000);
            assertThat(status.accepted()).isZero();
            assertThat(status.lastDurableSteps()).isEmpty();
            assertThat(observations(run)).isEqualTo(100_000);
            assertThat(ledger.status().pending()).isZero();
            assertThat(ledger.status().accepted()).isEqualTo(100_000);
        }
    }

    @Test
    void aFullRecorderRefusesWhereItWasAskedTo() {
        Semaphore writes = new Semaphore(0);
        try (ComputeLedger ledger = simulated()
                .recorderSteps(16)
                .whenFull(LedgerBuilder.WhenFull.FAIL)
                .start()) {
            LedgerRun run = ledger.run(spec("orion"));
            disk.beforeCall(what -> writes.acquireUninterruptibly());
            int recorded = 0;
            int refused = 0;
            while (refused < 3) {
                StepRecorder.Step step = run.step(recorded + 1).tokens(TOKENS);
                try {
                    step.record();
                    recorded++;
                } catch (LedgerException e) {
                    assertThat(e.code()).isEqualTo(LedgerException.Code.RECORDER_FULL);
                    refused++;
                }
            }
            assertThat(ledger.status().refused()).isEqualTo(3);
            assertThat(ledger.status().recorderFill()).isBetween(0.5, 1.0);
            writes.release(1_000_000);
            assertThat(observations(run)).isEqualTo(recorded);
        }
    }

    @Test
    void aFullRecorderMakesRecordingWaitAndCountsIt() throws InterruptedException {
        Semaphore writes = new Semaphore(0);
        try (ComputeLedger ledger = simulated().recorderSteps(16).start()) {
            LedgerRun run = ledger.run(spec("orion"));
            disk.beforeCall(what -> writes.acquireUninterruptibly());
            Thread trainer = new Thread(() -> steps(run, 1, 1_000));
            trainer.start();
            while (ledger.status().waits() == 0) {
                Thread.onSpinWait();
            }
            assertThat(trainer.isAlive()).isTrue();
            writes.release(1_000_000);
            trainer.join();
            assertThat(observations(run)).isEqualTo(1_000);
            assertThat(ledger.status().refused()).isZero();
        }
    }

    @Test
    void aCrossingIsToldWithoutAnybodyAskingForAFlush() throws InterruptedException {
        var told = new CountDownLatch(1);
        try (ComputeLedger ledger = ComputeLedger.open(directory)
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .onFinding(finding -> told.countDown())
                .start()) {
            steps(ledger.run(spec("orion")), 1, 200);
            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void listenersAreCalledWhereTheUserWants() throws InterruptedException {
        Thread here = Thread.currentThread();
        var heardOn = new AtomicReference<Thread>();
        try (ComputeLedger ledger = ComputeLedger.inMemory()
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .executor(Runnable::run)
                .flushInterval(Duration.ofMinutes(1))
                .onFinding(finding -> heardOn.set(Thread.currentThread()))
                .start()) {
            steps(ledger.run(spec("orion")), 1, 200);
            ledger.flush();
            assertThat(heardOn.get()).isEqualTo(here);
        }
        var heard = new CountDownLatch(1);
        try (ComputeLedger ledger = ComputeLedger.inMemory()
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .executor(task -> {
                    throw new RejectedExecutionException("shut down");
                })
                .onFinding(finding -> heard.countDown())
                .start()) {
            steps(ledger.run(spec("orion")), 1, 200);
            ledger.flush();
            assertThat(heard.await(30, TimeUnit.SECONDS))
                    .as("an executor that refuses silences nothing")
                    .isTrue();
        }
    }

    @Test
    void aCleanLifeLogsNothing() throws InterruptedException {
        List<String> logged = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("org.flopledger");
        logger.addHandler(handler);
        try (ComputeLedger ledger = ComputeLedger.open(directory)
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .onFinding(finding -> {})
                .start()) {
            steps(ledger.run(spec("orion")), 1, 200);
            ledger.awaitListeners();
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(logged).isEmpty();
    }

    @Test
    void saysWhatItIsWhereADebuggerLooks() {
        try (ComputeLedger ledger =
                ComputeLedger.inMemory().flushInterval(Duration.ofMinutes(1)).start()) {
            LedgerRun run = ledger.run(spec("orion"));
            StepRecorder.Step step = run.step(7);
            assertThat(step).hasToString("StepRecorder.Step[7, not recorded yet]");
            step.tokens(1).record();
            assertThat(run).hasToString("LedgerRun[orion, attempt 0, source trainer]");
            assertThat(ledger).hasToString("ComputeLedger[in memory, open, 0 observations accepted, 1 pending]");
            assertThat(ComputeLedger.inMemory())
                    .hasToString(
                            "LedgerBuilder[in memory, profiles [], recorder of 131072 steps taken in every PT0.01S]");
        }
    }
}
