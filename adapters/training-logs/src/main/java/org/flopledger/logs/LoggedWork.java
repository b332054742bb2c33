package org.flopledger.logs;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * One kind of work that a run did, and what it costs: the training of its model, or something computed beside it, such as an
 * evaluation, the forward pass of a reference model or a rollout. Immutable.
 *
 * <p>It is told as a whole, by sums, or step by step. Sums are those that the files give or the least that they allow; what they leave
 * open is in the bounds of the formula, so that a log which has grown keeps the formula's figures.
 *
 * @param name word for it, empty for the training itself
 * @param variant word for the way it is priced where a growing log may come to be priced in another, empty for the usual one
 * @param stage what it was for
 * @param phase which phase of a step it is, or null if it is none of reinforcement learning's
 * @param formulas what it costs, the best evidence first and at most one a method; empty if nobody knows, which lowers coverage
 * @param tokens tokens of the main stack, padding included, or null where the formula needs none
 * @param sequences sequences, or null where the formula needs none
 * @param squaredLengths sum of the squared lengths, the least that tokens and sequences allow where lengths are not told; or null
 * @param steps the work of each step where it is told so, and then no sums; those of the training are the run's own
 */
public record LoggedWork(
        String name,
        String variant,
        Stage stage,
        @Nullable StepPhase phase,
        List<StepFormula> formulas,
        @Nullable Long tokens,
        @Nullable Long sequences,
        @Nullable Long squaredLengths,
        LoggedSteps steps) {

    /** Copies the formulas. */
    public LoggedWork {
        formulas = List.copyOf(formulas);
    }

    /** Makes work that is told as a whole. */
    public LoggedWork(
            String name,
            String variant,
            Stage stage,
            StepFormula formula,
            @Nullable Long tokens,
            @Nullable Long sequences,
            @Nullable Long squaredLengths) {
        this(name, variant, stage, null, List.of(formula), tokens, sequences, squaredLengths, LoggedSteps.NONE);
    }

    /** Returns the training of a run that tells its steps, not yet priced. */
    static LoggedWork training(Stage stage) {
        return new LoggedWork("", "", stage, null, List.of(), null, null, null, LoggedSteps.NONE);
    }

    /** Returns a phase beside the update of each step, not yet priced. */
    static LoggedWork of(StepPhase phase, LoggedSteps steps) {
        return new LoggedWork(phase.title(), "", phase.stage(), phase, List.of(), null, null, null, steps);
    }

    /** Returns this work with its price. */
    LoggedWork with(List<StepFormula> prices) {
        return new LoggedWork(name, variant, stage, phase, prices, tokens, sequences, squaredLengths, steps);
    }

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

    /** Returns whether anybody knows what it costs. */
    public boolean isPriced() {
        return !formulas.isEmpty();
    }

    /**
     * Returns what it cost as a whole.
     *
     * @throws IllegalStateException if it is told step by step or has no price
     */
    public FlopBounds bounds() {
        if (steps.rows() > 0 || formulas.isEmpty()) {
            throw new IllegalStateException(name + " has no price as a whole, ask for that of its steps");
        }
        return bounds(formulas.get(0));
    }

    /** Returns what steps of such work cost, or null if a row lacks what every price needs. */
    @Nullable
    FlopBounds ofSteps(LoggedSteps told) {
        FlopBounds all = FlopBounds.ZERO;
        LoggedSteps.Cursor row = told.cursor();
        while (row.next()) {
            FlopBounds each = ofStep(row);
            if (each == null) {
                return null;
            }
            all = all.plus(each.times(row.count()));
        }
        return all;
    }

    private @Nullable FlopBounds ofStep(LoggedSteps.Cursor row) {
        var step = new LoggedWork(
                name,
                variant,
                stage,
                phase,
                formulas,
                value(row, StepField.TOKENS),
                value(row, StepField.SEQUENCES),
                value(row, StepField.SQUARED_LENGTHS),
                LoggedSteps.NONE);
        return formulas.stream().filter(step::has).findFirst().map(step::bounds).orElse(null);
    }

    private static @Nullable Long value(LoggedSteps.Cursor row, StepField field) {
        return row.has(field) ? Long.valueOf(row.value(field)) : null;
    }

    /** Returns whether the sums are there that a formula multiplies. */
    private boolean has(StepFormula formula) {
        return Stream.of(formula.low(), formula.model(), formula.executed(), formula.high())
                .allMatch(form -> (tokens != null || (form.perToken().isZero() && form.isFunctionOfSums()))
                        && (sequences != null || (form.perSequence().isZero() && form.isFunctionOfSums()))
                        && (squaredLengths != null || (form.perSquaredLength().isZero() && form.isFunctionOfSums())));
    }

    private FlopBounds bounds(StepFormula formula) {
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
        return BigInteger.valueOf(Objects.requireNonNullElse(value, 0L));
    }

    private static BigInteger atLeastOne(@Nullable Long value) {
        return sum(value).max(BigInteger.ONE);
    }
}
