package org.flopledger.logs.trainer;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepEstimate;
import org.flopledger.estimation.StepFormula;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.logs.LoggedWork;
import org.flopledger.model.Architecture;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;

/**
 * Prices pairs of an encoder and a decoder sequence of which a trainer tells the encoder's side alone. Stateless.
 *
 * <p>The target is taken for half the source, and for half the decoder's positions where the source is sound of a fixed length; at
 * least it is one token, at most as long as the source or all positions. What may have been frozen and how short targets may have
 * been are each taken at their extreme while the other is as usual.
 */
final class PairWork {

    private PairWork() {}

    /** Returns the work over sources of so many tokens in all. */
    static List<LoggedWork> ofSources(
            Architecture architecture, TrainerSettings settings, Stage stage, long tokens, long pairs) {
        StepFormula formula = new StepFormula(
                CountingMethod.ARCHITECTURE,
                least(
                        fit(architecture, settings.likely(), source -> 1, Part.LOW),
                        fit(architecture, settings.least(), PairWork::half, Part.LOW)),
                fit(architecture, settings.likely(), PairWork::half, Part.EXECUTED),
                fit(architecture, settings.likely(), PairWork::half, Part.EXECUTED),
                fit(architecture, settings.most(), source -> source, Part.HIGH));
        return List.of(LoggedWork.ofMeanLength("", "", stage, formula, tokens, pairs));
    }

    /** Returns the work over so many pairs with an encoder's only length and targets of up to so many tokens. */
    static List<LoggedWork> ofFixedSources(
            Architecture architecture, TrainerSettings settings, Stage stage, long source, long longest, long pairs) {
        FlopCount low = min(
                one(architecture, settings.likely(), source, 1, Part.LOW),
                one(architecture, settings.least(), source, Math.max(1, longest / 2), Part.LOW));
        long usual = Math.max(1, longest / 2);
        StepFormula formula = new StepFormula(
                CountingMethod.ARCHITECTURE,
                LinearForm.eachSequence(low),
                LinearForm.eachSequence(one(architecture, settings.likely(), source, usual, Part.EXECUTED)),
                LinearForm.eachSequence(one(architecture, settings.likely(), source, usual, Part.EXECUTED)),
                LinearForm.eachSequence(one(architecture, settings.most(), source, longest, Part.HIGH)));
        return List.of(new LoggedWork("", "", stage, formula, null, pairs, null));
    }

    private static long half(long source) {
        return Math.max(1, source / 2);
    }

    private enum Part {
        LOW,
        EXECUTED,
        HIGH;

        BigInteger of(StepEstimate estimate) {
            FlopCount figure = switch (this) {
                case LOW -> estimate.bounds().low();
                case EXECUTED -> estimate.executed();
                case HIGH -> estimate.bounds().high();
            };
            return figure.toBigInteger();
        }
    }

    private static FlopCount one(
            Architecture architecture, TrainingSetting setting, long source, long target, Part part) {
        FlopEstimator estimator = FlopEstimator.of(architecture, setting);
        return FlopCount.of(part.of(estimator.estimate(Batch.ofPairs(1, source, target))));
    }

    /** A pair's cost is a + b s + c s^2 in the length s of its source: three even lengths give it. */
    private static LinearForm fit(
            Architecture architecture, TrainingSetting setting, ToLongFunction<Long> target, Part part) {
        FlopEstimator estimator = FlopEstimator.of(architecture, setting);
        List<BigInteger> at = new ArrayList<>();
        for (long source = 2; source <= 6; source += 2) {
            at.add(part.of(estimator.estimate(Batch.ofPairs(1, source, target.applyAsLong(source)))));
        }
        boolean up = part != Part.LOW;
        BigInteger rise = at.get(1).subtract(at.get(0));
        // f(6) - 2 f(4) + f(2) = 8 c; f(4) - f(2) = 2 b + 12 c.
        BigInteger eight = at.get(2).subtract(at.get(1)).subtract(rise);
        BigInteger square = divided(eight, 8, up);
        BigInteger token = divided(rise.subtract(square.multiply(BigInteger.valueOf(12))), 2, up);
        BigInteger sequence = at.get(0)
                .subtract(token.shiftLeft(1))
                .subtract(square.shiftLeft(2))
                .max(BigInteger.ZERO);
        return new LinearForm(FlopCount.of(token), FlopCount.of(sequence), FlopCount.of(square), List.of());
    }

    private static BigInteger divided(BigInteger value, long by, boolean up) {
        BigInteger[] parts = value.divideAndRemainder(BigInteger.valueOf(by));
        return (up && parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0]).max(BigInteger.ZERO);
    }

    private static LinearForm least(LinearForm a, LinearForm b) {
        return new LinearForm(
                min(a.perToken(), b.perToken()),
                min(a.perSequence(), b.perSequence()),
                min(a.perSquaredLength(), b.perSquaredLength()),
                List.of());
    }

    private static FlopCount min(FlopCount a, FlopCount b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
