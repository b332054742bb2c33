package org.flopledger.units;

/**
 * A figure as an interval: the least it can be, the best single figure, the most it can be.
 *
 * <p>Definitions, not arithmetic, decide a threshold, so a rule reads the interval. An exactly known figure has three equal
 * parts.
 *
 * <p>Estimates, accounts and rules give figures in this form. Immutable and thread-safe.
 *
 * @param low the least, such as exact causal model FLOP without padding
 * @param best the figure to quote
 * @param high the most, such as full-square attention with recomputation
 */
public record FlopBounds(FlopCount low, FlopCount best, FlopCount high) {

    /** No computation, known exactly. */
    public static final FlopBounds ZERO = exactly(FlopCount.ZERO);

    /** Checks {@code low <= best <= high}. */
    public FlopBounds {
        if (low.compareTo(best) > 0 || best.compareTo(high) > 0) {
            throw new IllegalArgumentException(
                    "bounds are " + low + ", " + best + ", " + high + ", must be low <= best <= high");
        }
    }

    /** Returns the interval that holds one amount. */
    public static FlopBounds exactly(FlopCount amount) {
        return new FlopBounds(amount, amount, amount);
    }

    /**
     * Returns the interval of both amounts together.
     *
     * @throws ArithmeticException if a part is above {@link FlopCount#MAX_VALUE}
     */
    public FlopBounds plus(FlopBounds other) {
        return new FlopBounds(low.plus(other.low), best.plus(other.best), high.plus(other.high));
    }

    /**
     * Returns this interval {@code factor} times.
     *
     * @throws IllegalArgumentException if {@code factor} is negative
     * @throws ArithmeticException if a part is above {@link FlopCount#MAX_VALUE}
     */
    public FlopBounds times(long factor) {
        return new FlopBounds(low.times(factor), best.times(factor), high.times(factor));
    }
}
