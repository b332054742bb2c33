package org.flopledger.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Operation.Reach;
import org.junit.jupiter.api.Test;

/** Values of single blocks, counted by hand; hidden width 64. */
class BlockTest {

    private static final long HEADLESS = 500 * 64;

    private static long values(Block block) {
        var stack = LayerStack.of(Input.Tokens.of(500, 64), block.times(1), null);
        return ParameterCount.of(new Architecture("block", null, stack, List.of(), null))
                        .total()
                - HEADLESS;
    }

    private static long values(Mixer mixer) {
        return values(new Block(List.of(new SubLayer(null, mixer, null)), false));
    }

    private static DotProductAttention.Builder attention() {
        return DotProductAttention.builder(64, 4);
    }

    @Test
    void groupedAndMultiQueryAttentionShareKeysAndValues() {
        assertThat(values(attention().build())).isEqualTo(4 * 64 * 64);
        assertThat(values(attention().keyValueHeads(2).build())).isEqualTo(3 * 64 * 64);
        assertThat(values(attention().keyValueHeads(1).build())).isEqualTo(2 * 64 * 64 + 2 * 64 * 16);
    }

    @Test
    void aHeadNeedNotDivideTheHiddenWidth() {
        assertThat(values(attention().headWidth(40).build())).isEqualTo(4 * 64 * 160);
    }

    @Test
    void aGatedOutputAddsAProjectionOfTheQueriesWidth() {
        assertThat(values(attention().gate(DotProductAttention.Gate.IN_QUERY).build()))
                .isEqualTo(5 * 64 * 64);
    }

    @Test
    void biasesNormsAndSinksAddTheirValues() {
        long bare = values(attention().build());

        assertThat(values(attention().queryKeyValueBias(true).outputBias(true).build()))
                .isEqualTo(bare + 4 * 64);
        assertThat(values(attention().biases(true, false, true).build())).isEqualTo(bare + 2 * 64);
        assertThat(values(attention().norms(Norm.rms(16), Norm.layer(16)).build()))
                .isEqualTo(bare + 16 + 32);
        assertThat(values(attention().extraParameters(4).build())).isEqualTo(bare + 4);
    }

    @Test
    void aFusedProjectionHasAsManyValuesAsThreeApart() {
        var fused = attention()
                .keyValueHeads(2)
                .queryKeyValueBias(true)
                .names(DotProductAttention.Names.fused("attn.qkv", "attn.out"))
                .build();

        assertThat(values(fused))
                .isEqualTo(values(
                        attention().keyValueHeads(2).queryKeyValueBias(true).build()));
    }

    @Test
    void aReachChangesNoValue() {
        assertThat(List.of(Reach.BIDIRECTIONAL, Reach.window(7), Reach.chunk(7)))
                .allSatisfy(reach -> assertThat(values(attention().reach(reach).build()))
                        .isEqualTo(values(attention().build())));
    }

    @Test
    void latentAttentionHasARankForQueriesOrNone() {
        long shared = 64 * (24 + 8) + 24 + 24 * 4 * (16 + 20) + 4 * 20 * 64;

        assertThat(values(new LatentAttention(64, 4, 0, 24, 16, 8, 20, false, Reach.CAUSAL)))
                .isEqualTo(shared + 64 * 4 * 24);
        assertThat(values(new LatentAttention(64, 4, 12, 24, 16, 8, 20, false, Reach.CAUSAL)))
                .isEqualTo(shared + 64 * 12 + 12 + 12 * 4 * 24);
    }

    @Test
    void latentExpertsAreNarrowAndSurroundedByTwoProjections() {
        MixtureOfExperts experts = MixtureOfExperts.of(8, 2, DenseFeedForward.plain(16, 40, false, "up", "down"))
                .behindLatent(64)
                .withShared(DenseFeedForward.plain(64, 80, false, "up", "down"), false);

        assertThat(values(experts)).isEqualTo(8 * 2 * 16 * 40 + 2 * 64 * 16 + 64 * 8 + 2 * 64 * 80);
    }

    @Test
    void sharedExpertsMayHaveAGateAndRoutersABias() {
        MixtureOfExperts experts = MixtureOfExperts.of(8, 2, DenseFeedForward.gated(64, 40));
        long bare = 8 * 3 * 64 * 40 + 64 * 8;

        assertThat(values(experts)).isEqualTo(bare);
        assertThat(values(experts.withRouter(new MixtureOfExperts.Router(true, false, 0))))
                .isEqualTo(bare + 8);
        assertThat(values(experts.withShared(DenseFeedForward.gated(64, 80), true)))
                .isEqualTo(bare + 3 * 64 * 80 + 64);
    }

    @Test
    void aFusedGateHasAsManyValuesAsTwoApart() {
        var names = new DenseFeedForward.Names("mlp.gate_up_proj", "mlp.gate_up_proj", "mlp.down_proj");

        assertThat(values(new DenseFeedForward(64, 160, true, true, true, names)))
                .isEqualTo(3 * 64 * 160 + 2 * 160 + 64);
    }

    @Test
    void parallelSubLayersShareANormOrHaveTheirOwn() {
        var attention = attention().build();
        var feedForward = DenseFeedForward.gated(64, 160);
        Norm norm = Norm.layer(64);
        long bare = values(attention) + values(feedForward);

        assertThat(values(new Block(
                        List.of(new SubLayer(norm, attention, null), new SubLayer(null, feedForward, null)), true)))
                .isEqualTo(bare + 128);
        assertThat(values(new Block(
                        List.of(new SubLayer(norm, attention, null), new SubLayer(norm, feedForward, null)), true)))
                .isEqualTo(bare + 256);
        assertThat(values(Block.postNorm(norm, attention, feedForward))).isEqualTo(bare + 256);
    }

    @Test
    void recurrentLayersHaveTheValuesOfTheirPapers() {
        assertThat(values(new Recurrence.Mamba(64, 128, 16, 4, 8, false, true, false)))
                .isEqualTo(64 * 256 + 128 * 5 + 128 * (8 + 32) + 8 * 128 + 128 + 128 * 16 + 128 + 128 * 64);
        assertThat(values(new Recurrence.Mamba2(64, 4, 32, 16, 1, 4, 64, false, true)))
                .isEqualTo(64 * (2 * 128 + 2 * 16 + 4) + (128 + 32) * 5 + 3 * 4 + 128 + 128 * 64);
        assertThat(values(new Recurrence.GatedDelta(64, 2, 4, 8, 8, 4)))
                .isEqualTo(64 * (2 * 16 + 2 * 32) + 64 * 8 + (2 * 16 + 32) * 4 + 2 * 4 + 8 + 32 * 64);
        assertThat(values(new Recurrence.Lightning(64, 4, 16, 32))).isEqualTo(5 * 64 * 64 + 64);
    }
}
