package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LatentAttention;
import org.flopledger.model.LayerStack;
import org.flopledger.model.LowRank;
import org.flopledger.model.Mixer;
import org.flopledger.model.MixtureOfExperts;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.FlopCount;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Laws that hold for any model and batch. Each repetition is seeded with its number, which a failure prints. */
class EstimationPropertiesTest {

    private static final int REPETITIONS = 60;

    /** Random dimensions of a small decoder. */
    private record Shape(
            long hidden,
            long heads,
            long keyValueHeads,
            long width,
            long inner,
            long layers,
            long vocabulary,
            boolean tied) {

        static Shape of(Random random) {
            long keyValueHeads = 1 + random.nextInt(4);
            return new Shape(
                    8 * (1 + random.nextInt(20)),
                    keyValueHeads * (1 + random.nextInt(4)),
                    keyValueHeads,
                    8 * (1 + random.nextInt(8)),
                    8 * (1 + random.nextInt(40)),
                    1 + random.nextInt(5),
                    50 + random.nextInt(1000),
                    random.nextBoolean());
        }

        DotProductAttention attention(Reach reach) {
            return DotProductAttention.builder(hidden, heads)
                    .keyValueHeads(keyValueHeads)
                    .headWidth(width)
                    .reach(reach)
                    .build();
        }

        Architecture with(Mixer attention, Mixer feedForward) {
            var block = Block.preNorm(Norm.rms(hidden), attention, feedForward);
            return Architecture.decoder(
                    toString(),
                    LayerStack.of(Input.Tokens.of(vocabulary, hidden), block.times(layers), Norm.rms(hidden)),
                    Head.language(hidden, vocabulary, tied));
        }

        Architecture dense(Reach reach) {
            return with(attention(reach), DenseFeedForward.gated(hidden, inner));
        }

        MixtureOfExperts experts(long experts, long active) {
            return MixtureOfExperts.of(experts, active, DenseFeedForward.gated(hidden, inner));
        }
    }

    private static Reach reach(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Reach.BIDIRECTIONAL;
            case 1 -> Reach.window(1 + random.nextInt(60));
            case 2 -> Reach.chunk(1 + random.nextInt(60));
            default -> Reach.CAUSAL;
        };
    }

    private static Architecture model(Random random) {
        Shape shape = Shape.of(random);
        Mixer attention = random.nextInt(4) == 0
                ? new LatentAttention(
                        shape.hidden, shape.heads, random.nextBoolean() ? 0 : 16, 24, 16, 8, 16, false, reach(random))
                : shape.attention(reach(random));
        Mixer feedForward = random.nextBoolean()
                ? shape.experts(8, 1 + random.nextInt(8))
                : DenseFeedForward.gated(shape.hidden, shape.inner);
        return shape.with(attention, feedForward);
    }

    private static long[] lengths(Random random) {
        return LongStream.generate(() -> 1 + random.nextInt(200))
                .limit(1 + random.nextInt(8))
                .toArray();
    }

    private static FlopCount model(Architecture architecture, Batch batch, Convention convention) {
        return FlopEstimator.of(architecture, TrainingSetting.FULL)
                .estimate(batch, convention)
                .model();
    }

    private static FlopCount exact(Architecture architecture, TrainingSetting setting, Batch batch) {
        return FlopEstimator.of(architecture, setting).estimate(batch).model();
    }

    private static FlopCount exact(Architecture architecture, Batch batch) {
        return exact(architecture, TrainingSetting.FULL, batch);
    }

    private static String seed(RepetitionInfo info) {
        return "seed " + info.getCurrentRepetition();
    }

    private static Random random(RepetitionInfo info) {
        return new Random(info.getCurrentRepetition());
    }

    @RepeatedTest(REPETITIONS)
    void sequencesAndMicroBatchesAddUp(RepetitionInfo info) {
        Random random = random(info);
        Architecture architecture = model(random);
        long[] lengths = lengths(random);

        FlopCount sum = LongStream.of(lengths)
                .mapToObj(length -> exact(architecture, Batch.of(1, length)))
                .reduce(FlopCount.ZERO, FlopCount::plus);

        assertThat(exact(architecture, Batch.ofLengths(lengths))).as(seed(info)).isEqualTo(sum);
        long[] others = lengths(random);
        assertThat(exact(architecture, Batch.ofLengths(lengths).plus(Batch.ofLengths(others))))
                .as(seed(info))
                .isEqualTo(sum.plus(exact(architecture, Batch.ofLengths(others))));
    }

    @RepeatedTest(REPETITIONS)
    void aLargerDimensionNeverCostsLess(RepetitionInfo info) {
        Random random = random(info);
        Shape s = Shape.of(random);
        Batch batch = Batch.ofLengths(lengths(random));
        Reach reach = reach(random);
        List<Shape> larger = List.of(
                new Shape(s.hidden + 8, s.heads, s.keyValueHeads, s.width, s.inner, s.layers, s.vocabulary, s.tied),
                new Shape(s.hidden, 2 * s.heads, s.keyValueHeads, s.width, s.inner, s.layers, s.vocabulary, s.tied),
                new Shape(s.hidden, s.heads, s.heads, s.width, s.inner, s.layers, s.vocabulary, s.tied),
                new Shape(s.hidden, s.heads, s.keyValueHeads, s.width + 8, s.inner, s.layers, s.vocabulary, s.tied),
                new Shape(s.hidden, s.heads, s.keyValueHeads, s.width, s.inner + 1, s.layers, s.vocabulary, s.tied),
                new Shape(s.hidden, s.heads, s.keyValueHeads, s.width, s.inner, s.layers + 1, s.vocabulary, s.tied),
                new Shape(s.hidden, s.heads, s.keyValueHeads, s.width, s.inner, s.layers, s.vocabulary + 1, s.tied));

        assertThat(larger)
                .as(seed(info))
                .allSatisfy(shape -> assertThat(exact(shape.dense(reach), batch))
                        .isGreaterThanOrEqualTo(exact(s.dense(reach), batch)));
    }

    @RepeatedTest(REPETITIONS)
    void packedDocumentsCostAtMostPaddedOnes(RepetitionInfo info) {
        Random random = random(info);
        Architecture architecture = model(random);
        long[] lengths = lengths(random);
        long longest = LongStream.of(lengths).max().orElseThrow();

        assertThat(exact(architecture, Batch.ofLengths(lengths)))
                .as(seed(info))
                .isLessThanOrEqualTo(exact(architecture, Batch.of(lengths.length, longest)));
    }

    @RepeatedTest(REPETITIONS)
    void exactIsAtMostHalfAndALinearTermAndThatAtMostFull(RepetitionInfo info) {
        Random random = random(info);
        Shape shape = Shape.of(random);
        Architecture architecture = shape.dense(random.nextBoolean() ? Reach.CAUSAL : reach(random));
        Batch batch = Batch.ofLengths(lengths(random));
        // s(s+1)/2 = s^2/2 + s/2: half a token's worth of pairs more in each layer, for three passes of two products.
        FlopCount linear = FlopCount.of(
                batch.tokens().multiply(BigInteger.valueOf(3 * 2 * shape.layers * shape.heads * shape.width)));

        FlopCount exact = model(architecture, batch, Convention.EXACT);
        FlopCount half = model(architecture, batch, Convention.HALF_SQUARE);
        FlopCount full = model(architecture, batch, Convention.FULL_SQUARE);

        assertThat(exact).as(seed(info)).isLessThanOrEqualTo(half.plus(linear));
        assertThat(exact).as(seed(info)).isLessThanOrEqualTo(full);
        assertThat(half).as(seed(info)).isLessThanOrEqualTo(full);
    }

    @RepeatedTest(REPETITIONS)
    void frozenIsAtMostLoraAndThatAtMostFullTraining(RepetitionInfo info) {
        Random random = random(info);
        Architecture architecture = Shape.of(random).dense(reach(random));
        Batch batch = Batch.ofLengths(lengths(random));
        PeftMethod lora = PeftMethod.lora(1).targets(LowRank.ALL_LINEAR).build();

        FlopCount frozen = exact(architecture, TrainingSetting.FORWARD_ONLY, batch);
        FlopCount adapted = exact(architecture, TrainingSetting.FULL.with(lora), batch);

        assertThat(frozen).as(seed(info)).isLessThan(adapted);
        assertThat(adapted).as(seed(info)).isLessThan(exact(architecture, batch));
    }

    @RepeatedTest(REPETITIONS)
    void freezingMoreLayersNeverCostsMore(RepetitionInfo info) {
        Random random = random(info);
        Architecture architecture = model(random);
        Batch batch = Batch.ofLengths(lengths(random));
        FlopCount before = exact(architecture, batch);
        for (int layers = 1; layers <= architecture.main().blocks().size(); layers++) {
            Set<Integer> frozen = Set.copyOf(IntStream.range(0, layers).boxed().toList());
            FlopCount now = exact(
                    architecture, TrainingSetting.FULL.with(new PeftMethod.FrozenLayers(frozen, true, false)), batch);
            assertThat(now).as(seed(info) + ", " + layers + " layers").isLessThanOrEqualTo(before);
            before = now;
        }
    }

    @RepeatedTest(REPETITIONS)
    void sendingTokensToEveryExpertCostsADenseLayerAndTheRouter(RepetitionInfo info) {
        Random random = random(info);
        Shape shape = Shape.of(random);
        long experts = 1 + random.nextInt(16);
        Batch batch = Batch.ofLengths(lengths(random));
        Architecture all = shape.with(shape.attention(Reach.CAUSAL), shape.experts(experts, experts));
        Architecture dense =
                shape.with(shape.attention(Reach.CAUSAL), DenseFeedForward.gated(shape.hidden, experts * shape.inner));
        FlopCount routers =
                FlopCount.of(batch.tokens().multiply(BigInteger.valueOf(6 * shape.layers * shape.hidden * experts)));

        assertThat(exact(all, batch))
                .as(seed(info))
                .isEqualTo(exact(dense, batch).plus(routers));
        assertThat(ParameterCount.of(all).active())
                .as(seed(info))
                .isEqualTo(ParameterCount.of(all).total());
    }

    @RepeatedTest(REPETITIONS)
    void aWindowOrChunkAsLongAsTheSequenceIsCausal(RepetitionInfo info) {
        Random random = random(info);
        Shape shape = Shape.of(random);
        long[] lengths = lengths(random);
        long longest = LongStream.of(lengths).max().orElseThrow();
        Batch batch = Batch.ofLengths(lengths);

        FlopCount causal = exact(shape.dense(Reach.CAUSAL), batch);

        assertThat(List.of(
                        exact(shape.dense(Reach.window(longest)), batch),
                        exact(shape.dense(Reach.window(longest + random.nextInt(50))), batch),
                        exact(shape.dense(Reach.chunk(longest)), batch)))
                .as(seed(info))
                .containsOnly(causal);
    }

    @RepeatedTest(REPETITIONS)
    void noFurtherDepthOfPredictionIsTheSameModel(RepetitionInfo info) {
        Random random = random(info);
        Architecture architecture = model(random);
        Block block = architecture.main().blocks().get(0);
        Norm norm = Norm.rms(block.hidden());

        assertThat(architecture.withMultiTokenPrediction(0, block, norm))
                .as(seed(info))
                .isEqualTo(architecture);
        assertThat(exact(architecture.withMultiTokenPrediction(1, block, norm), Batch.of(2, 50)))
                .as(seed(info))
                .isGreaterThan(exact(architecture, Batch.of(2, 50)));
    }

    @RepeatedTest(REPETITIONS)
    void recomputationAddsExecutedAndNeverModelFlop(RepetitionInfo info) {
        Random random = random(info);
        Architecture architecture = model(random);
        Batch batch = Batch.ofLengths(lengths(random));

        List<StepEstimate> estimates = List.of(
                        TrainingSetting.Recomputation.NONE,
                        TrainingSetting.Recomputation.SELECTIVE,
                        TrainingSetting.Recomputation.FULL,
                        TrainingSetting.Recomputation.FULL_REENTRANT)
                .stream()
                .map(TrainingSetting.FULL::with)
                .map(setting -> FlopEstimator.of(architecture, setting).estimate(batch))
                .toList();

        assertThat(estimates).extracting(StepEstimate::model).as(seed(info)).containsOnly(exact(architecture, batch));
        assertThat(estimates.get(0).executed())
                .as(seed(info))
                .isEqualTo(estimates.get(0).model());
        assertThat(estimates.get(1).executed())
                .as(seed(info))
                .isLessThan(estimates.get(3).executed());
        assertThat(estimates.get(2).executed())
                .as(seed(info))
                .isLessThanOrEqualTo(estimates.get(3).executed());
        assertThat(estimates.get(3).executed())
                .as(seed(info))
                .isLessThan(FlopCount.of(batch.tokens())
                        .plus(estimates.get(0).forward().times(4)));
    }

    @RepeatedTest(REPETITIONS)
    void theBoundsHoldTheFigureOfEveryAttentionConvention(RepetitionInfo info) {
        Random random = random(info);
        Architecture architecture = model(random);
        var estimator =
                FlopEstimator.of(architecture, TrainingSetting.FULL.with(TrainingSetting.Recomputation.UNKNOWN));
        Batch batch = Batch.ofLengths(lengths(random));

        for (Convention convention : Convention.values()) {
            StepEstimate estimate = estimator.estimate(batch, convention);
            assertThat(estimate.bounds().best()).as(seed(info)).isEqualTo(estimate.model());
        }
        StepFormula formula = estimator.formula();
        assertThat(formula.low().perToken())
                .as(seed(info))
                .isLessThanOrEqualTo(formula.model().perToken());
        assertThat(formula.model().perToken())
                .as(seed(info))
                .isLessThanOrEqualTo(formula.executed().perToken());
        assertThat(estimator.estimate(batch).bounds().high())
                .as(seed(info))
                .isGreaterThan(estimator.estimate(batch, Convention.FULL_SQUARE).model());
    }
}
