package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.review.FindingKind;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that cannot have been are observed, without a figure. */
class PlausibilityTest {

    private static final FlopCount LINE = FlopCount.parse("1e26");

    @TempDir
    private Path directory;

    private LedgerBuilder builder() {
        return ComputeLedger.open(directory).threshold("line", LINE);
    }

    private static RunSpec spec() {
        LinearForm form = new LinearForm(6_000_000_000L, 0, 2, List.of());
        return RunSpec.pretraining("orion")
                .model(
                        "dense-1b",
                        new StepFormula(CountingMethod.ARCHITECTURE, form, form, form, form),
                        ExactFormula.sixNd(1_000_000_000L))
                .build();
    }

    private static IngestResult step(ComputeLedger ledger, long step, Consumer<StepBatchBuilder> figures) {
        try (StepBatchBuilder builder = ledger.newBatch()) {
            builder.run("orion")
                    .attempt(0)
                    .step(step)
                    .source("rank-0")
                    .stage(Stage.PRETRAINING)
                    .model("dense-1b");
            figures.accept(builder);
            builder.append();
            try (StepBatch batch = builder.build()) {
                return ledger.ingest(batch);
            }
        }
    }

    private static void assertTakenWithoutFigure(IngestResult result, String code) {
        assertThat(result.rows()).isEqualTo(1);
        assertThat(result.accepted()).isZero();
        assertThat(result.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.code()).isEqualTo(code);
            assertThat(rejection.count()).isEqualTo(1);
        });
    }

    @Test
    void absurdStepsCrossNothingLowerTheCoverageAndAreFoundOnce() {
        try (ComputeLedger ledger = builder().start()) {
            ledger.run(spec());
            step(ledger, 1, row -> row.equalSequences(512, 8_192));
            FlopCount before = ledger.totals("orion").total().bounds().best();
            assertTakenWithoutFigure(step(ledger, 2, row -> row.tokens(Long.MAX_VALUE)), "TOKENS_IMPLAUSIBLE");
            assertTakenWithoutFigure(
                    step(ledger, 3, row -> row.tokens(10).sequences(1).squaredLengths(101)),
                    "SQUARED_LENGTHS_IMPLAUSIBLE");
            assertTakenWithoutFigure(
                    step(ledger, 4, row -> row.tokens(10).sequences(2).squaredLengths(49)),
                    "SQUARED_LENGTHS_IMPLAUSIBLE");
            assertTakenWithoutFigure(
                    step(ledger, 5, row -> row.tokens(10).squaredLengths(9)), "SQUARED_LENGTHS_IMPLAUSIBLE");
            assertTakenWithoutFigure(
                    step(ledger, 6, row -> row.tokens(10).startedAtMicros(2).endedAtMicros(1)), "ENDED_AT_IMPLAUSIBLE");
            assertTakenWithoutFigure(
                    step(ledger, 7, row -> row.reportedFlop(FlopCount.parse("2000000000000000000000000001"))),
                    "REPORTED_FLOP_IMPLAUSIBLE");
            assertThat(ledger.totals("orion").total().bounds().best()).isEqualTo(before);
            assertThat(ledger.totals("orion").total().covered()).isEqualTo(1);
            assertThat(ledger.totals("orion").total().observations()).isEqualTo(7);
        }
        try (ComputeLedger ledger = builder().start()) {
            assertThat(ledger.totals("orion").total().observations()).isEqualTo(7);
            // Read again, they are the same steps.
            step(ledger, 2, row -> row.tokens(Long.MAX_VALUE));
            assertThat(ledger.totals("orion").total().observations()).isEqualTo(7);
            assertThat(ledger.findings())
                    .extracting(one -> one.finding().kind())
                    .containsExactly(FindingKind.IMPLAUSIBLE);
        }
        assertThat(LedgerAudit.of(directory).faults()).isEmpty();
    }

    @Test
    void whatDevicesCanDoInTheTimeIsTheLimitWhereBothAreKnown() {
        try (ComputeLedger ledger = builder().start()) {
            ledger.run(spec());
            // 8 devices x 2e16 FLOP/s x 1 s x 4 = 6.4e17.
            assertThat(step(
                                    ledger,
                                    1,
                                    row -> row.devices(8)
                                            .startedAtMicros(0)
                                            .endedAtMicros(1_000_000)
                                            .reportedFlop(FlopCount.parse("640000000000000000")))
                            .accepted())
                    .isEqualTo(1);
            assertTakenWithoutFigure(
                    step(
                            ledger,
                            2,
                            row -> row.devices(8)
                                    .startedAtMicros(0)
                                    .endedAtMicros(1_000_000)
                                    .reportedFlop(FlopCount.parse("640000000000000001"))),
                    "REPORTED_FLOP_IMPLAUSIBLE");
            assertTakenWithoutFigure(
                    step(
                            ledger,
                            3,
                            row -> row.devices(8)
                                    .startedAtMicros(0)
                                    .endedAtMicros(1_000_000)
                                    .tokens(110_000_000)),
                    "TOKENS_IMPLAUSIBLE");
            assertThat(step(
                                    ledger,
                                    4,
                                    row -> row.devices(8)
                                            .startedAtMicros(0)
                                            .endedAtMicros(1_000_000)
                                            .tokens(100_000_000))
                            .accepted())
                    .isEqualTo(1);
        }
    }

    @Test
    void aModelThatComesLateRefusesWhatItWouldHaveRefused() {
        List<RunFinding> heard = new ArrayList<>();
        Retraction retraction;
        try (ComputeLedger ledger = builder().onFinding(heard::add).start()) {
            // By the model, 6e12 FLOP a token, they would be 5.4e27 each.
            step(ledger, 1, row -> row.equalSequences(512, 8_192));
            assertThat(step(ledger, 2, row -> row.tokens(900_000_000_000_000L)).accepted())
                    .isEqualTo(1);
            assertThat(step(ledger, 3, row -> row.tokens(900_000_000_000_000L)).accepted())
                    .isEqualTo(1);
            ledger.run(RunSpec.pretraining("orion")
                    .model("dense-1b", ExactFormula.sixNd(1_000_000_000_000L))
                    .build());
            assertThat(ledger.findings())
                    .extracting(one -> one.finding().kind())
                    .containsExactly(FindingKind.IMPLAUSIBLE);
            assertThat(ledger.totals("orion").total().observations()).isEqualTo(3);
            assertThat(ledger.totals("orion").total().covered()).isEqualTo(1);
            assertThat(ledger.status().rejected()).isEqualTo(Map.of("TOKENS_IMPLAUSIBLE", 2L));
            assertThat(ledger.retractions()).singleElement().satisfies(one -> {
                assertThat(one.keepsSteps()).isTrue();
                assertThat(one.firstStep()).isEqualTo(2);
                assertThat(one.lastStep()).isEqualTo(3);
                assertThat(one.observations()).isEqualTo(2);
                assertThat(one.flop()).isEqualTo(FlopCount.ZERO);
            });
            retraction = ledger.retractions().get(0);
            // Read again they are refused, as ever.
            assertTakenWithoutFigure(step(ledger, 2, row -> row.tokens(900_000_000_000_000L)), "TOKENS_IMPLAUSIBLE");
            assertThat(ledger.totals("orion").total().observations()).isEqualTo(3);
        }
        assertThat(heard).extracting(one -> one.finding().kind()).containsExactly(FindingKind.IMPLAUSIBLE);
        for (boolean compacted : new boolean[] {false, true}) {
            try (ComputeLedger ledger = builder().start()) {
                assertThat(ledger.retractions()).containsExactly(retraction);
                assertThat(ledger.totals("orion").total().observations()).isEqualTo(3);
                assertThat(ledger.totals("orion").total().covered()).isEqualTo(1);
                if (!compacted) {
                    ledger.compact();
                }
            }
        }
        assertThat(LedgerAudit.of(directory).faults()).isEmpty();
        assertThat(LedgerAudit.of(directory).retractions()).containsExactly(retraction);
    }

    @Test
    void theLimitsAreTheUsersAndCanBeLeftOut() {
        try (ComputeLedger ledger = builder().plausibility(null).start()) {
            ledger.run(spec());
            assertThat(step(ledger, 1, row -> row.tokens(Long.MAX_VALUE)).accepted())
                    .isEqualTo(1);
            assertThat(ledger.findings())
                    .extracting(one -> one.finding().kind())
                    .containsExactly(FindingKind.CROSSED);
            ledger.retract("orion", 0, 1, 1, null, "absurd");
            assertThat(step(ledger, 1, row -> row.tokens(1_000)).accepted()).isEqualTo(1);
            assertThat(ledger.totals("orion").total().bounds().best()).isEqualTo(FlopCount.parse("6000000000000"));
        }
        LedgerBuilder.PlausibilityLimits strict =
                new LedgerBuilder.PlausibilityLimits(FlopCount.parse("1e12"), 1_000, FlopCount.parse("1e15"), 1);
        try (ComputeLedger ledger = builder().plausibility(strict).start()) {
            assertTakenWithoutFigure(step(ledger, 2, row -> row.tokens(1_001)), "TOKENS_IMPLAUSIBLE");
        }
    }

    @Test
    void aReportedFigureOfAHundredBitsIsRefusedAndOneBelowIsNot() {
        try (ComputeLedger ledger = builder().plausibility(null).start()) {
            FlopCount limit = FlopCount.of(java.math.BigInteger.ONE.shiftLeft(100));
            assertThat(step(ledger, 1, row -> row.reportedFlop(limit)).accepted())
                    .isZero();
            assertThat(step(ledger, 1, row -> row.reportedFlop(limit.minus(FlopCount.of(1))))
                            .accepted())
                    .isEqualTo(1);
        }
    }
}
