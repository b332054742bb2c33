package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.flopledger.estimation.TrainingSetting.Pass;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.DenseFeedForward;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.Head;
import org.flopledger.model.Input;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Norm;
import org.flopledger.model.Operation.Reach;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.flopledger.model.Recurrence;
import org.junit.jupiter.api.Test;

/** The interval by parameters and tokens holds that of the architecture, whatever the lengths of the sequences. */
class ParameterBoundsPropertiesTest {

    private static final long[] LENGTHS = {1, 2, 127, 128, 1000, 4096, 8192, 32_768, 131_071, 131_072};

    private static Map<String, Architecture> models() {
        Map<String, Architecture> models = new TreeMap<>();
        PublishedModels.runs().forEach((name, run) -> models.put(name, run.architecture()));
        Norm norm = Norm.rms(64);
        List<Reach> reaches = List.of(Reach.window(32), Reach.chunk(50), Reach.CAUSAL, Reach.BIDIRECTIONAL);
        models.put(
                "masks",
                Architecture.decoder(
                        "masks",
                        LayerStack.of(
                                Input.Tokens.of(500, 64),
                                Block.pattern(
                                        reaches.size(),
                                        index -> Block.preNorm(
                                                norm,
                                                DotProductAttention.builder(64, 4)
                                                        .reach(reaches.get(index))
                                                        .build(),
                                                DenseFeedForward.gated(64, 160))),
                                norm),
                        Head.language(64, 500, false)));
        models.put(
                "mamba2",
                Architecture.decoder(
                        "mamba2",
                        LayerStack.of(
                                Input.Tokens.of(500, 64),
                                Block.preNorm(norm, new Recurrence.Mamba2(64, 4, 32, 16, 1, 4, 64, false, true))
                                        .times(2),
                                norm),
                        Head.language(64, 500, true)));
        return models;
    }

    private static List<TrainingSetting> settings() {
        List<TrainingSetting> settings = new ArrayList<>();
        TrainingSetting full = TrainingSetting.FULL;
        for (TrainingSetting.Recomputation recomputation : TrainingSetting.Recomputation.values()) {
            settings.add(full.with(recomputation));
        }
        for (Pass pass : Pass.values()) {
            settings.add(full.with(pass));
            settings.add(full.with(pass).withSourceLength(512));
        }
        settings.add(full.withFusedAttention().with(TrainingSetting.Recomputation.FULL_REENTRANT));
        settings.add(full.with(new PeftMethod.NormOnly()));
        settings.add(full.with(new PeftMethod.LinearProbe()).with(TrainingSetting.Recomputation.UNKNOWN));
        settings.add(full.with(new PeftMethod.FrozenLayers(Set.of(0), true, true)));
        settings.add(full.with(new PeftMethod.PromptTuning(20)));
        settings.add(full.with(new PeftMethod.PrefixTuning(7)).with(Pass.PREFERENCE));
        settings.add(full.with(PeftMethod.lora(8).targets("q_proj", "v_proj").build()));
        settings.add(full.with(PeftMethod.lora(64)
                        .targets("q_proj", "k_proj", "v_proj", "o_proj", "up_proj", "down_proj", "gate_proj")
                        .build())
                .withInputGradient()
                .with(TrainingSetting.Recomputation.FULL));
        return settings;
    }

    @Test
    void holdsTheArchitecturesIntervalForAnyLengths() {
        Random random = new Random(5);
        int compared = 0;
        for (var model : models().entrySet()) {
            for (TrainingSetting setting : settings()) {
                FlopEstimator estimator;
                try {
                    estimator = FlopEstimator.of(model.getValue(), setting);
                } catch (IllegalArgumentException e) {
                    // The method has nothing to train in this model: no such run exists.
                    assertThat(setting.method()).isNotEqualTo(PeftMethod.FULL);
                    continue;
                }
                StepFormula architecture = estimator.formula();
                ParameterCount count = ParameterCount.of(model.getValue(), setting.method());
                StepFormula sixNd =
                        StepFormula.ofParameters(count, setting.pass(), architecture, StepFormula.LONGEST_SEQUENCE);
                for (long length : LENGTHS) {
                    assertHolds(sixNd, architecture, model.getKey() + ", " + setting, length);
                    assertHolds(sixNd, architecture, model.getKey() + ", " + setting, length, length, length);
                    long other = 1 + random.nextInt(131_072);
                    assertHolds(sixNd, architecture, model.getKey() + ", " + setting, length, other);
                }
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(300);
    }

    private static void assertHolds(StepFormula sixNd, StepFormula exact, String as, long... lengths) {
        String what = as + ", lengths " + Arrays.toString(lengths);
        BigInteger low = price(sixNd.low(), lengths);
        BigInteger high = price(sixNd.high(), lengths);
        for (LinearForm form : List.of(exact.low(), exact.model(), exact.executed(), exact.high())) {
            assertThat(price(form, lengths)).as(what).isBetween(low, high);
        }
        assertThat(price(sixNd.model(), lengths)).as(what).isBetween(low, high);
    }

    private static BigInteger price(LinearForm form, long... lengths) {
        BigInteger sum = BigInteger.ZERO;
        for (long length : lengths) {
            BigInteger tokens = BigInteger.valueOf(length);
            sum = sum.add(form.perToken().toBigInteger().multiply(tokens))
                    .add(form.perSequence().toBigInteger())
                    .add(form.perSquaredLength().toBigInteger().multiply(tokens).multiply(tokens));
            for (LinearForm.MaskedPairs masked : form.masks()) {
                sum = sum.add(masked.perPair()
                        .toBigInteger()
                        .multiply(BigInteger.valueOf(masked.mask().pairs(length))));
            }
        }
        return sum;
    }

    /** The published decoders, by their parameters alone: for the lengths at which they were trained, and 128 to 131072. */
    @Test
    void holdsPublishedDecodersOfWhichOnlyParametersAreKnown() {
        for (var run : PublishedModels.runs().entrySet()) {
            Architecture model = run.getValue().architecture();
            if (model.encoder() != null) {
                continue;
            }
            StepFormula exact = FlopEstimator.of(model, TrainingSetting.FULL).formula();
            ParameterCount count = ParameterCount.of(model);
            StepFormula counted = StepFormula.ofParameters(count, Pass.TRAINING, StepFormula.LONGEST_SEQUENCE);
            for (long length : new long[] {128, 2048, 8192, 131_072}) {
                assertThat(price(exact.model(), length))
                        .as(run.getKey() + ", length " + length)
                        .isBetween(price(counted.low(), length), price(counted.high(), length));
            }
        }
    }

    // Llama 3.1 405B at length 8192: 6 N = 2 435 120 332 800 for each token, attention of unknown shape at most 3 N s /
    // h.
    @Test
    void aWorkedNumber() {
        StepFormula formula = StepFormula.ofParameters(405853388800L, 405853388800L, 8192);

        assertThat(formula.low().perToken()).hasToString("2435120332800");
        assertThat(formula.high().perToken()).hasToString("3659255443644");
    }
}
