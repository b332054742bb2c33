package org.flopledger.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts named by words of their paths, in a decoder of 12 layers: width 8, inner width 16, vocabulary 50. */
class SelectedPartsTest {

    private static final long ATTENTION = 4 * 8 * 8;
    private static final long FEED_FORWARD = 3 * 8 * 16;

    private static Architecture model(boolean tied) {
        var block =
                Block.preNorm(Norm.layer(8), DotProductAttention.builder(8, 2).build(), DenseFeedForward.gated(8, 16));
        return Architecture.decoder(
                "model",
                LayerStack.of(Input.Tokens.of(50, 8), block.times(12), Norm.rms(8)),
                Head.language(8, 50, tied));
    }

    private static long trainable(PeftMethod method) {
        return ParameterCount.of(model(false), method).trainable();
    }

    @ParameterizedTest
    @CsvSource({
        "embed_tokens, 400",
        "lm_head, 400",
        "layers.1, 672",
        "layers.0-1, 1344",
        "layers.10-99, 1344",
        "layers.*.self_attn, 3072",
        "self_attn.q_proj, 768",
        "model.layers.3.mlp.up_proj, 128",
    })
    void partsAreNamedByNeighbouringWords(String name, long values) {
        assertThat(trainable(PeftMethod.trainingOnly(name))).isEqualTo(values);
        assertThat(trainable(PeftMethod.freezing(name)))
                .isEqualTo(ParameterCount.of(model(false)).total() - values);
        assertThat(ATTENTION + FEED_FORWARD + 2 * 16).isEqualTo(672);
    }

    @Test
    void aTiedMatrixGoesWithEitherName() {
        assertThat(ParameterCount.of(model(true), PeftMethod.trainingOnly("lm_head"))
                        .trainable())
                .isEqualTo(400);
        assertThat(ParameterCount.of(model(true), PeftMethod.trainingOnly("embed_tokens"))
                        .trainable())
                .isEqualTo(400);
    }

    @Test
    void biasesAloneAreThoseOfNormsAndMatrices() {
        assertThat(trainable(new PeftMethod.BiasOnly())).isEqualTo(12 * 2 * 8);
    }

    @Test
    void aNameThatMatchesNothingIsAnError() {
        assertThatThrownBy(() -> trainable(PeftMethod.freezing("layers.0", "vision_tower")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("part 'vision_tower' matches nothing in the model");
        assertThatThrownBy(() -> trainable(PeftMethod.freezing("layers.12"))).hasMessageContaining("layers.12");
    }
}
