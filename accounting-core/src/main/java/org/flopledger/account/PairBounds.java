package org.flopledger.account;

import java.math.BigInteger;
import org.flopledger.estimation.AttentionMask;

/**
 * How many position pairs some sequences score under a mask, when only their number n, their tokens t and the sum of their
 * squared lengths S are known.
 *
 * <p>If t^2 = n S all lengths are equal (Cauchy-Schwarz) and the count is exact: n pairs(t / n). Otherwise, with f(l) the
 * pairs of one sequence:
 * <ul>
 *   <li>sliding window of w: f is convex (its increments are 1, 2, .., w, w, ..), so equal lengths score least: n f(t / n),
 *       with the remainder one longer. Most: f(l) <= l (l + 1) / 2 and f(l) <= w l, so min((S + t) / 2, w t).
 *   <li>chunks of c: with K whole chunks and remainders r_i that sum to R, pairs = K c (c + 1) / 2 + sum r_i (r_i + 1) / 2
 *       >= (t - R) (c + 1) / 2 + R^2 / 2n + R / 2, least at R = n c / 2: t^2 / 2n + t / 2 if t <= n c / 2, else
 *       t (c + 1) / 2 - n c^2 / 8. Most: min((S + t) / 2, t (c + 1) / 2).
 * </ul>
 * Example: 2 sequences, 12 tokens, squared lengths 80 (lengths 8 and 4), window of 4: f(8) + f(4) = 26 + 10 = 36, in
 * [2 f(6), min(46, 48)] = [36, 46].
 *
 * @param least the fewest, when padding scores nothing
 * @param low the fewest, padding scored like other tokens
 * @param high the most
 */
record PairBounds(BigInteger least, BigInteger low, BigInteger high) {

    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger EIGHT = BigInteger.valueOf(8);

    PairBounds plus(PairBounds other) {
        return new PairBounds(least.add(other.least), low.add(other.low), high.add(other.high));
    }

    PairBounds times(long rows) {
        BigInteger factor = BigInteger.valueOf(rows);
        return new PairBounds(least.multiply(factor), low.multiply(factor), high.multiply(factor));
    }

    /** Returns the single figure to quote: the middle, which is the count itself where that is exact. */
    BigInteger best() {
        return low.add(high).divide(TWO);
    }

    /**
     * Returns the pairs of sequences of which only sums are known; all arguments are at least 0, and padding is not above
     * tokens.
     */
    static PairBounds of(
            AttentionMask mask, BigInteger tokens, BigInteger padding, BigInteger sequences, BigInteger squared) {
        if (tokens.signum() == 0) {
            return new PairBounds(BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);
        }
        BigInteger real = tokens.subtract(padding);
        if (hasEqualLengths(tokens, sequences, squared)) {
            BigInteger exact = sequences.multiply(pairs(mask, tokens.divide(sequences)));
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
        return new PairBounds(least, low, most(mask, tokens, squared).max(low));
    }

    private static boolean hasEqualLengths(BigInteger tokens, BigInteger sequences, BigInteger squared) {
        return sequences.signum() > 0
                && tokens.multiply(tokens).equals(sequences.multiply(squared))
                && tokens.mod(sequences).signum() == 0;
    }

    private static BigInteger fewest(AttentionMask mask, BigInteger tokens, BigInteger sequences) {
        if (sequences.signum() == 0) {
            // Nobody said how many there are: each position scores at least itself.
            return tokens;
        }
        if (mask instanceof AttentionMask.SlidingWindow) {
            BigInteger[] parts = tokens.divideAndRemainder(sequences);
            BigInteger longer = pairs(mask, parts[0].add(BigInteger.ONE)).multiply(parts[1]);
            return longer.add(pairs(mask, parts[0]).multiply(sequences.subtract(parts[1])));
        }
        BigInteger size = BigInteger.valueOf(PairSums.size(mask));
        if (tokens.multiply(TWO).compareTo(sequences.multiply(size)) <= 0) {
            BigInteger doubled = tokens.multiply(tokens).add(tokens.multiply(sequences));
            return ceilingDivide(doubled, sequences.multiply(TWO));
        }
        BigInteger whole = tokens.multiply(size.add(BigInteger.ONE)).multiply(BigInteger.valueOf(4));
        return ceilingDivide(whole.subtract(sequences.multiply(size).multiply(size)), EIGHT);
    }

    private static BigInteger most(AttentionMask mask, BigInteger tokens, BigInteger squared) {
        BigInteger size = BigInteger.valueOf(PairSums.size(mask));
        BigInteger causal = squared.add(tokens).divide(TWO);
        BigInteger masked = mask instanceof AttentionMask.SlidingWindow
                ? tokens.multiply(size)
                : tokens.multiply(size.add(BigInteger.ONE)).divide(TWO);
        return causal.min(masked);
    }

    /** Returns the pairs of one sequence as {@link AttentionMask#pairs} does, for any length. */
    private static BigInteger pairs(AttentionMask mask, BigInteger length) {
        BigInteger size = BigInteger.valueOf(PairSums.size(mask));
        if (mask instanceof AttentionMask.SlidingWindow) {
            BigInteger ramp = length.min(size);
            return triangle(ramp).add(length.subtract(ramp).multiply(size));
        }
        BigInteger[] parts = length.divideAndRemainder(size);
        return parts[0].multiply(triangle(size)).add(triangle(parts[1]));
    }

    private static BigInteger triangle(BigInteger n) {
        return n.multiply(n.add(BigInteger.ONE)).divide(TWO);
    }

    private static BigInteger ceilingDivide(BigInteger dividend, BigInteger divisor) {
        return dividend.add(divisor).subtract(BigInteger.ONE).divide(divisor);
    }
}
