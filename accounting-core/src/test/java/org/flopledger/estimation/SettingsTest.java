package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.flopledger.estimation.FlopEstimator.Share;
import org.flopledger.estimation.TrainingSetting.Pass;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.flopledger.model.Recurrence;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.junit.jupiter.api.Test;

/** Passes, pieces and mismatches of an estimate. */
class SettingsTest {

    private static Architecture decoder() {
        var block = Block.preNorm(
                Norm.rms(64), DotProductAttention.builder(64, 4).build(), DenseFeedForward.gated(64, 160));
        return Architecture.decoder(
                "decoder",
                LayerStack.of(Input.Tokens.of(500, 64), block.times(3), Norm.rms(64)),
                Head.language(64, 500, false));
    }

    private static Architecture vision() {
        var input = new Input.Raw(List.of(new Convolution(3, 64, 64, 16, true)), 17, 18 * 64, 0, null);
        var block = Block.preNorm(
                Norm.layer(64),
                DotProductAttention.builder(64, 4).reach(Reach.BIDIRECTIONAL).build(),
                DenseFeedForward.plain(64, 256, true, "fc1", "fc2"));
        return Architecture.decoder(
                "vision", LayerStack.of(input, block.times(2), Norm.layer(64)), Head.classifier(64, 10));
    }

    private static StepEstimate estimate(TrainingSetting setting, Batch batch) {
        return FlopEstimator.of(decoder(), setting).estimate(batch);
    }

    @Test
    void aPreferencePairCostsTheReferencesForwardPassBesides() {
        Batch pair = Batch.of(2, 50);

        StepEstimate training = estimate(TrainingSetting.FULL, pair);
        StepEstimate preference = estimate(TrainingSetting.FULL.with(Pass.PREFERENCE), pair);

        assertThat(preference.model()).isEqualTo(training.model().plus(training.forward()));
        assertThat(preference.reference()).isEqualTo(training.forward());
    }

    @Test
    void theReferenceOfAnAdaptedPolicyIsTheBareBase() {
        PeftMethod lora = PeftMethod.lora(4).targets("q_proj").build();
        Batch pair = Batch.of(2, 50);

        StepEstimate preference = estimate(TrainingSetting.FULL.with(lora).with(Pass.PREFERENCE), pair);

        assertThat(preference.reference())
                .isEqualTo(estimate(TrainingSetting.FORWARD_ONLY, pair).model());
        assertThat(preference.forward()).isGreaterThan(preference.reference());
    }

    @Test
    void generationIsOneCausalForwardPassWithOutputsForTheAnswer() {
        var estimator = FlopEstimator.of(decoder(), TrainingSetting.FULL);
        // The last token of the answer is read by nothing; the one before the answer predicts its first.
        FlopCount forward =
                estimate(TrainingSetting.FORWARD_ONLY, Batch.of(1, 69)).model();
        FlopCount promptOutputs = FlopCount.of(2L * 49 * 64 * 500);

        assertThat(estimator.generation(1, 1, 50, 20, false)).isEqualTo(forward.minus(promptOutputs));
    }

    @Test
    void aSharedPrefixIsComputedOnce() {
        var estimator = FlopEstimator.of(decoder(), TrainingSetting.FULL);
        FlopCount apart = estimator.generation(3, 8, 50, 20, false);
        FlopCount shared = estimator.generation(3, 8, 50, 20, true);
        FlopCount prompt =
                estimate(TrainingSetting.FORWARD_ONLY, Batch.of(1, 50)).model().minus(FlopCount.of(2L * 50 * 64 * 500));

        assertThat(apart.minus(shared)).isEqualTo(prompt.times(3 * 7));
    }

    /** Prefixes of 8 keys: 3 layers x 2 x 4 heads x 16 x 8 values; every query scores 8 more pairs in each layer. */
    @Test
    void learnedPrefixesLengthenTheKeysOfEveryQuery() {
        PeftMethod prefixes = new PeftMethod.PrefixTuning(8);
        Batch batch = Batch.of(2, 50);
        FlopCount pairs = FlopCount.of(3L * 2 * 64 * 2 * 50 * 8);

        StepEstimate bare = estimate(TrainingSetting.FORWARD_ONLY, batch);
        StepEstimate prefixed = estimate(TrainingSetting.FULL.with(prefixes), batch);

        assertThat(ParameterCount.of(decoder(), prefixes).trainable()).isEqualTo(3 * 2 * 64 * 8);
        assertThat(prefixed.forward()).isEqualTo(bare.forward().plus(pairs.times(2)));
        assertThat(prefixed.backward()).isGreaterThan(bare.forward());
    }

    @Test
    void sharesAddUpToTheModelFlop() {
        var estimator = FlopEstimator.of(decoder(), TrainingSetting.FULL);
        for (Convention convention : List.of(Convention.EXACT, Convention.FULL_SQUARE, Convention.MEGATRON)) {
            FlopCount sum = estimator.shares(Batch.of(2, 50), convention).stream()
                    .map(share -> share.forward().plus(share.backward()))
                    .reduce(FlopCount.ZERO, FlopCount::plus);

            assertThat(sum)
                    .isEqualTo(estimator.estimate(Batch.of(2, 50), convention).model());
        }
    }

    @Test
    void sharesNameTheirModules() {
        assertThat(FlopEstimator.of(decoder(), TrainingSetting.FULL).shares(Batch.of(1, 9), Convention.EXACT))
                .extracting(Share::operation)
                .extracting("path")
                .contains("model.layers.0.self_attn.q_proj", "model.layers.2.mlp.down_proj", "lm_head");
    }

    @Test
    void patchesNeedNoInputGradient() {
        StepEstimate estimate = FlopEstimator.of(vision(), TrainingSetting.FULL).estimate(Batch.of(4, 17));
        FlopCount patches = FlopCount.of(4L * 2 * 16 * 3 * 64 * 64);

        assertThat(estimate.forward().times(2).minus(estimate.backward())).isEqualTo(patches);
    }

    @Test
    void aSequenceOfAnotherLengthThanTheImagesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> FlopEstimator.of(vision(), TrainingSetting.FULL).estimate(Batch.of(4, 16)))
                .withMessage("sequence length is 16, must be 17, the only length of vision");
    }

    @Test
    void blockedLinearAttentionIsANamedEstimate() {
        var block =
                Block.preNorm(Norm.rms(64), new Recurrence.Lightning(64, 4, 16, 32), DenseFeedForward.gated(64, 160));
        var model = Architecture.decoder(
                "lightning",
                LayerStack.of(Input.Tokens.of(500, 64), block.times(2), Norm.rms(64)),
                Head.language(64, 500, false));

        StepEstimate estimate = FlopEstimator.of(model, TrainingSetting.FULL).estimate(Batch.of(1, 64));

        assertThat(estimate.bounds().low()).isLessThan(estimate.model());
        assertThat(estimate.bounds().high()).isGreaterThan(estimate.model());
        assertThat(estimate.unknown()).hasSize(1);
    }

    @Test
    void anEstimateSaysHowItWasMade() {
        var estimator = FlopEstimator.of(decoder(), TrainingSetting.FULL.with(TrainingSetting.Recomputation.UNKNOWN));

        Estimate exact = estimator.estimate(Batch.of(1, 50)).toEstimate();
        Estimate sixNd = estimator.estimate(Batch.of(1, 50), Convention.SIX_ND).toEstimate();

        assertThat(exact.method()).isEqualTo(CountingMethod.ARCHITECTURE);
        assertThat(exact.convention()).isEqualTo("exact");
        assertThat(exact.unknown()).singleElement().asString().startsWith("recomputation is not known");
        assertThat(sixNd.method()).isEqualTo(CountingMethod.PARAMETER_TOKEN);
        assertThat(Convention.named(sixNd.convention())).isEqualTo(Convention.SIX_ND);
    }

    @Test
    void anUnknownConventionIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Convention.named("7nd"))
                .withMessageStartingWith("convention is '7nd', must be one of exact, full-square");
    }
}
