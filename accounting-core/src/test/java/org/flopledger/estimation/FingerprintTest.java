package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.MixtureOfExperts;
import org.flopledger.model.Norm;
import org.flopledger.model.PeftMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FingerprintTest {

    private static final Batch RUN = Batch.ofTokens(1_000_000_000, 4096);

    private static Architecture mixture() {
        var block = Block.preNorm(
                Norm.rms(1024),
                DotProductAttention.builder(1024, 16).keyValueHeads(4).build(),
                MixtureOfExperts.of(8, 2, DenseFeedForward.gated(1024, 2816)));
        return Architecture.decoder(
                "mixture",
                LayerStack.of(Input.Tokens.of(32_000, 1024), block.times(12), Norm.rms(1024)),
                Head.language(1024, 32_000, false));
    }

    private static BigDecimal figure(Convention convention, TrainingSetting.Recomputation recomputation) {
        StepEstimate estimate = FlopEstimator.of(mixture(), TrainingSetting.FULL.with(recomputation))
                .estimate(RUN, convention);
        return new BigDecimal(estimate.executed().toBigInteger());
    }

    private static List<Convention.Fingerprint> fingerprint(BigDecimal reported) {
        return Convention.Fingerprint.of(reported, mixture(), TrainingSetting.FULL, RUN);
    }

    @ParameterizedTest
    @EnumSource(Convention.class)
    void theConventionThatWroteAnIntegerIsNamed(Convention convention) {
        List<Convention.Fingerprint> found = fingerprint(figure(convention, TrainingSetting.Recomputation.NONE));

        assertThat(found).hasSize(1);
        assertThat(found.get(0).convention()).isEqualTo(convention);
        assertThat(found.get(0).exact()).isTrue();
        assertThat(found.get(0).recomputed()).isFalse();
    }

    @Test
    void aDoubleIsExactWhereItIsTheNearest() {
        double printed =
                figure(Convention.MEGATRON, TrainingSetting.Recomputation.NONE).doubleValue();

        assertThat(fingerprint(new BigDecimal(printed)))
                .extracting(Convention.Fingerprint::convention, Convention.Fingerprint::exact)
                .containsExactly(tuple(Convention.MEGATRON, true));
    }

    @Test
    void aRoundedReportAgreesAtItsOwnDigits() {
        BigDecimal exact = figure(Convention.HUGGING_FACE, TrainingSetting.Recomputation.NONE);
        BigDecimal printed = exact.round(new MathContext(4));

        List<Convention.Fingerprint> found = fingerprint(printed);

        assertThat(found).extracting(Convention.Fingerprint::convention).containsExactly(Convention.HUGGING_FACE);
        assertThat(found.get(0).exact()).isFalse();
        assertThat(Math.abs(found.get(0).deviation())).isLessThan(1e-3);
    }

    @Test
    void recomputationInTheReportIsSeen() {
        List<Convention.Fingerprint> found =
                fingerprint(figure(Convention.FULL_SQUARE, TrainingSetting.Recomputation.FULL_REENTRANT));

        assertThat(found)
                .extracting(Convention.Fingerprint::convention, Convention.Fingerprint::recomputed)
                .contains(tuple(Convention.FULL_SQUARE, true));
    }

    @Test
    void megatronPricesAnAdapterAsFullTraining() {
        PeftMethod lora = PeftMethod.lora(8).targets("q_proj", "v_proj").build();

        List<Convention.Fingerprint> found = Convention.Fingerprint.of(
                figure(Convention.MEGATRON, TrainingSetting.Recomputation.NONE),
                mixture(),
                TrainingSetting.FULL.with(lora),
                RUN);

        assertThat(found).extracting(Convention.Fingerprint::convention).containsExactly(Convention.MEGATRON);
    }

    @Test
    void aTotalThatNoConventionGivesHasNoFingerprint() {
        assertThat(fingerprint(new BigDecimal("123456789012345678901"))).isEmpty();
    }

    @Test
    void nothingReportedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fingerprint(BigDecimal.ZERO))
                .withMessage("reported FLOP is 0, must be above 0");
    }
}
