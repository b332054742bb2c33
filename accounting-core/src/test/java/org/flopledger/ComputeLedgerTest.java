package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.flopledger.account.RunAccount;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComputeLedgerTest {

    /** 10^9 parameters, so a token costs 6e9 FLOP and a step of 10^12 tokens 6e21. */
    private static final long PARAMETERS = 1_000_000_000L;

    private static final long TOKENS = 1_000_000_000_000L;
    private static final FlopCount STEP = FlopCount.parse("6e21");

    /** 10^24 / 6e21 = 166.67: steps 1 to 166 stay below, step 167 passes. */
    private static final long CROSSING_STEP = 167;

    private final List<RunFinding> heard = new CopyOnWriteArrayList<>();
    private final ComputeLedger ledger = ComputeLedger.inMemory()
            .profile(ReviewProfiles.named("seed-review-1e24"))
            .onFinding(heard::add)
            .start();

    @AfterEach
    void closeLeakFree() {
        ledger.close();
    }

    private LedgerRun dense(String id) {
        return ledger.run(RunSpec.pretraining(id)
                .model("dense-1b", ExactFormula.sixNd(PARAMETERS))
                .build());
    }

    private IngestResult steps(String run, int attempt, long first, long last) {
        return steps(run, attempt, first, last, TOKENS);
    }

    private IngestResult steps(String run, int attempt, long first, long last, long tokens) {
        StepBatchBuilder builder = ledger.newBatch();
        for (long step = first; step <= last; step++) {
            row(builder, run, attempt, step, tokens);
        }
        try (StepBatch batch = builder.build()) {
            return ingested(batch);
        }
    }

    private IngestResult ingested(StepBatch batch) {
        IngestResult result = ledger.ingest(batch);
        try {
            ledger.awaitListeners();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return result;
    }

    private static void row(StepBatchBuilder builder, String run, int attempt, long step, long tokens) {
        builder.run(run)
                .attempt(attempt)
                .step(step)
                .source("rank-0")
                .stage(Stage.PRETRAINING)
                .model("dense-1b")
                .tokens(tokens)
                .append();
    }

    @Test
    void callsBackOnceAtTheStepThatPassesTheThresholdInTheMiddleOfABatch() {
        dense("orion");

        steps("orion", 0, 1, 100);
        assertThat(heard).isEmpty();
        steps("orion", 0, 101, 300);
        steps("orion", 0, 301, 400);

        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).run()).isEqualTo("orion");
        assertThat(heard.get(0).finding().kind()).isEqualTo(FindingKind.CROSSED);
        assertThat(heard.get(0).finding().step()).isEqualTo(CROSSING_STEP);
        assertThat(heard.get(0).finding().flop()).isEqualTo(STEP.times(CROSSING_STEP));
        assertThat(ledger.findings()).isEqualTo(heard);
    }

    @Test
    void findsTheSameStepHoweverTheStepsAreSplitIntoBatches() {
        for (int size : new int[] {1, 7, 166, 167, 168, 400}) {
            heard.clear();
            String run = "split-" + size;
            dense(run);
            for (long first = 1; first <= 400; first += size) {
                steps(run, 0, first, Math.min(400, first + size - 1));
            }
            assertThat(heard).as("batches of %d", size).hasSize(1);
            assertThat(heard.get(0).finding().step()).as("batches of %d", size).isEqualTo(CROSSING_STEP);
        }
    }

    @Test
    void tellsApartTheRunsOfOneBatch() {
        dense("a");
        dense("b");
        StepBatchBuilder builder = ledger.newBatch();
        for (long step = 1; step <= 200; step++) {
            row(builder, "a", 0, step, TOKENS);
            row(builder, "b", 0, step, 2 * TOKENS);
        }
        try (StepBatch batch = builder.build()) {
            ingested(batch);
        }

        assertThat(heard).extracting(RunFinding::run).containsExactlyInAnyOrder("a", "b");
        assertThat(heard)
                .filteredOn(finding -> finding.run().equals("b"))
                .extracting(finding -> finding.finding().step())
                .containsExactly(84L);
    }

    @Test
    void reachingTheThresholdExactlyIsNotPassingIt() {
        dense("exact");
        // 10^24 / 6e9 FLOP for each token is no whole number of tokens; 5e23 twice by two reported steps is.
        reported("exact", 1, FlopCount.parse("5e23"));
        reported("exact", 2, FlopCount.parse("5e23"));
        assertThat(heard).isEmpty();
        reported("exact", 3, FlopCount.of(1));

        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).finding().step()).isEqualTo(3);
        assertThat(heard.get(0).finding().flop()).hasToString("1000000000000000000000001");
    }

    private void reported(String run, long step, FlopCount flop) {
        StepBatchBuilder builder = ledger.newBatch();
        builder.run(run)
                .attempt(0)
                .step(step)
                .source("log")
                .stage(Stage.PRETRAINING)
                .reportedFlop(flop)
                .append();
        try (StepBatch batch = builder.build()) {
            ingested(batch);
        }
    }

    @Test
    void countsWhatTheStartingCheckpointHadCost() {
        ledger.run(RunSpec.pretraining("continued")
                .model("dense-1b", ExactFormula.sixNd(PARAMETERS))
                .prior(FlopBounds.exactly(FlopCount.parse("9.9e23")))
                .build());

        steps("continued", 0, 1, 10);

        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).finding().step()).isEqualTo(2);
        assertThat(ledger.totals("continued").total().bounds().best()).isEqualTo(STEP.times(10));
    }

    @Test
    void countsARepeatedBatchOnce() {
        dense("orion");
        steps("orion", 0, 1, 50);
        IngestResult again = steps("orion", 0, 1, 50);

        assertThat(again.accepted()).isZero();
        assertThat(again.repeats().duplicates()).isEqualTo(50);
        assertThat(ledger.totals("orion").total().bounds().best()).isEqualTo(STEP.times(50));
    }

    @Test
    void keepsTheFirstOfTwoContradictingObservations() {
        dense("orion");
        steps("orion", 0, 1, 50);
        IngestResult other = steps("orion", 0, 41, 60, TOKENS + 1);

        assertThat(other.repeats().conflicts()).isEqualTo(10);
        assertThat(other.repeats().firstConflict()).isZero();
        assertThat(other.accepted()).isEqualTo(10);
    }

    @Test
    void splitsATotalIntoRetainedAndDiscardedAfterARollback() {
        dense("orion");
        steps("orion", 0, 1, 100);
        steps("orion", 1, 61, 120);

        RunAccount account = ledger.totals("orion");
        assertThat(account.attempts()).isEqualTo(2);
        assertThat(account.total().bounds().best()).isEqualTo(STEP.times(160));
        assertThat(account.discarded().bounds().best()).isEqualTo(STEP.times(40));
        assertThat(account.retained().bounds().best()).isEqualTo(STEP.times(120));
    }

    @Test
    void aStepWithoutAPriceLowersCoverageAndIsNeverZero() {
        dense("orion");
        StepBatchBuilder builder = ledger.newBatch();
        row(builder, "orion", 0, 1, TOKENS);
        builder.run("orion")
                .attempt(0)
                .step(2)
                .source("rank-0")
                .stage(Stage.PRETRAINING)
                .append();
        try (StepBatch batch = builder.build()) {
            ingested(batch);
        }

        assertThat(ledger.totals("orion").total().coverage()).isEqualTo(0.5);
        assertThat(ledger.totals("orion").total().parts()).containsOnlyKeys(CountingMethod.PARAMETER_TOKEN);
    }

    @Test
    void lateStepsThatALaterAttemptHasThrownAwayAlreadyAreTakenInUnderRules() {
        dense("orion");
        steps("orion", 1, 1, 3);

        steps("orion", 0, 1, 20);

        assertThat(ledger.totals("orion").discarded().observations()).isEqualTo(20);
        assertThat(ledger.totals("orion").retained().observations()).isEqualTo(3);
        assertThat(heard).isEmpty();
    }

    @Test
    void aRunNobodyHeardOfIsAnErrorAndNotZero() {
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.totals("nobody"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.UNKNOWN_RUN));
    }

    @Test
    void aThrowingListenerChangesNothingAndSilencesNobody() throws InterruptedException {
        List<RunFinding> second = new CopyOnWriteArrayList<>();
        ReviewProfile profile = ReviewProfiles.named("seed-review-1e24");
        try (ComputeLedger other = ComputeLedger.inMemory()
                .profile(profile)
                .onFinding(finding -> {
                    throw new IllegalStateException("a listener that fails");
                })
                .onFinding(second::add)
                .start()) {
            other.run(RunSpec.pretraining("orion")
                    .model("dense-1b", ExactFormula.sixNd(PARAMETERS))
                    .build());
            StepBatchBuilder builder = other.newBatch();
            for (long step = 1; step <= 200; step++) {
                row(builder, "orion", 0, step, TOKENS);
            }
            try (StepBatch batch = builder.build()) {
                assertThat(other.ingest(batch).accepted()).isEqualTo(200);
            }
            other.awaitListeners();
            assertThat(second).hasSize(1);
            assertThat(other.totals("orion").total().bounds().best()).isEqualTo(STEP.times(200));
        }
    }

    @Test
    void aListenerMayReadTotals() throws InterruptedException {
        List<FlopCount> seen = new CopyOnWriteArrayList<>();
        List<ComputeLedger> self = new ArrayList<>();
        try (ComputeLedger other = ComputeLedger.inMemory()
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .onFinding(finding -> seen.add(
                        self.get(0).totals(finding.run()).total().bounds().best()))
                .start()) {
            self.add(other);
            other.run(RunSpec.pretraining("orion")
                    .model("dense-1b", ExactFormula.sixNd(PARAMETERS))
                    .build());
            StepBatchBuilder builder = other.newBatch();
            for (long step = 1; step <= 200; step++) {
                row(builder, "orion", 0, step, TOKENS);
            }
            try (StepBatch batch = builder.build()) {
                other.ingest(batch);
            }
            other.awaitListeners();
            assertThat(seen).containsExactly(STEP.times(200));
        }
    }

    @Test
    void refusesAnotherModelUnderTheSameRun() {
        dense("orion");

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.run(
                        RunSpec.pretraining("orion").parameters("other", 5, 5).build()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.RUN_CHANGED));
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.run(
                        RunSpec.pretraining("vega").parameters("dense-1b", 5, 5).build()));
    }

    @Test
    void saysAtWhichStepAThresholdWillBePassed() {
        dense("orion");
        steps("orion", 0, 1, 100);

        assertThat(ledger.project("orion", 150L)).singleElement().satisfies(crossing -> {
            assertThat(crossing.step()).isEqualTo(CROSSING_STEP);
            assertThat(crossing.withinPlan()).isFalse();
        });
        assertThat(ledger.project("orion", 200L))
                .singleElement()
                .satisfies(crossing -> assertThat(crossing.withinPlan()).isTrue());
    }

    @Test
    void recordsLiveStepsOfSeveralSources() {
        LedgerRun run = dense("orion");
        LedgerRun other = run.source("rank-1");
        for (long step = 1; step <= 100; step++) {
            run.step(step).tokens(TOKENS).record();
            other.step(step).tokens(TOKENS).record();
        }

        assertThat(run.totals().total().bounds().best()).isEqualTo(STEP.times(200));
        assertThat(ledger.findings())
                .extracting(finding -> finding.finding().step())
                .contains(84L);
    }

    @Test
    void recordsMoreStepsThanItsRingHolds() {
        LedgerRun run = dense("orion");
        for (long step = 1; step <= 100_000; step++) {
            run.step(step).tokens(1).record();
        }

        assertThat(run.totals().totals().observations()).isEqualTo(100_000);
    }

    @Test
    void noticesABatchThatWasNotClosed() {
        ComputeLedger leaky = ComputeLedger.inMemory().start();
        StepBatchBuilder builder = leaky.newBatch();
        row(builder, "orion", 0, 1, TOKENS);

        assertThatIllegalStateException().isThrownBy(leaky::close);
    }
}
