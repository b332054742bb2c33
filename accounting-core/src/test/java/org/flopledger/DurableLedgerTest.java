package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableLedgerTest {

    private static final long PARAMETERS = 1_000_000_000L;
    private static final long TOKENS = 1_000_000_000_000L;
    private static final FlopCount STEP = FlopCount.parse("6e21");

    @TempDir
    private Path directory;

    private final List<RunFinding> heard = new CopyOnWriteArrayList<>();

    private LedgerBuilder ledger() {
        return ComputeLedger.open(directory).profile(ReviewProfiles.named("seed-review-1e24"));
    }

    private static RunSpec orion() {
        return RunSpec.pretraining("orion")
                .model("dense-1b", ExactFormula.sixNd(PARAMETERS))
                .build();
    }

    private static IngestResult steps(ComputeLedger ledger, int attempt, long first, long last) {
        return ingest(ledger, rows(ledger, "orion", attempt, first, last));
    }

    private static StepBatchBuilder rows(ComputeLedger ledger, String run, int attempt, long first, long last) {
        StepBatchBuilder builder = ledger.newBatch();
        for (long step = first; step <= last; step++) {
            builder.run(run)
                    .attempt(attempt)
                    .step(step)
                    .source("rank-0")
                    .stage(Stage.PRETRAINING)
                    .model("dense-1b")
                    .tokens(TOKENS)
                    .append();
        }
        return builder;
    }

    @Test
    void remembersTotalsRunsAndFindingsWhenItIsOpenedAgain() {
        try (ComputeLedger first =
                ledger().onFinding(FindingKind.CROSSED, heard::add).start()) {
            first.run(orion());
            steps(first, 0, 1, 100);
            steps(first, 0, 101, 200);
            steps(first, 1, 151, 210);
        }
        assertThat(heard).hasSize(1);

        try (ComputeLedger second = ledger().onFinding(heard::add).start()) {
            RunAccount account = second.totals("orion");
            assertThat(account.total().bounds().best()).isEqualTo(STEP.times(260));
            assertThat(account.discarded().bounds().best()).isEqualTo(STEP.times(50));
            assertThat(account.retained().bounds().best()).isEqualTo(STEP.times(210));
            assertThat(second.findings())
                    .extracting(finding -> finding.finding().kind())
                    .containsExactly(FindingKind.CROSSED);
            assertThat(second.findings().get(0).finding().step()).isEqualTo(167);

            steps(second, 1, 211, 300);
        }
        assertThat(heard).as("nothing is found or told twice").hasSize(1);
    }

    @Test
    void theSameStepsAgainAfterAReopenCountOnce() {
        try (ComputeLedger first = ledger().start()) {
            first.run(orion());
            steps(first, 0, 1, 100);
        }
        try (ComputeLedger second = ledger().start()) {
            second.run(orion());
            IngestResult again = steps(second, 0, 51, 120);

            assertThat(again.repeats().duplicates()).isEqualTo(50);
            assertThat(again.accepted()).isEqualTo(20);
            assertThat(second.totals("orion").total().bounds().best()).isEqualTo(STEP.times(120));
        }
    }

    @Test
    void everyLifeOfALedgerIsAnAttemptOfItsRuns() {
        try (ComputeLedger first = ledger().start()) {
            LedgerRun run = first.run(orion());
            assertThat(run.attempt()).isZero();
            for (long step = 1; step <= 100; step++) {
                run.step(step).tokens(TOKENS).record();
            }
        }
        try (ComputeLedger second = ledger().start()) {
            LedgerRun run = second.run(orion());
            assertThat(run.attempt()).isEqualTo(1);
            // The job resumed from a checkpoint at step 60 and does 61 to 100 again.
            for (long step = 61; step <= 120; step++) {
                run.step(step).tokens(TOKENS).record();
            }
            assertThat(run.totals().total().bounds().best()).isEqualTo(STEP.times(160));
            assertThat(run.totals().discarded().bounds().best()).isEqualTo(STEP.times(40));
        }
    }

    @Test
    void aSecondWriterIsTurnedAway() {
        try (ComputeLedger first = ledger().start()) {
            first.run(orion());
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> ledger().start())
                    .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.LOCKED));
        }
    }

    @Test
    void saysThatTheDirectoryIsAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "text");

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ComputeLedger.open(file).start())
                .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.NOT_A_LEDGER));
    }

    @Test
    void tellsAFindingAgainThatNoMarkSaysWasTold() throws InterruptedException {
        var release = new CountDownLatch(1);
        var entered = new CountDownLatch(1);
        ComputeLedger first = ledger().onFinding(FindingKind.CROSSED, finding -> {
                    entered.countDown();
                    await(release);
                })
                .start();
        first.run(orion());
        IngestResult result = steps(first, 0, 1, 200);
        entered.await();
        assertThat(result.accepted())
                .as("a listener that hangs holds up no batch")
                .isEqualTo(200);
        assertThat(steps(first, 0, 201, 210).accepted()).isEqualTo(10);
        first.close();
        release.countDown();

        try (ComputeLedger second =
                ledger().onFinding(FindingKind.CROSSED, heard::add).start()) {
            second.awaitListeners();
        }
        assertThat(heard).hasSize(1);
    }

    @Test
    void tellsAFindingAgainAtWhichAListenerThrew() throws InterruptedException {
        List<RunFinding> second = new CopyOnWriteArrayList<>();
        try (ComputeLedger first = ledger().onFinding(finding -> {
                    throw new IllegalStateException("a listener that fails");
                })
                .onFinding(second::add)
                .start()) {
            first.run(orion());
            steps(first, 0, 1, 200);
            steps(first, 0, 201, 210);
            first.awaitListeners();
            assertThat(second).as("told although another listener threw").hasSize(1);
            assertThat(first.totals("orion").total().bounds().best()).isEqualTo(STEP.times(210));
        }
        assertThat(LedgerAudit.of(directory).told()).isZero();

        try (ComputeLedger next = ledger().onFinding(heard::add).start()) {
            next.awaitListeners();
            assertThat(next.findings()).hasSize(1);
        }
        assertThat(heard).as("told again when the ledger is opened").hasSize(1);
        assertThat(LedgerAudit.of(directory).told()).isEqualTo(1);

        try (ComputeLedger last = ledger().onFinding(heard::add).start()) {
            last.awaitListeners();
        }
        assertThat(heard).as("marked now, and not told a third time").hasSize(1);
    }

    @Test
    void aListenerThatThrowsAnErrorDoesNotSilenceTheFollowingFindings() throws InterruptedException {
        try (ComputeLedger ledger = ledger().onFinding(finding -> {
                    if (heard.isEmpty()) {
                        heard.add(finding);
                        throw new AssertionError("a listener that fails badly");
                    }
                    heard.add(finding);
                })
                .start()) {
            for (String id : List.of("orion", "vega")) {
                ledger.run(RunSpec.pretraining(id)
                        .model("dense-1b", ExactFormula.sixNd(PARAMETERS))
                        .build());
                ingest(ledger, rows(ledger, id, 0, 1, 200));
            }
            ledger.awaitListeners();
        }
        assertThat(heard).extracting(RunFinding::run).containsExactly("orion", "vega");
        assertThat(LedgerAudit.of(directory).told()).isEqualTo(1);
    }

    @Test
    void refusesABatchThatIsTooLargeForTheJournalAndGoesOn() {
        int many = 2_000_000;
        try (ComputeLedger ledger = ledger().start()) {
            ledger.run(orion());
            // From now on each row of the segment has all of these columns.
            try (StepBatchBuilder wide = ledger.newBatch()) {
                wide.run("wide")
                        .attempt(0)
                        .step(1)
                        .source("rank-0")
                        .stage(Stage.EVALUATION)
                        .model("other")
                        .startedAtMicros(1)
                        .endedAtMicros(2)
                        .tokens(1)
                        .paddingTokens(0)
                        .sequences(1)
                        .squaredLengths(1)
                        .reportedFlop(FlopCount.of(1))
                        .devices(1)
                        .deviceSeconds(1)
                        .utilisation(0.5)
                        .energyJoules(1)
                        .totalParameters(1)
                        .activeParameters(1)
                        .trainableParameters(1)
                        .append();
                ingest(ledger, wide);
            }
            try (StepBatch huge = narrow(ledger, many).build()) {
                assertThatExceptionOfType(LedgerException.class)
                        .isThrownBy(() -> ledger.ingest(huge))
                        .withMessageContaining("a batch of " + many + " rows was not taken in")
                        .withMessageContaining("above the limit of 268435456")
                        .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.TOO_LARGE));
            }
            assertThat(ledger.runs()).containsExactly("wide");
            assertThat(steps(ledger, 0, 1, 10).accepted()).isEqualTo(10);
        }
        try (ComputeLedger again = ledger().start()) {
            assertThat(again.totals("orion").total().bounds().best()).isEqualTo(STEP.times(10));
        }
    }

    private static StepBatchBuilder narrow(ComputeLedger ledger, int rows) {
        StepBatchBuilder builder = ledger.newBatch();
        for (long step = 1; step <= rows; step++) {
            builder.run("orion")
                    .attempt(0)
                    .step(step)
                    .source("rank-0")
                    .stage(Stage.PRETRAINING)
                    .append();
        }
        return builder;
    }

    private static IngestResult ingest(ComputeLedger ledger, StepBatchBuilder builder) {
        try (StepBatch batch = builder.build()) {
            return ledger.ingest(batch);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted, as a closing ledger does", e);
        }
    }

    @Test
    void keepsTheWholeDescriptionOfARun() {
        LinearForm form = new LinearForm(
                7,
                8,
                9,
                List.of(
                        new LinearForm.MaskedPairs(new AttentionMask.SlidingWindow(4096), 10),
                        new LinearForm.MaskedPairs(new AttentionMask.Chunked(8192), 11)));
        RunSpec spec = RunSpec.fineTuning("run")
                .model("windowed", new StepFormula(CountingMethod.ARCHITECTURE, form, form, form, form))
                .prior(FlopBounds.exactly(FlopCount.parse("9e24")))
                .ancestor(new Ancestor("teacher", Ancestor.Role.TEACHER, Ancestor.Developer.OTHER, null))
                .build();
        RunSpec wide = RunSpec.of("wide", Stage.REINFORCEMENT_LEARNING)
                .known(spec.known().toBuilder()
                        .tag(FactName.MODALITY, "text")
                        .answer(FactName.PEFT, true)
                        .amount(FactName.ACTOR_REVENUE_USD, new java.math.BigDecimal("1.5"))
                        .figure(CountingMethod.REPORTED, FlopCount.parse("3e24"))
                        .line(Facts.Line.of(Stage.EXPLORATION, FlopBounds.exactly(FlopCount.parse("7e20"))))
                        .planned(Facts.Line.of(Stage.PRETRAINING, FlopBounds.exactly(FlopCount.parse("8e25"))))
                        .original(new Facts.Original(null))
                        .asOf(LocalDate.of(2026, 8, 2))
                        .position(7L, Instant.EPOCH)
                        .build())
                .build();

        for (RunSpec one : List.of(spec, wide)) {
            String json = RunSpecJson.write(one);
            RunSpec back = RunSpecJson.read(json);
            assertThat(back.formulas()).isEqualTo(one.formulas());
            assertThat(back.model()).isEqualTo(one.model());
            assertThat(back.known().figures()).isEqualTo(one.known().figures());
            assertThat(back.known().lines()).isEqualTo(one.known().lines());
            assertThat(back.known().planned()).isEqualTo(one.known().planned());
            assertThat(back.known().ancestors()).isEqualTo(one.known().ancestors());
            assertThat(back.known().declaredOriginal()).isEqualTo(one.known().declaredOriginal());
            assertThat(back.known().asOf()).isEqualTo(one.known().asOf());
            assertThat(back.known().step()).isEqualTo(one.known().step());
            assertThat(back.known().at()).isEqualTo(one.known().at());
            assertThat(back.known().exactness()).isEqualTo(one.known().exactness());
            assertThat(RunSpecJson.write(back)).isEqualTo(json);
        }
    }

    // A sequence of 2 097 152 tokens of a 405B model costs 1.3e19 FLOP for each token's squares alone.
    @Test
    void aPriceOfAHundredBitsIsKept() {
        FlopCount price = FlopCount.of(BigInteger.ONE.shiftLeft(100).add(BigInteger.ONE));
        LinearForm form = new LinearForm(
                price,
                price.plus(FlopCount.of(1)),
                price.plus(FlopCount.of(2)),
                List.of(new LinearForm.MaskedPairs(new AttentionMask.SlidingWindow(64), price.plus(FlopCount.of(3)))));
        RunSpec spec = RunSpec.pretraining("run")
                .model("wide", new StepFormula(CountingMethod.ARCHITECTURE, form, form, form, form))
                .build();

        assertThat(RunSpecJson.read(RunSpecJson.write(spec)).formulas()).isEqualTo(spec.formulas());
        try (ComputeLedger ledger = ComputeLedger.inMemory().plausibility(null).start()) {
            ledger.run(spec).step(1).sequences(3, 10).record();
            // 30 tokens, 3 sequences, 300 squares, 165 pairs: none is rounded.
            BigInteger expected = price.toBigInteger()
                    .multiply(BigInteger.valueOf(30 + 3 + 300 + 165))
                    .add(BigInteger.valueOf(3 + 2 * 300 + 3 * 165));
            assertThat(ledger.totals("run").total().bounds().best().toBigInteger())
                    .isEqualTo(expected);
        }
    }
}
