package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.flopledger.account.ComputeFigure;
import org.flopledger.estimation.StepFormula;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

/** A claim is as wide as its margin says where nothing better is known, and a point where it has none. */
class ClaimedFlopTest {

    private static final FlopCount CLAIM = FlopCount.of(1_001);

    private static ComputeFigure total(RunSpec spec, String model, Long tokens) {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            ledger.run(spec);
            try (StepBatchBuilder builder = ledger.newBatch()) {
                for (int step = 1; step <= 2; step++) {
                    builder.run(spec.id()).attempt(0).step(step).source("log").stage(Stage.PRETRAINING);
                    builder.reportedFlop(CLAIM);
                    if (model != null) {
                        builder.model(model);
                    }
                    if (tokens != null) {
                        builder.tokens(tokens);
                    }
                    builder.append();
                }
                try (StepBatch batch = builder.build()) {
                    ledger.ingest(batch);
                }
            }
            return ledger.totals(spec.id()).total();
        }
    }

    private static FlopBounds bounds(long low, long best, long high) {
        return new FlopBounds(FlopCount.of(low), FlopCount.of(best), FlopCount.of(high));
    }

    @Test
    void aClaimWithAMarginIsAnInterval() {
        RunSpec spec = RunSpec.pretraining("a")
                .model("claims", StepFormula.ofClaims(250, 1_500))
                .build();

        ComputeFigure total = total(spec, "claims", null);
        assertThat(total.bounds()).isEqualTo(bounds(500, 2_002, 3_003));
        assertThat(total.isComplete()).isTrue();
        assertThat(total.parts()).containsOnlyKeys(CountingMethod.REPORTED);
    }

    @Test
    void aClaimWithoutAMarginIsAPoint() {
        assertThat(total(RunSpec.pretraining("a").build(), null, null).bounds()).isEqualTo(bounds(2_002, 2_002, 2_002));
    }

    @Test
    void aBetterMethodStandsBeforeTheMargin() {
        RunSpec spec = RunSpec.pretraining("a")
                .model("claims", StepFormula.ofParameters(10, 10), StepFormula.ofClaims(250, 1_500))
                .build();

        assertThat(total(spec, "claims", 30L).parts()).containsOnlyKeys(CountingMethod.PARAMETER_TOKEN);
        assertThat(total(spec, "claims", null).parts()).containsOnlyKeys(CountingMethod.REPORTED);
    }

    @Test
    void aMarginHoldsItsClaim() {
        assertThatThrownBy(() -> StepFormula.ofClaims(1_001, 1_500)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StepFormula.ofClaims(0, 999)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StepFormula.ofParameters(1, 1).ofClaim(CLAIM))
                .isInstanceOf(IllegalStateException.class);
        assertThat(StepFormula.ofClaims(1_000, 1_000).ofClaim(CLAIM)).isEqualTo(FlopBounds.exactly(CLAIM));
    }
}
