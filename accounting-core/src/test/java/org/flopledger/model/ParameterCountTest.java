package org.flopledger.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterCountTest {

    private static Architecture llama3With8Billion() {
        var block = Block.preNorm(
                Norm.rms(4096),
                DotProductAttention.builder(4096, 32).keyValueHeads(8).build(),
                DenseFeedForward.gated(4096, 14336));
        var stack = LayerStack.of(Input.Tokens.of(128_256, 4096), block.times(32), Norm.rms(4096));
        return Architecture.decoder("Llama 3 8B", stack, Head.language(4096, 128_256, false));
    }

    @Test
    void llama3With8BillionHasThePublishedCounts() {
        ParameterCount count = ParameterCount.of(llama3With8Billion());

        assertThat(count.total()).isEqualTo(8_030_261_248L);
        assertThat(count.active()).isEqualTo(8_030_261_248L);
        assertThat(count.activeExcludingInputEmbedding()).isEqualTo(7_504_924_672L);
        assertThat(count.activeExcludingEmbeddings()).isEqualTo(6_979_588_096L);
    }

    @Test
    void mixtralWith8ExpertsActivatesTwo() {
        var expert = new DenseFeedForward(
                4096,
                14336,
                true,
                false,
                false,
                new DenseFeedForward.Names("mlp.experts.w1", "mlp.experts.w3", "mlp.experts.w2"));
        var block = Block.preNorm(
                Norm.rms(4096),
                DotProductAttention.builder(4096, 32).keyValueHeads(8).build(),
                MixtureOfExperts.of(8, 2, expert));
        var stack = LayerStack.of(Input.Tokens.of(32_000, 4096), block.times(32), Norm.rms(4096));

        ParameterCount count =
                ParameterCount.of(Architecture.decoder("Mixtral", stack, Head.language(4096, 32_000, false)));

        assertThat(count.total()).isEqualTo(46_702_792_704L);
        assertThat(count.active()).isEqualTo(12_879_925_248L);
        assertThat(count.routedExperts()).isEqualTo(45_097_156_608L);
        assertThat(count.router()).isEqualTo(1_048_576L);
    }

    @Test
    void aTiedHeadCountsOnceAndAsTheHead() {
        var block = Block.preNorm(
                Norm.rms(64), DotProductAttention.builder(64, 4).build(), DenseFeedForward.gated(64, 128));
        var stack = LayerStack.of(Input.Tokens.of(1000, 64), block.times(2), null);

        ParameterCount tied = ParameterCount.of(Architecture.decoder("tied", stack, Head.language(64, 1000, true)));
        ParameterCount untied =
                ParameterCount.of(Architecture.decoder("untied", stack, Head.language(64, 1000, false)));

        assertThat(untied.total() - tied.total()).isEqualTo(64_000);
        assertThat(tied.activeExcludingInputEmbedding()).isEqualTo(tied.total());
        assertThat(tied.activeExcludingEmbeddings()).isEqualTo(untied.activeExcludingEmbeddings());
        assertThat(List.of(tied.outputHead(), untied.outputHead())).containsOnly(64_000L);
    }
}
