package org.flopledger.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.units.PeftTechnique;
import org.junit.jupiter.api.Test;

/** Trained values of a decoder with three layers, hidden width 64, inner width 160, vocabulary 500. */
class PeftMethodTest {

    private static final long Q_PROJ = 64 + 64;
    private static final long UP_PROJ = 64 + 160;

    private static Architecture model(boolean tied) {
        var block = Block.preNorm(
                Norm.rms(64), DotProductAttention.builder(64, 4).build(), DenseFeedForward.gated(64, 160));
        return Architecture.decoder(
                "model",
                LayerStack.of(Input.Tokens.of(500, 64), block.times(3), Norm.rms(64)),
                Head.language(64, 500, tied));
    }

    private static long trainable(PeftMethod method) {
        return ParameterCount.of(model(false), method).trainable();
    }

    @Test
    void ranksByNameReplaceTheCommonRank() {
        PeftMethod lora = PeftMethod.lora(4)
                .targets("q_proj", "up_proj")
                .ranks(Map.of("up_proj", 16L))
                .build();

        assertThat(trainable(lora)).isEqualTo(3 * (4 * Q_PROJ + 16 * UP_PROJ));
    }

    @Test
    void theFirstPatternThatFitsWins() {
        Map<String, Long> ranks = new LinkedHashMap<>();
        ranks.put("layers.0.self_attn.q_proj", 32L);
        ranks.put("q_proj", 8L);

        PeftMethod lora = PeftMethod.lora(4).targets("q_proj").ranks(ranks).build();

        assertThat(trainable(lora)).isEqualTo((32 + 8 + 8) * Q_PROJ);
    }

    @Test
    void aTargetMayNameOneModuleByItsWholePath() {
        PeftMethod lora =
                PeftMethod.lora(4).targets("model.layers.1.self_attn.q_proj").build();

        assertThat(trainable(lora)).isEqualTo(4 * Q_PROJ);
    }

    @Test
    void layersLimitWhereFactorsArePut() {
        PeftMethod lora =
                PeftMethod.lora(4).targets("q_proj").layers(Set.of(0, 2)).build();

        assertThat(trainable(lora)).isEqualTo(2 * 4 * Q_PROJ);
    }

    @Test
    void allLinearLeavesTheOutputHeadAlone() {
        PeftMethod lora = PeftMethod.lora(4).targets(LowRank.ALL_LINEAR).build();

        assertThat(trainable(lora)).isEqualTo(3 * 4 * (4 * Q_PROJ + 3 * UP_PROJ));
    }

    @Test
    void aTableMayHaveFactorsToo() {
        PeftMethod lora = PeftMethod.lora(4).targets("embed_tokens").build();

        assertThat(trainable(lora)).isEqualTo(4 * (500 + 64));
    }

    @Test
    void scalesAndQuantisationChangeNoCount() {
        assertThat(List.of(PeftTechnique.LORA, PeftTechnique.RS_LORA, PeftTechnique.QLORA))
                .map(technique -> trainable(PeftMethod.lora(4)
                        .technique(technique)
                        .targets("q_proj")
                        .build()))
                .containsOnly(3 * 4 * Q_PROJ);
    }

    @Test
    void learnedLengthsAddOneValueForEachOutput() {
        PeftMethod quantised = PeftMethod.lora(4)
                .technique(PeftTechnique.QLORA)
                .magnitude(true)
                .targets("up_proj")
                .build();

        assertThat(trainable(quantised)).isEqualTo(3 * (4 * UP_PROJ + 160));
    }

    @Test
    void aSavedModuleIsTrainedInACopy() {
        PeftMethod lora =
                PeftMethod.lora(4).targets("q_proj").modulesToSave("lm_head").build();

        for (boolean tied : List.of(true, false)) {
            ParameterCount count = ParameterCount.of(model(tied), lora);
            assertThat(count.trainable()).isEqualTo(3 * 4 * Q_PROJ + 500 * 64);
            assertThat(count.total()).isEqualTo(ParameterCount.of(model(tied)).total() + count.trainable());
        }
    }

    @Test
    void expertsFusedIntoOneTensorAreNoModules() {
        DenseFeedForward expert = DenseFeedForward.gated(64, 160);
        MixtureOfExperts fused = MixtureOfExperts.of(8, 2, expert);
        var apart = fused.toBuilder().modules(true).build();
        PeftMethod lora = PeftMethod.lora(4).targets(LowRank.ALL_LINEAR).build();

        assertThat(ParameterCount.of(withExperts(apart), lora).trainable()
                        - ParameterCount.of(withExperts(fused), lora).trainable())
                .isEqualTo(3 * 8 * 3 * 4 * UP_PROJ);
    }

    private static Architecture withExperts(MixtureOfExperts mixture) {
        var block =
                Block.preNorm(Norm.rms(64), DotProductAttention.builder(64, 4).build(), mixture);
        return Architecture.decoder(
                "experts",
                LayerStack.of(Input.Tokens.of(500, 64), block.times(3), Norm.rms(64)),
                Head.language(64, 500, false));
    }

    @Test
    void probingATiedHeadTrainsTheEmbeddingWithIt() {
        assertThat(ParameterCount.of(model(true), new PeftMethod.LinearProbe()).trainable())
                .isEqualTo(500 * 64);
    }

    @Test
    void freezingATiedEmbeddingFreezesTheHead() {
        PeftMethod frozen = new PeftMethod.FrozenLayers(Set.of(), true, false);

        assertThat(ParameterCount.of(model(true), frozen).trainable())
                .isEqualTo(ParameterCount.of(model(true)).total() - 500 * 64);
        assertThat(ParameterCount.of(model(false), frozen).trainable())
                .isEqualTo(ParameterCount.of(model(false)).total() - 500 * 64);
    }

    @Test
    void everyMethodNamesItsTechnique() {
        assertThat(List.<PeftMethod>of(
                        PeftMethod.FULL,
                        new PeftMethod.FrozenLayers(Set.of(0), false, false),
                        new PeftMethod.NormOnly(),
                        new PeftMethod.LinearProbe(),
                        new PeftMethod.Ia3(Set.of("k_proj"), Set.of()),
                        new PeftMethod.PromptTuning(4),
                        new PeftMethod.PrefixTuning(4)))
                .extracting(PeftMethod::technique)
                .containsExactly(
                        PeftTechnique.OTHER,
                        PeftTechnique.FROZEN_LAYERS,
                        PeftTechnique.NORM_ONLY,
                        PeftTechnique.LINEAR_PROBE,
                        PeftTechnique.IA3,
                        PeftTechnique.PROMPT_TUNING,
                        PeftTechnique.PREFIX_TUNING);
    }
}
