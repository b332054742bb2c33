package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.List;
import org.flopledger.estimation.TrainingSetting.Pass;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.LowRank;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.flopledger.model.Recurrence;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftTechnique;
import org.junit.jupiter.api.Test;

class StepFormulaTest {

    private static final long[] LENGTHS = {7, 64, 64, 65, 300};

    private static Architecture decoder(Reach... reaches) {
        var block = Block.pattern(
                reaches.length,
                index -> Block.preNorm(
                        Norm.rms(64),
                        DotProductAttention.builder(64, 4)
                                .keyValueHeads(2)
                                .reach(reaches[index])
                                .build(),
                        DenseFeedForward.gated(64, 160)));
        return Architecture.decoder(
                "decoder", LayerStack.of(Input.Tokens.of(500, 64), block, Norm.rms(64)), Head.language(64, 500, false));
    }

    private static Architecture encoderDecoder(Input source) {
        Norm norm = Norm.rms(64);
        var feedForward = DenseFeedForward.plain(64, 128, false, "wi", "wo");
        var encoder = Block.preNorm(
                norm,
                DotProductAttention.builder(64, 4).reach(Reach.BIDIRECTIONAL).build(),
                feedForward);
        var decoder = Block.preNorm(
                norm,
                DotProductAttention.builder(64, 4).build(),
                DotProductAttention.builder(64, 4).crossTo(64).build(),
                feedForward);
        return new Architecture(
                "encoder-decoder",
                new LayerStack("encoder", "block", source, encoder.times(2), norm),
                new LayerStack("decoder", "block", Input.Tokens.of(500, 64), decoder.times(3), norm),
                List.of(Head.language(64, 500, true)),
                null);
    }

    private static String evaluate(LinearForm form, long... lengths) {
        BigInteger sum = BigInteger.ZERO;
        for (long length : lengths) {
            BigInteger size = BigInteger.valueOf(length);
            sum = sum.add(form.perToken().toBigInteger().multiply(size))
                    .add(form.perSequence().toBigInteger())
                    .add(form.perSquaredLength().toBigInteger().multiply(size).multiply(size));
            for (LinearForm.MaskedPairs masked : form.masks()) {
                sum = sum.add(masked.perPair()
                        .toBigInteger()
                        .multiply(BigInteger.valueOf(masked.mask().pairs(length))));
            }
        }
        return sum.toString();
    }

    @Test
    void theFormIsTheExactFigureForAnyLengths() {
        var estimator = FlopEstimator.of(
                decoder(Reach.CAUSAL, Reach.window(32), Reach.chunk(50), Reach.BIDIRECTIONAL),
                TrainingSetting.FULL.with(TrainingSetting.Recomputation.FULL));
        StepFormula formula = estimator.formula();
        StepEstimate estimate = estimator.estimate(Batch.ofLengths(LENGTHS));

        assertThat(evaluate(formula.model(), LENGTHS))
                .isEqualTo(estimate.model().toString());
        assertThat(evaluate(formula.low(), LENGTHS)).isEqualTo(estimate.model().toString());
        assertThat(evaluate(formula.executed(), LENGTHS))
                .isEqualTo(estimate.executed().toString());
        assertThat(evaluate(formula.high(), LENGTHS))
                .isEqualTo(estimate.bounds().high().toString());
    }

    @Test
    void windowsOfOneSizeShareOneTermAndCausalLayersNeedNone() {
        var estimator =
                FlopEstimator.of(decoder(Reach.window(32), Reach.CAUSAL, Reach.window(32)), TrainingSetting.FULL);

        assertThat(estimator.formula().model().masks()).hasSize(1);
        assertThat(estimator.formula().high().isFunctionOfSums()).isTrue();
    }

    @Test
    void virtualTokensLengthenEverySequence() {
        var estimator = FlopEstimator.of(
                decoder(Reach.CAUSAL, Reach.BIDIRECTIONAL), TrainingSetting.FULL.with(new PeftMethod.PromptTuning(8)));

        assertThat(evaluate(estimator.formula().model(), LENGTHS))
                .isEqualTo(estimator.estimate(Batch.ofLengths(LENGTHS)).model().toString());
    }

    @Test
    void virtualTokensInsideAWindowAreExactAndBoundedBeyondIt() {
        var estimator = FlopEstimator.of(
                decoder(Reach.window(72), Reach.chunk(90)), TrainingSetting.FULL.with(new PeftMethod.PromptTuning(8)));
        StepFormula formula = estimator.formula();

        assertThat(evaluate(formula.model(), 7, 64, 64))
                .isEqualTo(
                        estimator.estimate(Batch.ofLengths(7, 64, 64)).model().toString());
        for (long length : LENGTHS) {
            BigInteger exact = estimator.estimate(Batch.of(1, length)).model().toBigInteger();
            BigInteger model = new BigInteger(evaluate(formula.model(), length));
            assertThat(exact).isBetween(new BigInteger(evaluate(formula.low(), length)), model);
            assertThat(model).isLessThanOrEqualTo(new BigInteger(evaluate(formula.high(), length)));
        }
    }

    @Test
    void workOnceACallCountsOnceASequenceAtMost() {
        PeftMethod dora = PeftMethod.lora(4)
                .technique(PeftTechnique.DORA)
                .targets(LowRank.ALL_LINEAR)
                .build();
        var estimator = FlopEstimator.of(decoder(Reach.CAUSAL), TrainingSetting.FULL.with(dora));

        assertThat(evaluate(estimator.formula().model(), LENGTHS))
                .isEqualTo(estimator
                        .estimate(Batch.ofLengths(LENGTHS).inCalls(LENGTHS.length))
                        .model()
                        .toString());
    }

    @Test
    void anEncoderOfFixedLengthCostsTheSameForEverySequence() {
        var sound = new Input.Raw(List.of(new Convolution(8, 64, 3, 100, true)), 100, 0, 100, null);
        var estimator = FlopEstimator.of(encoderDecoder(sound), TrainingSetting.FULL);

        assertThat(evaluate(estimator.formula().model(), LENGTHS))
                .isEqualTo(estimator.estimate(Batch.ofLengths(LENGTHS)).model().toString());
    }

    @Test
    void aGivenSourceLengthIsUsed() {
        var estimator =
                FlopEstimator.of(encoderDecoder(Input.Tokens.of(500, 64)), TrainingSetting.FULL.withSourceLength(40));

        assertThat(evaluate(estimator.formula().model(), LENGTHS))
                .isEqualTo(estimator
                        .estimate(Batch.ofLengths(LENGTHS).withSource(40))
                        .model()
                        .toString());
    }

    @Test
    void withoutASourceLengthSourceAndTargetShareTheTokens() {
        var estimator = FlopEstimator.of(encoderDecoder(Input.Tokens.of(500, 64)), TrainingSetting.FULL);
        StepFormula formula = estimator.formula();

        String shared = estimator.estimate(Batch.ofPairs(1, 40, 40)).model().toString();

        assertThat(evaluate(formula.model(), 80)).isEqualTo(shared);
        assertThat(new BigInteger(evaluate(formula.low(), 80))).isLessThan(new BigInteger(shared));
        assertThat(new BigInteger(evaluate(formula.high(), 80))).isGreaterThan(new BigInteger(shared));
    }

    @Test
    void aNamedEstimateWidensTheBounds() {
        var block = Block.preNorm(Norm.rms(64), new Recurrence.Mamba2(64, 4, 32, 16, 1, 4, 64, false, true));
        var estimator = FlopEstimator.of(
                Architecture.decoder(
                        "mamba2",
                        LayerStack.of(Input.Tokens.of(500, 64), block.times(2), Norm.rms(64)),
                        Head.language(64, 500, true)),
                TrainingSetting.FULL);
        StepFormula formula = estimator.formula();

        assertThat(formula.low().perToken()).isLessThan(formula.model().perToken());
        assertThat(formula.model().perToken()).isLessThan(formula.high().perToken());
        assertThat(estimator.estimate(Batch.of(1, 64)).unknown()).hasSize(1);
    }

    @Test
    void anUnknownArchitectureLiesBetweenItsActiveAndTotalParameters() {
        StepFormula formula = StepFormula.ofParameters(37_000_000_000L, 671_000_000_000L);

        assertThat(formula.low().perToken()).isEqualTo(FlopCount.of(222_000_000_000L));
        assertThat(formula.model()).isEqualTo(formula.low());
        // 6 x total, and 3 N s / h with h = (4 N / 3)^(1/3) = 3667 and s = 131 072.
        assertThat(formula.high().perToken()).isEqualTo(FlopCount.of(7993546223071L));
        assertThat(StepFormula.ofParameters(37_000_000_000L, 671_000_000_000L, 1)
                        .high()
                        .perToken())
                .isEqualTo(FlopCount.of(4_026_000_000_000L + 3 * 37_000_000_000L / 3667 + 1));
    }

    @Test
    void moreActiveThanTotalParametersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepFormula.ofParameters(8, 7))
                .withMessage("active parameters is 8, must be from 1 to 7");
    }

    // 2 for each active parameter and pass, 2 more for each that is trained.
    @Test
    void parametersOfAnAdapterCostNoWeightGradientsOfTheFrozenBase() {
        Architecture architecture = decoder(Reach.CAUSAL, Reach.CAUSAL);
        ParameterCount full = ParameterCount.of(architecture, PeftMethod.FULL);
        ParameterCount adapter = ParameterCount.of(
                architecture, PeftMethod.lora(4).targets("q_proj", "v_proj").build());
        long each = 4 * adapter.active() + 2 * adapter.trainable();

        assertThat(tokenPrice(adapter, Pass.TRAINING)).isEqualTo(FlopCount.of(each));
        assertThat(tokenPrice(adapter, Pass.FORWARD_ONLY)).isEqualTo(FlopCount.product(2, adapter.active()));
        assertThat(tokenPrice(adapter, Pass.PREFERENCE)).isEqualTo(FlopCount.of(each + 2 * adapter.active()));
        assertThat(Estimate.ofParameters(adapter, 1000).value().toBigInteger())
                .isEqualTo(BigInteger.valueOf(1000 * each));
        assertThat(Estimate.ofParameters(full, 1000))
                .isEqualTo(Estimate.ofParameters(full.active(), full.total(), 1000));
    }

    private static FlopCount tokenPrice(ParameterCount count, Pass pass) {
        return StepFormula.ofParameters(count, pass, 1).model().perToken();
    }
}
