package org.flopledger.logs;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.Batch.Group;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.LinearForm.MaskedPairs;
import org.flopledger.estimation.StepFormula;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.model.Architecture;
import org.flopledger.model.DotProductAttention;
import org.flopledger.model.LatentAttention;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Makes the formula of a run's work, as wide as what its files leave open. Immutable; every {@code with} returns a changed copy.
 *
 * <p>The figure to quote is what most likely ran: with the recomputation that the files tell of, and attention as kernels compute
 * it, which skip whole tiles of a causal square and nothing within one. The least is that of the least that may have been
 * trained, the most that of the most that may have run, with sequences as unequal and as padded as they may have been.
 */
public final class WorkPricing {

    /**
     * How much the mean of squared lengths may exceed the square of the mean where nothing says that lengths are equal: that of a
     * log-normal distribution of which the logarithm deviates by 1.18, wider than of any text collection we know.
     */
    public static final long SPREAD = 4;

    /** Positions of a tile of attention kernels (FlashAttention-2, cuDNN): up to this length the whole square is computed. */
    static final long TILE = 128;

    private final Architecture architecture;
    private final TrainingSetting likely;
    private final TrainingSetting least;
    private final TrainingSetting most;
    private final Lengths lengths;
    private final boolean headless;

    private WorkPricing(
            Architecture architecture,
            TrainingSetting likely,
            TrainingSetting least,
            TrainingSetting most,
            Lengths lengths,
            boolean headless) {
        this.architecture = architecture;
        this.likely = likely;
        this.least = least;
        this.most = most;
        this.lengths = lengths;
        this.headless = headless;
    }

    /**
     * How sequences may differ from their mean.
     *
     * @param equal whether all are known to be of one length
     * @param mean the mean length, at least 1
     * @param longest tokens of the longest one, or null if nothing bounds it
     * @param padding tokens that each may have been longer than what was counted, on the average
     */
    public record Lengths(
            boolean equal, long mean, @Nullable Long longest, long padding) {

        /** Returns whether the usual sequence lies within one tile of an attention kernel. */
        boolean isShort() {
            return mean <= TILE;
        }

        /** Returns the word for the way in which such lengths are priced; a run's mean may change as it goes on. */
        public String variant() {
            return isShort() ? "short sequences" : "";
        }
    }

    /** Returns the pricing of work whose setting is known. */
    public static WorkPricing of(Architecture architecture, TrainingSetting setting, Lengths lengths) {
        return new WorkPricing(architecture, setting, setting, setting, lengths, false);
    }

    /** Returns this pricing where as little as this may have been done. */
    public WorkPricing withLeast(TrainingSetting setting) {
        return new WorkPricing(architecture, likely, setting, most, lengths, headless);
    }

    /** Returns this pricing where as much as this may have been done. */
    public WorkPricing withMost(TrainingSetting setting) {
        return new WorkPricing(architecture, likely, least, setting, lengths, headless);
    }

    /** Returns this pricing of positions whose output nobody asked for, such as prompts. */
    public WorkPricing withoutHead() {
        return new WorkPricing(architecture, likely, least, most, lengths, true);
    }

    /** Returns the formula. */
    public StepFormula formula() {
        StepFormula best = formula(likely);
        LinearForm ran = lengths.isShort() ? formula(told(likely)).high() : best.executed();
        LinearForm high = withAngles(combined(best.high(), formula(most).high(), BigInteger::max));
        return new StepFormula(
                CountingMethod.ARCHITECTURE,
                combined(best.low(), formula(least).low(), BigInteger::min),
                ran,
                ran,
                lengths.equal() && lengths.padding() == 0 ? high : widened(high));
    }

    /** What is not known to have been computed again was not. */
    private static TrainingSetting told(TrainingSetting setting) {
        return setting.recomputation() == TrainingSetting.Recomputation.UNKNOWN
                ? setting.with(TrainingSetting.Recomputation.NONE)
                : setting;
    }

    /** The angles of rotary positions are an outer product, once a forward pass, which counters see and no formula has. */
    private LinearForm withAngles(LinearForm form) {
        FlopCount token = form.perToken().plus(FlopCount.of(widestHead()));
        return new LinearForm(token, form.perSequence(), form.perSquaredLength(), form.masks());
    }

    private long widestHead() {
        return architecture.main().blocks().stream()
                .flatMap(block -> block.subLayers().stream())
                .mapToLong(layer -> layer.mixer() instanceof DotProductAttention attention
                        ? attention.keyWidth()
                        : layer.mixer() instanceof LatentAttention attention ? attention.rotaryWidth() : 0)
                .max()
                .orElse(0);
    }

    /** Returns the formula of work that may not have been done at all. */
    public StepFormula perhaps() {
        return withLow(LinearForm.ZERO);
    }

    /** Returns the formula of work in which the output of few positions may have been computed, such as those of answers. */
    StepFormula perhapsHeadless() {
        return withLow(withoutHead().formula().low());
    }

    /**
     * Returns the formula of answers that are written token by token: the last token of each is never read again.
     *
     * @param leastMean the least mean length of the answers of a step, at least 1
     */
    public StepFormula decoding(long leastMean) {
        LinearForm whole = formula().low();
        LinearForm body = withoutHead().formula().low();
        LinearForm read = scaled(body, leastMean - 1, leastMean);
        FlopCount head = whole.perToken().minus(body.perToken());
        return withLow(
                new LinearForm(read.perToken().plus(head), read.perSequence(), read.perSquaredLength(), read.masks()));
    }

    private static LinearForm scaled(LinearForm form, long by, long of) {
        return new LinearForm(
                scaled(form.perToken(), by, of),
                scaled(form.perSequence(), by, of),
                scaled(form.perSquaredLength(), by, of),
                form.masks().stream()
                        .map(masked -> new MaskedPairs(masked.mask(), scaled(masked.perPair(), by, of)))
                        .toList());
    }

    private static FlopCount scaled(FlopCount price, long by, long of) {
        return FlopCount.of(
                price.toBigInteger().multiply(BigInteger.valueOf(by)).divide(BigInteger.valueOf(of)));
    }

    /** Returns the formula of work over sequences of which the number is known and the tokens are a guess: each has one at least. */
    public StepFormula fromOneToken() {
        FlopCount one = FlopEstimator.of(architecture, least)
                .estimate(Batch.of(1, 1))
                .bounds()
                .low();
        return withLow(LinearForm.eachSequence(one));
    }

    private StepFormula withLow(LinearForm low) {
        StepFormula whole = formula();
        return new StepFormula(whole.method(), low, whole.model(), whole.executed(), whole.high());
    }

    private StepFormula formula(TrainingSetting setting) {
        FlopEstimator estimator = FlopEstimator.of(architecture, setting);
        StepFormula whole = estimator.formula();
        if (!headless) {
            return whole;
        }
        BigInteger model = headOf(estimator, false);
        BigInteger executed = headOf(estimator, true);
        return new StepFormula(
                whole.method(),
                less(whole.low(), model),
                less(whole.model(), model),
                less(whole.executed(), executed),
                less(whole.high(), executed));
    }

    /** What predicting one position costs. */
    private static BigInteger headOf(FlopEstimator estimator, boolean executed) {
        var with = estimator.estimate(new Batch(List.of(new Group(1, 1, 0, 1)), 1));
        var without = estimator.estimate(new Batch(List.of(new Group(1, 1, 0, 0)), 1));
        FlopCount more = executed ? with.executed() : with.model();
        return more.minus(executed ? without.executed() : without.model()).toBigInteger();
    }

    private static LinearForm less(LinearForm form, BigInteger perToken) {
        BigInteger rest = form.perToken().toBigInteger().subtract(perToken).max(BigInteger.ZERO);
        return new LinearForm(FlopCount.of(rest), form.perSequence(), form.perSquaredLength(), form.masks());
    }

    private static LinearForm combined(LinearForm a, LinearForm b, BinaryOperator<BigInteger> choice) {
        // Two settings of one model have the same masks.
        var masks = new ArrayList<MaskedPairs>();
        for (MaskedPairs masked : a.masks()) {
            FlopCount other = b.masks().stream()
                    .filter(pairs -> pairs.mask().equals(masked.mask()))
                    .map(MaskedPairs::perPair)
                    .findFirst()
                    .orElse(masked.perPair());
            masks.add(new MaskedPairs(masked.mask(), choice(masked.perPair(), other, choice)));
        }
        return new LinearForm(
                choice(a.perToken(), b.perToken(), choice),
                choice(a.perSequence(), b.perSequence(), choice),
                choice(a.perSquaredLength(), b.perSquaredLength(), choice),
                masks);
    }

    private static FlopCount choice(FlopCount a, FlopCount b, BinaryOperator<BigInteger> choice) {
        return FlopCount.of(choice.apply(a.toBigInteger(), b.toBigInteger()));
    }

    /**
     * The most for sequences of which tokens and number are known, padded by p tokens each: T' = T + p n tokens, and squared lengths
     * of at most the longest x T', or {@link #SPREAD} x T'^2 / n where that is less.
     */
    private LinearForm widened(LinearForm high) {
        BigInteger token = high.perToken().toBigInteger();
        BigInteger square = high.perSquaredLength().toBigInteger();
        BigInteger padding = BigInteger.valueOf(lengths.padding());
        BigInteger sequence = high.perSequence().toBigInteger();
        Long longest = lengths.longest();
        for (MaskedPairs masked : high.masks()) {
            long seen = longest == null
                    ? masked.mask().size()
                    : Math.min(longest, masked.mask().size());
            token = token.add(masked.perPair().toBigInteger().multiply(BigInteger.valueOf(seen)));
        }
        BigInteger perSquare = BigInteger.ZERO;
        if (lengths.equal()) {
            perSquare = square;
        } else if (longest != null && longest <= SPREAD * (lengths.mean() + lengths.padding())) {
            token = token.add(square.multiply(BigInteger.valueOf(longest)));
        } else {
            perSquare = square.multiply(BigInteger.valueOf(SPREAD));
        }
        return new LinearForm(
                FlopCount.of(token.add(perSquare.multiply(padding).shiftLeft(1))),
                FlopCount.of(sequence.add(token.multiply(padding))
                        .add(perSquare.multiply(padding).multiply(padding))),
                FlopCount.of(perSquare),
                List.of());
    }
}
