package org.flopledger.internal.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.account.RunTotals;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

class CrossingTest {

    private static final LinearForm SIX_ND = new LinearForm(6_000_000_000L, 0, 0, List.of());
    private static final ModelFormulas FORMULAS = ModelFormulas.none()
            .with("m", new StepFormula(CountingMethod.PARAMETER_TOKEN, SIX_ND, SIX_ND, SIX_ND, SIX_ND));

    @Test
    void theFirstRowAtWhichARunPassesIsFoundAmongOtherRuns() {
        try (BufferAllocator allocator = new RootAllocator();
                StepBatch batch = twoRuns(allocator, 20_000)) {
            Validation validation = batch.validate();
            CrossingSearch crossing = new CrossingSearch(new LedgerAccounts(), validation, "a", FORMULAS);
            // Run a has every even row, each 6e12 FLOP: its 7001st step, row 14000, is the first above 7000 of them.
            assertThat(crossing.firstRow(totals -> flop(totals).compareTo(FlopCount.parse("42e15")) > 0))
                    .isEqualTo(OptionalInt.of(14_000));
            assertThat(crossing.firstRow(totals -> flop(totals).compareTo(FlopCount.parse("42e15")) >= 0))
                    .isEqualTo(OptionalInt.of(13_998));
            assertThat(flop(crossing.totalsAt(13_999))).isEqualTo(FlopCount.parse("42e15"));
        }
    }

    @Test
    void whatWasThereBeforeCounts() {
        try (BufferAllocator allocator = new RootAllocator();
                StepBatch batch = twoRuns(allocator, 10)) {
            LedgerAccounts before = new LedgerAccounts();
            before.fold(batch.validate(), FORMULAS);
            CrossingSearch crossing = new CrossingSearch(before, batch.validate(), "b", FORMULAS);

            assertThat(crossing.firstRow(totals -> totals.observations() > 7)).isEqualTo(OptionalInt.of(5));
            assertThat(crossing.firstRow(totals -> totals.observations() > 4)).isEmpty();
            assertThat(crossing.firstRow(totals -> totals.observations() > 10)).isEmpty();
        }
    }

    @Test
    void rowsTakenOutOfTheMaskDoNotCount() {
        try (BufferAllocator allocator = new RootAllocator();
                StepBatch batch = twoRuns(allocator, 100)) {
            Validation validation = batch.validate();
            IntStream.range(0, 50).forEach(validation.mask()::reject);
            CrossingSearch crossing = new CrossingSearch(new LedgerAccounts(), validation, "a", FORMULAS);

            assertThat(crossing.firstRow(totals -> totals.observations() >= 1)).isEqualTo(OptionalInt.of(50));
        }
    }

    private static FlopCount flop(RunTotals totals) {
        return new RunAccount(totals, totals, 1, FORMULAS)
                .figures()
                .getOrDefault(CountingMethod.PARAMETER_TOKEN, ComputeFigure.NONE)
                .bounds()
                .best();
    }

    private static StepBatch twoRuns(BufferAllocator allocator, int rows) {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (int i = 0; i < rows; i++) {
                builder.run(i % 2 == 0 ? "a" : "b")
                        .attempt(0)
                        .step(i / 2)
                        .source("log")
                        .stage(Stage.PRETRAINING);
                builder.model("m").tokens(1000).append();
            }
            return builder.build();
        }
    }
}
