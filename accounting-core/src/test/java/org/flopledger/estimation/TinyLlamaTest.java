package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;

import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.units.FlopCount;
import org.flopledger.units.FlopRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TinyLlama 1.1B as published with a probe run of nikosvil/flopcheck: one H100 PCIe, 16 September 2026. */
class TinyLlamaTest {

    private static Architecture tinyLlama() {
        var block = Block.preNorm(
                Norm.rms(2048),
                DotProductAttention.builder(2048, 32).keyValueHeads(4).build(),
                DenseFeedForward.gated(2048, 5632));
        return Architecture.decoder(
                "TinyLlama 1.1B",
                LayerStack.of(Input.Tokens.of(32_000, 2048), block.times(22), Norm.rms(2048)),
                Head.language(2048, 32_000, false));
    }

    private static long eachToken(FlopCount sequence, long length) {
        return sequence.toBigInteger().longValueExact() / length;
    }

    private static StepEstimate sequence(TrainingSetting setting, long length, Convention convention) {
        return FlopEstimator.of(tinyLlama(), setting).estimate(Batch.of(1, length), convention);
    }

    @ParameterizedTest
    @CsvSource({"2048, 7313817600, 6760169472", "8192, 10635706368, 8421113856"})
    void modelFlopOfATokenAreExact(long length, long fullSquare, long halfSquare) {
        FlopCount full =
                sequence(TrainingSetting.FULL, length, Convention.FULL_SQUARE).model();
        FlopCount half =
                sequence(TrainingSetting.FULL, length, Convention.HALF_SQUARE).model();

        assertThat(eachToken(full, length)).isEqualTo(fullSquare);
        assertThat(eachToken(half, length)).isEqualTo(halfSquare);
    }

    @ParameterizedTest
    @CsvSource({"2048, 7498366976, 9297723392", "8192, 11373903872, 14280556544"})
    void executedFlopOfATokenAreExact(long length, long fused, long checkpointed) {
        TrainingSetting setting = TrainingSetting.FULL.withFusedAttention();

        StepEstimate plain = sequence(setting, length, Convention.FULL_SQUARE);
        StepEstimate again = sequence(setting.with(TrainingSetting.Recomputation.FULL), length, Convention.FULL_SQUARE);

        assertThat(eachToken(plain.executed(), length)).isEqualTo(fused);
        assertThat(eachToken(again.executed(), length)).isEqualTo(checkpointed);
        assertThat(again.model()).isEqualTo(plain.model());
    }

    @Test
    void theProbeRunHasThePublishedTotalAndUtilisation() {
        StepEstimate run = FlopEstimator.of(tinyLlama(), TrainingSetting.FULL)
                .estimate(Batch.ofTokens(5_111_808, 2048), Convention.FULL_SQUARE);

        assertThat(run.model()).hasToString("37386831318220800");
        assertThat(Estimate.Utilisation.of(run.model(), 120.31014434500003, FlopRate.ofTera(756)))
                .isEqualTo(0.41104996464674576);
    }
}
