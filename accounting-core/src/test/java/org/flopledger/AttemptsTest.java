package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flopledger.account.RunAccount;
import org.flopledger.units.FlopCount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs that go back to a checkpoint while their process lives. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttemptsTest {

    private static final long TOKENS = 1_000_000_000_000L;
    private static final FlopCount STEP = FlopCount.parse("6e21");

    private final ComputeLedger ledger = ComputeLedger.inMemory().start();
    private final LedgerRun run = ledger.run(RunSpec.pretraining("orion")
            .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
            .build());

    @AfterEach
    void close() {
        ledger.close();
    }

    private static void steps(LedgerRun handle, long first, long last) {
        for (long step = first; step <= last; step++) {
            handle.step(step).tokens(TOKENS).record();
        }
    }

    private void assertSteps(long total, long discarded, int attempts) {
        RunAccount account = run.totals();
        assertThat(account.total().bounds().best()).isEqualTo(STEP.times(total));
        assertThat(account.discarded().bounds().best()).isEqualTo(STEP.times(discarded));
        assertThat(account.retained().bounds().best()).isEqualTo(STEP.times(total - discarded));
        assertThat(account.attempts()).isEqualTo(attempts);
    }

    @Test
    void aStepNumberThatGoesBackBeginsAnAttempt() {
        steps(run, 1, 100);
        assertThat(run.attempt()).isZero();
        steps(run, 51, 100);
        assertThat(run.attempt()).isEqualTo(1);
        steps(run, 101, 110);
        steps(run, 91, 120);

        assertThat(run.attempt()).isEqualTo(2);
        assertSteps(190, 70, 3);
        assertThat(ledger.status().restarts()).isEqualTo(2);
        assertThat(ledger.status().duplicates()).isZero();
    }

    @Test
    void theSameStepOnceMoreIsARepeat() {
        steps(run, 1, 10);
        steps(run, 10, 10);
        run.step(10).tokens(5).record();
        steps(run, 11, 12);

        assertSteps(12, 0, 1);
        assertThat(ledger.status().restarts()).isZero();
        assertThat(ledger.status().duplicates()).isEqualTo(1);
        assertThat(ledger.status().conflicts()).isEqualTo(1);
    }

    @Test
    void ranksThatGoBackOneAfterTheOtherShareTheAttempt() {
        for (int rank = 0; rank < 4; rank++) {
            // Each is a few steps behind the one before it.
            steps(run.source("rank-" + rank), 1, 100 - rank);
        }
        for (int rank = 0; rank < 4; rank++) {
            steps(run.source("rank-" + rank), 51, 60);
        }

        assertSteps(400 - 6 + 40, 200 - 6, 2);
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(ledger.status().restarts()).isEqualTo(1);
    }

    @Test
    void aRankThatLagsFinishesItsAttempt() {
        LedgerRun slow = run.source("slow");
        steps(run, 1, 100);
        steps(slow, 1, 97);
        steps(run, 51, 60);
        steps(slow, 98, 100);
        steps(slow, 51, 60);

        assertSteps(220, 100, 2);
        assertThat(ledger.status().restarts()).isEqualTo(1);
    }

    @Test
    void aRankThatHadNotComeAsFarJoinsWithoutGoingBack() {
        LedgerRun slow = run.source("slow");
        steps(run, 1, 100);
        steps(slow, 1, 50);
        steps(run, 51, 60);
        steps(slow, 51, 60);

        assertSteps(170, 50, 2);
    }

    @Test
    void threadsThatShareAHandleDoNotGoBackOverEachOther() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CyclicBarrier barrier = new CyclicBarrier(threads);
        try {
            Future<?>[] done = new Future<?>[threads];
            for (int thread = 0; thread < threads; thread++) {
                int own = thread;
                done[thread] = pool.submit(() -> {
                    barrier.await();
                    for (long step = own; step < 20_000; step += threads) {
                        run.step(step).tokens(TOKENS).record();
                    }
                    barrier.await();
                    for (long step = 10_000 + own; step < 20_000; step += threads) {
                        run.step(step).tokens(TOKENS).record();
                    }
                    return null;
                });
            }
            for (Future<?> one : done) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertSteps(30_000, 10_000, 2);
        assertThat(ledger.status().restarts()).isEqualTo(1);
    }

    @Test
    void whoeverKnowsBetterSaysSo() {
        steps(run, 1, 100);
        LedgerRun second = run.newAttempt();
        assertThat(second.attempt()).isEqualTo(1);
        // Without a step number that goes back: the checkpoint was the last step.
        steps(second, 101, 110);
        LedgerRun seventh = run.attempt(7);
        steps(seventh, 106, 120);
        assertThat(run.newAttempt().attempt()).isEqualTo(8);
        steps(run.attempt(0).source("late"), 1, 100);
        steps(seventh, 111, 120);

        assertThat(seventh.attempt()).as("9: 8 is taken").isEqualTo(9);
        assertThat(run.attempt()).isZero();
        assertSteps(100 + 10 + 15 + 100 + 10, 5 + 10, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.attempt(-1))
                .withMessage("attempt is -1, must be >= 0");
    }

    @Test
    void aNewAttemptIsNoneThatTheLedgerHolds() {
        bringAttempt(5);
        assertThat(run.newAttempt().attempt()).isEqualTo(6);
    }

    @Test
    void aWayBackBeginsNoAttemptThatABatchBrought() {
        steps(run, 1, 10);
        assertThat(run.attempt()).isZero();
        bringAttempt(1);
        steps(run, 6, 10);
        assertThat(run.attempt()).isEqualTo(2);
        assertThat(ledger.status().conflicts()).isZero();
    }

    @Test
    void aHandleMadeBeforeTheModelWasKnownRecordsStepsOfIt() {
        LedgerRun early = ledger.run(RunSpec.pretraining("vega").build());
        steps(early, 1, 2);
        assertThat(early.totals().total().covered()).isZero();
        LedgerRun late = ledger.run(RunSpec.pretraining("vega")
                .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                .build());
        steps(early, 3, 5);
        steps(late, 6, 6);
        assertThat(early.totals().total().bounds().best()).isEqualTo(STEP.times(4));
        assertThat(early.totals().totals().observations()).isEqualTo(6);
        assertThat(ledger.status().restarts()).isZero();
    }

    private void bringAttempt(int attempt) {
        try (var rows = ledger.newBatch()) {
            rows.run("orion")
                    .attempt(attempt)
                    .step(1)
                    .source("log")
                    .stage(org.flopledger.units.Stage.PRETRAINING)
                    .append();
            try (var batch = rows.build()) {
                ledger.ingest(batch);
            }
        }
    }
}
