package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetractionTest {

    private static final String ABSURD = "9e26";

    @TempDir
    private Path directory;

    private ComputeLedger open(String name) {
        return ComputeLedger.open(directory.resolve(name))
                .clock(() -> Instant.EPOCH)
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .start();
    }

    private static IngestResult reported(ComputeLedger ledger, String source, long first, long last, String flop) {
        try (StepBatchBuilder builder = ledger.newBatch()) {
            for (long step = first; step <= last; step++) {
                builder.run("orion").attempt(0).step(step).source(source).stage(Stage.PRETRAINING);
                builder.reportedFlop(FlopCount.parse(flop)).append();
            }
            try (StepBatch batch = builder.build()) {
                return ledger.ingest(batch);
            }
        }
    }

    private static FlopCount total(ComputeLedger ledger) {
        return ledger.totals("orion").total().bounds().best();
    }

    @Test
    void whatIsTakenBackIsOutOfTheTotalOnRecordAndCanBeRecordedAnew() {
        Retraction retraction;
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 1, 10, "1e21");
            reported(ledger, "rank-1", 5, 5, "9e22");
            retraction = ledger.retract("orion", 0, 5, 7, "rank-1", "meter stuck");
            assertThat(retraction)
                    .isEqualTo(new Retraction(
                            "orion",
                            0,
                            5,
                            7,
                            "rank-1",
                            "meter stuck",
                            Instant.EPOCH,
                            1,
                            FlopCount.parse("9e22"),
                            false));
            assertThat(total(ledger)).isEqualTo(FlopCount.parse("1e22"));
            assertThat(reported(ledger, "rank-1", 5, 5, "2e21").accepted()).isEqualTo(1);
        }
        try (ComputeLedger ledger = open("a")) {
            assertThat(ledger.retractions()).containsExactly(retraction);
            assertThat(total(ledger)).isEqualTo(FlopCount.parse("12e21"));
            ledger.compact();
        }
        try (ComputeLedger ledger = open("a")) {
            assertThat(ledger.retractions()).containsExactly(retraction);
            assertThat(total(ledger)).isEqualTo(FlopCount.parse("12e21"));
        }
        LedgerAudit audit = LedgerAudit.of(directory.resolve("a"));
        assertThat(audit.faults()).isEmpty();
        assertThat(audit.retractions()).containsExactly(retraction);
    }

    @Test
    void aCrossingIsFoundAgainAfterTheOneThatWasWrong() {
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 1, 1, ABSURD);
            assertThat(ledger.findings()).hasSize(1);
            ledger.retract("orion", 0, 1, 1, null, "absurd");
            reported(ledger, "rank-0", 1, 4, "3e23");
            assertThat(ledger.findings()).hasSize(2);
            assertThat(ledger.findings().get(1).finding().step()).isEqualTo(4);
            assertThat(ledger.standingFindings())
                    .containsExactly(ledger.findings().get(1));
            ledger.compact();
        }
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 5, 9, "3e23");
            assertThat(ledger.findings()).hasSize(2);
        }
        assertThat(LedgerAudit.of(directory.resolve("a")).faults()).isEmpty();
    }

    @Test
    void aCrossingThatStillHoldsIsNotFoundAgain() {
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 1, 9, "3e23");
            ledger.retract("orion", 0, 9, 9, null, "twice");
            reported(ledger, "rank-0", 9, 9, "3e23");
            assertThat(ledger.findings()).hasSize(1);
        }
    }

    @Test
    void aLapsedFindingStaysLapsedWhenTheLedgerIsOpenedFromASnapshot() {
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 1, 1, ABSURD);
            reported(ledger, "rank-0", 2, 2, "1e21");
            ledger.retract("orion", 0, 1, 1, null, "absurd");
            ledger.compact();
        }
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 3, 6, "3e23");
            assertThat(ledger.findings()).hasSize(2);
        }
        assertThat(LedgerAudit.of(directory.resolve("a")).faults()).isEmpty();
    }

    @Test
    void aRunTakenBackWholeMayComeBack() {
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 1, 9, "3e21");
            ledger.retract("orion", 0, 0, Long.MAX_VALUE, null, "another run's log");
            assertThat(ledger.runs()).isEmpty();
            ledger.compact();
        }
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 1, 3, "3e21");
            assertThat(ledger.runs()).containsExactly("orion");
            assertThat(total(ledger)).isEqualTo(FlopCount.parse("9e21"));
        }
        assertThat(LedgerAudit.of(directory.resolve("a")).faults()).isEmpty();
    }

    @Test
    void aCopyTakesBackWhatItsOriginalDidEachTime() {
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 1, 10, "1e21");
            reported(ledger, "rank-0", 11, 11, ABSURD);
            ledger.retract("orion", 0, 11, 11, null, "absurd");
            reported(ledger, "rank-0", 11, 11, "1e21");
        }
        try (ComputeLedger copy = open("b")) {
            for (int time = 0; time < 2; time++) {
                LedgerAudit.copy(directory.resolve("a"), copy);
                assertThat(total(copy)).isEqualTo(FlopCount.parse("11e21"));
            }
        }
        assertThat(LedgerAudit.of(directory.resolve("b")).faults()).isEmpty();
    }

    @Test
    void nothingToTakeBackIsAnErrorAndLeavesNoRecord() {
        try (ComputeLedger ledger = open("a")) {
            reported(ledger, "rank-0", 1, 3, "1e21");
            for (String source : List.of("rank-1", "")) {
                assertThatExceptionOfType(LedgerException.class)
                        .isThrownBy(() -> ledger.retract("orion", 0, 1, 3, source, "typo"))
                        .returns(LedgerException.Code.NOTHING_TO_RETRACT, LedgerException::code);
            }
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> ledger.retract("orion", 1, 1, 3, null, "typo"));
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> ledger.retract("lyra", 0, 1, 3, null, "typo"));
            assertThat(ledger.retractions()).isEmpty();
            assertThat(total(ledger)).isEqualTo(FlopCount.parse("3e21"));
        }
    }

    @Test
    void aReasonIsBoundedAndPrintable() {
        try (ComputeLedger ledger = open("a")) {
            for (String reason : List.of("", "  ", "x".repeat(201), "red\u001b[31m")) {
                assertThatIllegalArgumentException().isThrownBy(() -> ledger.retract("orion", 0, 1, 3, null, reason));
            }
        }
    }
}
