package org.flopledger.internal.cells;

import java.math.BigInteger;
import org.flopledger.estimation.AttentionMask;

/**
 * How many position pairs some sequences score under a mask, when only their number n, their tokens t and the sum of their
 * squared lengths S are known.
 *
 * <p>If t^2 = n S all lengths are equal (Cauchy-Schwarz) and the count is exact: n pairs(t / n). Otherwise the mask itself
 * says what is least and most.
 * <p>Example: 2 sequences, 12 tokens, squared lengths 80 (lengths 8 and 4), window of 4: f(8) + f(4) = 26 + 10 = 36, in
 * [2 f(6), min(46, 48)] = [36, 46].
 *
 * @param least the fewest, when padding scores nothing
 * @param low the fewest, padding scored like other tokens
 * @param high the most
 */
public record PairBounds(BigInteger least, BigInteger low, BigInteger high) {

    private static final BigInteger TWO = BigInteger.TWO;

    PairBounds plus(PairBounds other) {
        return new PairBounds(least.add(other.least), low.add(other.low), high.add(other.high));
    }

    PairBounds times(long rows) {
        BigInteger factor = BigInteger.valueOf(rows);
        return new PairBounds(least.multiply(factor), low.multiply(factor), high.multiply(factor));
    }

    /** Returns the single figure to quote: the middle, which is the count itself where that is exact. */
    public BigInteger best() {
        return low.add(high).divide(TWO);
    }

    /**
     * Returns the pairs of sequences of which only sums are known; all arguments are at least 0, and padding is not above
     * tokens.
     */
    public static PairBounds of(
            AttentionMask mask, BigInteger tokens, BigInteger padding, BigInteger sequences, BigInteger squared) {
        if (tokens.signum() == 0) {
            return new PairBounds(BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);
        }
        BigInteger real = tokens.subtract(padding);
        if (hasEqualLengths(tokens, sequences, squared)) {
            BigInteger exact = sequences.multiply(mask.pairs(tokens.divide(sequences)));
            return new PairBounds(
                    padding.signum() == 0
                            ? exact
                            : fewest(mask, real, sequences).min(exact),
                    exact,
                    exact);
        }
        BigInteger low = fewest(mask, tokens, sequences);
        BigInteger least =
                padding.signum() == 0 ? low : fewest(mask, real, sequences).min(low);
        return new PairBounds(least, low, mask.most(tokens, squared).max(low));
    }

    private static boolean hasEqualLengths(BigInteger tokens, BigInteger sequences, BigInteger squared) {
        return sequences.signum() > 0
                && tokens.multiply(tokens).equals(sequences.multiply(squared))
                && tokens.mod(sequences).signum() == 0;
    }

    private static BigInteger fewest(AttentionMask mask, BigInteger tokens, BigInteger sequences) {
        // Where nobody said how many there are, each position scores at least itself.
        return sequences.signum() == 0 ? tokens : mask.fewest(tokens, sequences);
    }
}
