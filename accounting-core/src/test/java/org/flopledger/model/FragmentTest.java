package org.flopledger.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Operation.Role;
import org.junit.jupiter.api.Test;

/** Parts given operation by operation count as the kinds they could be, and shared values count once. */
class FragmentTest {

    private static final DenseFeedForward DENSE = DenseFeedForward.plain(16, 40, true, "up", "down");

    private static Mixer sameAsDense() {
        var builder = Fragment.builder();
        int up = builder.linear("up", 16, 40, true, Fragment.INPUT);
        return Mixer.feedForward(16, builder.build(builder.linear("down", 40, 16, true, up)));
    }

    private static Architecture model(Block... blocks) {
        var stack = LayerStack.of(Input.Tokens.of(100, 16), List.of(blocks), Norm.rms(16));
        return Architecture.decoder("model", stack, Head.language(16, 100, false));
    }

    private static String training(Architecture model) {
        var step = FlopEstimator.of(model, TrainingSetting.FULL).estimate(Batch.of(3, 17));
        return step.forward() + " " + step.backward();
    }

    @Test
    void aFreeMixerEqualsTheKindItSpellsOut() {
        Architecture free = model(Block.preNorm(Norm.rms(16), sameAsDense()));
        Architecture kind = model(Block.preNorm(Norm.rms(16), DENSE));

        assertThat(ParameterCount.of(free)).isEqualTo(ParameterCount.of(kind));
        assertThat(training(free)).isEqualTo(training(kind));
        assertThat(free.operations()).extracting(Operation::role).contains(Role.FEED_FORWARD);
    }

    @Test
    void mixersSideBySideReadOneInputAndAddUp() {
        var both = Mixer.sideBySide(List.of(new SubLayer(null, DENSE, null), new SubLayer(null, sameAsDense(), null)));
        Architecture beside = model(new Block(List.of(new SubLayer(Norm.rms(16), both, null)), false));
        Architecture after = model(Block.preNorm(Norm.rms(16), DENSE, sameAsDense()));

        // One norm less, all else equal.
        assertThat(ParameterCount.of(beside).total())
                .isEqualTo(ParameterCount.of(after).total() - 16);
        assertThat(training(beside)).isEqualTo(training(after));
    }

    @Test
    void aRepeatedBlockCostsItsProductsAndNoParameters() {
        Block block = Block.preNorm(Norm.rms(16), DENSE);
        Architecture once = model(block);
        Architecture shared = model(block, block.again(), block.again());
        Architecture apart = model(block, block, block);

        assertThat(ParameterCount.of(shared)).isEqualTo(ParameterCount.of(once));
        assertThat(training(shared)).isEqualTo(training(apart));
    }

    @Test
    void valuesUsedAgainInsideAFragmentCountOnce() {
        var builder = Fragment.builder();
        int first = builder.linear("square", 16, 16, false, Fragment.INPUT);
        Fragment twice = builder.build(builder.again(first, first));
        Architecture model = model(Block.preNorm(Norm.rms(16), Mixer.feedForward(16, twice)));

        assertThat(model.operations())
                .filteredOn(operation -> operation.path().endsWith("square"))
                .extracting(Operation::repeated)
                .containsExactly(false, true);
        assertThat(ParameterCount.of(model).total()).isEqualTo(2 * 1600 + 2 * 16 + 256);
    }

    @Test
    void anIncludedFragmentReadsThePlaceItIsGiven() {
        var inner = Fragment.builder();
        Fragment square = inner.build(inner.linear("inner", 16, 16, false, Fragment.INPUT));
        var outer = Fragment.builder();
        int first = outer.linear("outer", 16, 16, false, Fragment.INPUT);

        assertThat(outer.build(outer.include(square, first)).nodes().get(1).inputs())
                .containsExactly(0);
    }

    @Test
    void readingWhatComesLaterIsRefused() {
        var builder = Fragment.builder();
        builder.join(Fragment.INPUT, 5);

        assertThatThrownBy(() -> builder.build(0)).hasMessageContaining("place in a fragment is 5, must be from -3 to");
    }

    @Test
    void anIndexerAddsItsMatricesAndChoosesAWindowOfPairs() {
        var dense = new LatentAttention(64, 4, 32, 16, 12, 4, 16, false, Operation.Reach.CAUSAL);
        var sparse = new LatentAttention(
                64, 4, 32, 16, 12, 4, 16, false, Operation.Reach.window(8), new LatentAttention.Indexer(2, 8));
        long without = values(dense);

        // wq_b 32 x 16, wk 64 x 8, a layer norm of 8, weights_proj 64 x 2.
        assertThat(values(sparse)).isEqualTo(without + 32 * 16 + 64 * 8 + 16 + 128);
    }

    private static long values(Mixer mixer) {
        return Architecture.decoder(
                        "m",
                        LayerStack.of(Input.Tokens.of(1, 64), List.of(Block.preNorm(Norm.rms(64), mixer)), null),
                        Head.language(64, 1, true))
                .operations()
                .stream()
                .filter(operation -> operation.role() == Role.ATTENTION)
                .mapToLong(Operation::parameters)
                .sum();
    }
}
