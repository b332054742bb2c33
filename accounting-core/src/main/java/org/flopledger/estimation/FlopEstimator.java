package org.flopledger.estimation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.flopledger.estimation.GradientWalk.Band;
import org.flopledger.model.Architecture;
import org.flopledger.model.LayerStack;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.StateProduct;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/**
 * The FLOP of one described model in one training setting: for a batch, exact; or as a formula of a step's sums.
 *
 * <p>Immutable and thread-safe. The first figure under a convention walks the operations of the model; every further batch
 * takes a handful of multiplications for each length it holds.
 */
public final class FlopEstimator {

    private final String name;
    private final TrainingSetting setting;
    private final List<Operation> operations;
    private final ParameterCount parameters;
    private final long fixedLength;
    private final boolean encoder;
    private final long sourceLength;
    private final Map<WorkKey, SettingWork> works = new ConcurrentHashMap<>();

    private FlopEstimator(Architecture architecture, TrainingSetting setting) {
        LayerStack source = architecture.encoder();
        this.name = architecture.name();
        this.setting = setting;
        this.operations = architecture.operations();
        this.parameters = ParameterCount.of(architecture, setting.method());
        this.fixedLength = architecture.main().input().fixedLength();
        this.encoder = source != null;
        long fixedSource = source == null ? 0 : source.input().fixedLength();
        this.sourceLength = fixedSource > 0 ? fixedSource : setting.sourceLength();
    }

    private FlopEstimator(String name, List<Operation> operations, TrainingSetting setting) {
        this.name = name;
        this.setting = setting;
        this.operations = List.copyOf(operations);
        this.parameters = ParameterCount.ofOperations(name, operations, setting.method());
        this.fixedLength = 0;
        this.encoder = false;
        this.sourceLength = 0;
    }

    /**
     * Returns the estimator of a model in a setting.
     *
     * @throws IllegalArgumentException if the training method fits nothing in the model
     */
    public static FlopEstimator of(Architecture architecture, TrainingSetting setting) {
        return new FlopEstimator(architecture, setting);
    }

    /**
     * Returns the estimator of a model that is given by its operations, because it is no stack of blocks: a convolutional
     * network, a diffusion transformer.
     *
     * @throws IllegalArgumentException if the training method fits nothing in the model
     */
    public static FlopEstimator ofOperations(String name, List<Operation> operations, TrainingSetting setting) {
        return new FlopEstimator(name, operations, setting);
    }

    /** Returns the exact figure of a batch: each layer by its own mask. */
    public StepEstimate estimate(Batch batch) {
        return estimate(batch, Convention.EXACT);
    }

    /**
     * Returns the figure of a batch under a convention.
     *
     * @throws IllegalArgumentException if the batch does not fit the model: no encoder length for an encoder-decoder, another
     *     length than the model's only one
     */
    public StepEstimate estimate(Batch batch, Convention convention) {
        Batch seen = fit(batch).behind(setting.method().virtualTokens());
        FourParts parts = convention.countsOperations()
                ? FourParts.of(work(convention, Band.BEST, setting.recomputation()), seen, convention.pairs())
                : ParameterFormula.parts(convention, parameters, attention(convention), seen, setting);
        return new StepEstimate(
                FlopCount.of(parts.forward()),
                FlopCount.of(parts.backward()),
                FlopCount.of(parts.reference()),
                FlopCount.of(parts.recomputed()),
                bounds(parts, seen),
                convention,
                unknown());
    }

    /**
     * Returns what it costs to generate answers: a prefill of each prompt and a decoding step for each token of the answer but
     * the last, which nothing reads.
     *
     * @param prompts prompts, at least 1
     * @param samples answers to each prompt, at least 1
     * @param promptLength tokens of a prompt, at least 1
     * @param answerLength tokens of an answer, at least 1
     * @param sharedPrefix whether the answers to one prompt share its prefill (prefix caching)
     */
    public FlopCount generation(
            long prompts, long samples, long promptLength, long answerLength, boolean sharedPrefix) {
        return generation(prompts, samples, promptLength, answerLength, sharedPrefix, Convention.EXACT);
    }

    /**
     * Returns what it costs to generate answers under a convention; a decoding step scores exactly the positions before it in
     * every one.
     */
    FlopCount generation(
            long prompts,
            long samples,
            long promptLength,
            long answerLength,
            boolean sharedPrefix,
            Convention convention) {
        long answers = Math.multiplyExact(prompts, samples);
        long read = Math.addExact(promptLength, answerLength - 1);
        long prefills = sharedPrefix ? prompts : answers;
        FlopCount all = forward(new Batch.Group(answers, read, 0, answerLength), Convention.EXACT);
        FlopCount exactPrefills = forward(new Batch.Group(answers, promptLength, 0, 0), Convention.EXACT);
        return all.minus(exactPrefills).plus(forward(new Batch.Group(prefills, promptLength, 0, 0), convention));
    }

    private FlopCount forward(Batch.Group group, Convention convention) {
        return estimate(new Batch(List.of(group), 1), convention).forward();
    }

    /** Returns the cost of each block and of what lies around them, in order; parts add up to the whole model FLOP. */
    public List<Share> shares(Batch batch, Convention convention) {
        Batch seen = fit(batch).behind(setting.method().virtualTokens());
        List<OperationWork> walked = GradientWalk.walk(operations, seenBy(convention), convention, Band.BEST);
        IdentityHashMap<OperationWork.Cost, Share> known = new IdentityHashMap<>();
        List<Share> shares = new ArrayList<>();
        for (OperationWork work : walked) {
            Share share = known.computeIfAbsent(work.cost(), cost -> share(work.operation(), cost, seen, convention));
            if (!share.forward().isZero()) {
                shares.add(new Share(work.operation(), share.forward(), share.backward()));
            }
        }
        return shares;
    }

    private static Share share(Operation operation, OperationWork.Cost cost, Batch seen, Convention convention) {
        return new Share(
                operation,
                FlopCount.of(cost.forward().of(seen, convention.pairs())),
                FlopCount.of(cost.backward().of(seen, convention.pairs())));
    }

    /**
     * What one operation costs.
     *
     * @param operation the operation
     * @param forward its forward products
     * @param backward its products in the backward pass
     */
    public record Share(Operation operation, FlopCount forward, FlopCount backward) {}

    /**
     * Returns the cost as exact linear forms of tokens, sequences, squared lengths and scored pairs.
     *
     * <p>For an encoder-decoder the encoder's length comes from the model (fixed inputs) or the setting; without either, the
     * figure assumes that source and target are equally long and share the step's tokens, and the bounds assume nothing.
     *
     * @throws IllegalArgumentException if a coefficient is above 2^127 - 1
     */
    public StepFormula formula() {
        var forms = new Forms(sourceLength, encoder, setting.method().virtualTokens());
        TrainingSetting.Recomputation most = setting.recomputation() == TrainingSetting.Recomputation.UNKNOWN
                ? TrainingSetting.Recomputation.FULL_REENTRANT
                : setting.recomputation();
        try {
            return new StepFormula(
                    CountingMethod.ARCHITECTURE,
                    forms.low(work(Convention.EXACT, Band.LOW, TrainingSetting.Recomputation.NONE)
                            .model()),
                    forms.best(work(Convention.EXACT, Band.BEST, TrainingSetting.Recomputation.NONE)
                            .model()),
                    forms.best(work(Convention.EXACT, Band.BEST, setting.recomputation())
                            .executed()),
                    forms.high(work(Convention.EXACT, Band.HIGH, most).executed()));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "FLOP for each token of " + name + " are above 2^127 - 1, must be fewer", e);
        }
    }

    private SettingWork work(Convention convention, Band band, TrainingSetting.Recomputation recomputation) {
        return works.computeIfAbsent(
                new WorkKey(convention, band, recomputation),
                key -> SettingWork.of(operations, seenBy(convention).with(recomputation), convention, band));
    }

    private TrainingSetting seenBy(Convention convention) {
        return convention.seesTrainedParts() ? setting : setting.with(PeftMethod.FULL);
    }

    private record WorkKey(Convention convention, Band band, TrainingSetting.Recomputation recomputation) {}

    private Work attention(Convention convention) {
        var attention = new Work();
        for (OperationWork work : GradientWalk.walk(operations, TrainingSetting.FULL, convention, Band.BEST)) {
            attention.add(work.cost().core());
        }
        return attention;
    }

    private FlopBounds bounds(FourParts parts, Batch seen) {
        BigInteger best = parts.model();
        BigInteger low = FourParts.of(
                        work(Convention.EXACT, Band.LOW, TrainingSetting.Recomputation.NONE),
                        seen,
                        AttentionPairs.EXACT)
                .model();
        TrainingSetting.Recomputation most = setting.recomputation() == TrainingSetting.Recomputation.UNKNOWN
                ? TrainingSetting.Recomputation.FULL_REENTRANT
                : setting.recomputation();
        BigInteger high = FourParts.of(work(Convention.EXACT, Band.HIGH, most), seen, AttentionPairs.FULL)
                .executed();
        return new FlopBounds(
                FlopCount.of(low.min(best)),
                FlopCount.of(best),
                FlopCount.of(high.max(best).max(parts.executed())));
    }

    private List<String> unknown() {
        List<String> unknown = new ArrayList<>();
        if (operations.stream()
                .anyMatch(operation -> operation.kind() instanceof StateProduct state && state.low() != state.high())) {
            unknown.add("what the recurrent scan costs depends on the implementation: a named estimate with a band");
        }
        if (setting.recomputation() == TrainingSetting.Recomputation.UNKNOWN) {
            unknown.add("recomputation is not known: none in the figure, complete in the upper bound");
        }
        return unknown;
    }

    private Batch fit(Batch batch) {
        Batch fitted = batch;
        if (sourceLength > 0 && batch.groups().stream().allMatch(group -> group.sourceLength() == 0)) {
            fitted = batch.withSource(sourceLength);
        }
        for (Batch.Group group : fitted.groups()) {
            if (fixedLength > 0 && group.length() != fixedLength) {
                throw new IllegalArgumentException("sequence length is " + group.length() + ", must be " + fixedLength
                        + ", the only length of " + name);
            }
            if (encoder && group.sourceLength() == 0) {
                throw new IllegalArgumentException("source length is 0, must be >= 1 for the encoder of " + name);
            }
        }
        return fitted;
    }
}
