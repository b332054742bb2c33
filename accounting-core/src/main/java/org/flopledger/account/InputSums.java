package org.flopledger.account;

import java.math.BigInteger;
import java.util.Map;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/**
 * The exact sums of rows that have the same inputs, priced by a formula. Immutable.
 *
 * @param inputs which inputs every one of the rows has, bits of {@link Inputs}
 * @param rows the rows
 * @param tokens sum of their tokens, padding included
 * @param padding sum of what was said to be padding
 * @param sequences sum of their sequences
 * @param squared sum of their squared lengths
 * @param pairs pairs counted row by row, by mask
 */
record InputSums(
        int inputs,
        long rows,
        BigInteger tokens,
        BigInteger padding,
        BigInteger sequences,
        BigInteger squared,
        Map<AttentionMask, PairSums.Sum> pairs) {

    /** Returns whether a formula can price the rows. */
    boolean hasInputsOf(StepFormula formula) {
        return (Inputs.needed(formula) & ~inputs) == 0;
    }

    /** Returns the model FLOP of the rows. */
    FlopBounds bounds(StepFormula formula) {
        FlopCount model = flop(price(formula.model(), tokens, squared, Bound.BEST));
        FlopCount low = flop(price(formula.low(), tokens.subtract(paddingWithin()), leastSquared(), Bound.LEAST));
        FlopCount high = flop(price(formula.high(), tokens, squared, Bound.HIGH));
        // A row may contradict itself (squared lengths below tokens): its figure stays inside its own interval.
        return new FlopBounds(min(low, model), model, max(high, executed(formula)));
    }

    /** Returns the FLOP that ran, with recomputation. */
    FlopCount executed(StepFormula formula) {
        FlopCount model = flop(price(formula.model(), tokens, squared, Bound.BEST));
        return max(model, flop(price(formula.executed(), tokens, squared, Bound.BEST)));
    }

    private enum Bound {
        LEAST,
        BEST,
        HIGH
    }

    private BigInteger price(LinearForm form, BigInteger tokenCount, BigInteger squares, Bound bound) {
        BigInteger price = tokenCount.multiply(form.perToken().toBigInteger());
        price = price.add(sequences.multiply(form.perSequence().toBigInteger()));
        price = price.add(squares.multiply(form.perSquaredLength().toBigInteger()));
        for (LinearForm.MaskedPairs masked : form.masks()) {
            price = price.add(pairs(masked.mask(), bound).multiply(masked.perPair().toBigInteger()));
        }
        return price;
    }

    private BigInteger pairs(AttentionMask mask, Bound bound) {
        PairSums.Sum sum = pairs.get(mask);
        // Rows folded before the model was known: the bounds hold for all sequences together just as for those of a
        // row.
        PairBounds bounds = sum != null && sum.rows() == rows
                ? sum.bounds()
                : PairBounds.of(mask, tokens, paddingWithin(), sequences, squared);
        return switch (bound) {
            case LEAST -> bounds.least();
            case BEST -> bounds.best();
            case HIGH -> bounds.high();
        };
    }

    /**
     * Returns the least sum of squared lengths without padding: real tokens t in n sequences have at least t^2 / n
     * (Cauchy-Schwarz).
     */
    private BigInteger leastSquared() {
        BigInteger real = tokens.subtract(paddingWithin());
        if (paddingWithin().signum() == 0) {
            return squared;
        }
        BigInteger least = sequences.signum() == 0 ? real : real.multiply(real).divide(sequences);
        return least.min(squared);
    }

    /** Padding of rows without tokens says nothing. */
    private BigInteger paddingWithin() {
        return padding.min(tokens);
    }

    private static FlopCount flop(BigInteger price) {
        return FlopCount.of(price);
    }

    private static FlopCount min(FlopCount a, FlopCount b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static FlopCount max(FlopCount a, FlopCount b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
