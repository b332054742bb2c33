package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.lineage.Ancestor;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.model.PeftMethod;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.junit.jupiter.api.Test;

class RunSpecTest {

    private static final FlopBounds PRIOR = FlopBounds.exactly(FlopCount.parse("9e24"));

    private static Architecture architecture() {
        Norm norm = Norm.rms(64);
        var block = Block.preNorm(norm, DotProductAttention.builder(64, 4).build(), DenseFeedForward.gated(64, 160));
        return Architecture.decoder(
                "small", LayerStack.of(Input.Tokens.of(500, 64), block.times(2), norm), Head.language(64, 500, false));
    }

    private static TrainingSetting lora(long rank) {
        return TrainingSetting.FULL.with(PeftMethod.lora(rank).targets("q_proj").build());
    }

    private static Facts revenue(String amount) {
        return Facts.builder()
                .amount(FactName.ACTOR_REVENUE_USD, new BigDecimal(amount))
                .build();
    }

    @Test
    void factsAreAddedInAnyOrder() {
        RunSpec first = RunSpec.fineTuning("run")
                .prior(PRIOR)
                .model(architecture(), lora(4))
                .known(revenue("5"))
                .build();
        RunSpec last = RunSpec.fineTuning("run")
                .known(revenue("5.0"))
                .model(architecture(), lora(4))
                .prior(PRIOR)
                .build();

        for (RunSpec spec : new RunSpec[] {first, last}) {
            assertThat(spec.known().ancestors()).hasSize(1);
            assertThat(spec.known().answer(FactName.PEFT)).isTrue();
            assertThat(spec.known().amount(FactName.ACTOR_REVENUE_USD)).isEqualByComparingTo("5");
        }
    }

    @Test
    void aContradictionNamesTheFact() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunSpec.fineTuning("run").known(revenue("5")).known(revenue("6")))
                .withMessageContaining("actor-revenue-usd");
        Facts notPeft = Facts.builder().answer(FactName.PEFT, false).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunSpec.fineTuning("run").known(notPeft).model(architecture(), lora(4)))
                .withMessageContaining("peft");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RunSpec.fineTuning("run").prior(PRIOR).prior(FlopBounds.exactly(FlopCount.parse("1e24"))))
                .withMessageContaining("ancestor");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RunSpec.fineTuning("run").model(architecture()).parameters("other", 5, 5))
                .withMessageContaining("model");
    }

    @Test
    void aBaseAndTwoAdaptersOfOneArchitectureHaveKeysOfTheirOwn() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunSpec base = RunSpec.pretraining("base").model(architecture()).build();
            assertThat(base.model()).isEqualTo("small");
            ledger.run(base).step(1).sequences(2, 100).record();
            for (int rank = 4; rank <= 8; rank += 4) {
                RunSpec adapter = RunSpec.fineTuning("lora-" + rank)
                        .model(architecture(), lora(rank))
                        .build();
                ledger.run(adapter).step(1).sequences(2, 100).record();
                assertThat(ledger.totals("lora-" + rank).total().parts()).containsOnlyKeys(CountingMethod.ARCHITECTURE);
                assertThat(ledger.totals("lora-" + rank).total().bounds().best())
                        .isLessThan(ledger.totals("base").total().bounds().best());
            }
            assertThat(ledger.totals("lora-4").total().bounds().best())
                    .isLessThan(ledger.totals("lora-8").total().bounds().best());
        }
    }

    @Test
    void describingARunAgainAddsAndNeverErases() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            ledger.run(
                    RunSpec.fineTuning("run").prior(PRIOR).known(revenue("5")).build());
            RunSpec held = ledger.run(
                            RunSpec.fineTuning("run").model(architecture()).build())
                    .spec();

            assertThat(held.model()).isEqualTo("small");
            assertThat(held.known().ancestors()).extracting(Ancestor::compute).containsExactly(PRIOR);
            assertThat(held.known().amount(FactName.ACTOR_REVENUE_USD)).isEqualByComparingTo("5");
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> ledger.run(
                            RunSpec.fineTuning("run").known(revenue("6")).build()))
                    .returns(LedgerException.Code.RUN_CHANGED, LedgerException::code)
                    .withMessageContaining("actor-revenue-usd");
        }
    }

    @Test
    void stepsWithoutLengthsHaveAnIntervalThatHoldsThoseWithThem() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            RunSpec.Builder spec = RunSpec.pretraining("bare").model(architecture());
            ledger.run(spec.build()).step(1).tokens(1_000_000).record();
            ledger.run(RunSpec.pretraining("told").model(architecture()).build())
                    .step(1)
                    .sequences(10, 100_000)
                    .record();
            FlopBounds bare = ledger.totals("bare").total().bounds();
            FlopBounds told = ledger.totals("told").total().bounds();

            assertThat(bare.low()).isLessThanOrEqualTo(told.low());
            assertThat(bare.high()).isGreaterThanOrEqualTo(told.high());
        }
    }
}
