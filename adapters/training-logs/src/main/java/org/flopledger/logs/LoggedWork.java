package org.flopledger.logs;

import java.math.BigInteger;
import java.util.function.Function;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * One kind of work that a run did as a whole, and what it costs: the training of its model, or something computed beside it, such as
 * an evaluation, the forward pass of a reference model or a rollout. Immutable.
 *
 * <p>Sums are those that the files give or the least that they allow; what they leave open is in the bounds of the formula, so
 * that a log which has grown keeps the formula's figures.
 *
 * @param name word for it, empty for the training itself
 * @param variant word for the way it is priced where a growing log may come to be priced in another, empty for the usual one
 * @param stage what it was for
 * @param formula what it costs
 * @param tokens tokens of the main stack, padding included, or null where the formula needs none
 * @param sequences sequences, or null where the formula needs none
 * @param squaredLengths sum of the squared lengths, the least that tokens and sequences allow where lengths are not told; or null
 */
public record LoggedWork(
        String name,
        String variant,
        Stage stage,
        StepFormula formula,
        @Nullable Long tokens,
        @Nullable Long sequences,
        @Nullable Long squaredLengths) {

    /** Returns work over so many sequences with so many tokens, each of the mean length: the least squares there can be. */
    public static LoggedWork ofMeanLength(
            String name, String variant, Stage stage, StepFormula formula, long tokens, long sequences) {
        return new LoggedWork(name, variant, stage, formula, tokens, sequences, leastSquares(tokens, sequences));
    }

    /** Returns the least sum of squared lengths, tokens^2 / sequences rounded up; at most 2^63 - 1. */
    public static long leastSquares(long tokens, long sequences) {
        BigInteger[] least = BigInteger.valueOf(tokens)
                .multiply(BigInteger.valueOf(tokens))
                .divideAndRemainder(BigInteger.valueOf(Math.max(1, sequences)));
        BigInteger up = least[1].signum() == 0 ? least[0] : least[0].add(BigInteger.ONE);
        return up.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
    }

    /** Returns what a step of such work cost, of which a row tells the size. */
    FlopBounds ofStep(LoggedSteps.Cursor row) {
        return new LoggedWork(
                        name,
                        variant,
                        stage,
                        formula,
                        value(row, StepField.TOKENS),
                        value(row, StepField.SEQUENCES),
                        value(row, StepField.SQUARED_LENGTHS))
                .bounds();
    }

    private static @Nullable Long value(LoggedSteps.Cursor row, StepField field) {
        return row.has(field) ? Long.valueOf(row.value(field)) : null;
    }

    /** Returns what it cost. */
    public FlopBounds bounds() {
        BigInteger best = price(formula.model(), masked -> pairs(masked.mask()::pairs));
        BigInteger low = price(formula.low(), masked -> masked.mask().fewest(sum(tokens), atLeastOne(sequences)));
        BigInteger executed = price(formula.executed(), masked -> pairs(masked.mask()::pairs));
        BigInteger high = price(formula.high(), masked -> masked.mask().most(sum(tokens), sum(squaredLengths)));
        return new FlopBounds(
                FlopCount.of(low.min(best)),
                FlopCount.of(best),
                FlopCount.of(high.max(best).max(executed)));
    }

    private BigInteger price(LinearForm form, Function<LinearForm.MaskedPairs, BigInteger> pairs) {
        BigInteger price = form.perToken()
                .toBigInteger()
                .multiply(sum(tokens))
                .add(form.perSequence().toBigInteger().multiply(sum(sequences)))
                .add(form.perSquaredLength().toBigInteger().multiply(sum(squaredLengths)));
        for (LinearForm.MaskedPairs masked : form.masks()) {
            price = price.add(pairs.apply(masked).multiply(masked.perPair().toBigInteger()));
        }
        return price;
    }

    /** Pairs of sequences of the mean length, some of which are one token longer. */
    private BigInteger pairs(Function<BigInteger, BigInteger> ofOne) {
        BigInteger count = atLeastOne(sequences);
        BigInteger[] mean = sum(tokens).divideAndRemainder(count);
        BigInteger longer = ofOne.apply(mean[0].add(BigInteger.ONE)).multiply(mean[1]);
        return ofOne.apply(mean[0]).multiply(count.subtract(mean[1])).add(longer);
    }

    private static BigInteger sum(@Nullable Long value) {
        return value == null ? BigInteger.ZERO : BigInteger.valueOf(value);
    }

    private static BigInteger atLeastOne(@Nullable Long value) {
        return sum(value).max(BigInteger.ONE);
    }
}
