package org.flopledger.account;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.estimation.AttentionMask;
import org.jspecify.annotations.Nullable;

/**
 * Sums of the position pairs that a cell's rows score under windowed and chunked attention, as intervals: such a count is not
 * a function of the other sums, so it is taken row by row, exact where a row's lengths are equal.
 */
final class PairSums {

    private static final Comparator<AttentionMask> ORDER =
            Comparator.comparingInt(PairSums::code).thenComparingLong(PairSums::size);

    /**
     * Causal pairs of the rows with padding, with it and without: what padding adds to squared lengths. Kept like those of a
     * mask; no model has chunks of that size.
     */
    static final AttentionMask UNPADDED = new AttentionMask.Chunked(Long.MAX_VALUE);

    private final Map<AttentionMask, Sum> sums = new TreeMap<>(ORDER);

    /**
     * Pairs of some rows under one mask.
     *
     * @param rows the rows
     * @param bounds the pairs of those rows
     */
    record Sum(long rows, PairBounds bounds) {

        Sum plus(Sum other) {
            return new Sum(rows + other.rows, bounds.plus(other.bounds));
        }
    }

    /** Returns the code of a mask's kind in stored state. */
    static int code(AttentionMask mask) {
        return mask instanceof AttentionMask.SlidingWindow ? 1 : 2;
    }

    /** Returns the size of a mask. */
    static long size(AttentionMask mask) {
        if (mask instanceof AttentionMask.SlidingWindow window) {
            return window.size();
        }
        return ((AttentionMask.Chunked) mask).size();
    }

    void add(AttentionMask mask, long rows, PairBounds bounds) {
        sums.merge(mask, new Sum(rows, bounds), Sum::plus);
    }

    /** Adds the pairs that rows of equal content score under a mask. */
    void add(AttentionMask mask, long rows, long tokens, long padding, long sequences, long squared) {
        if (mask.equals(UNPADDED) && padding == 0) {
            return;
        }
        PairBounds bounds = PairBounds.of(
                mask,
                BigInteger.valueOf(tokens),
                BigInteger.valueOf(padding),
                BigInteger.valueOf(sequences),
                BigInteger.valueOf(squared));
        add(mask, rows, bounds.times(rows));
    }

    void merge(PairSums other) {
        other.sums.forEach((mask, sum) -> sums.merge(mask, sum, Sum::plus));
    }

    @Nullable
    Sum sum(AttentionMask mask) {
        return sums.get(mask);
    }

    /** Returns the sums by mask, in the order of stored state. */
    Map<AttentionMask, Sum> byMask() {
        return sums;
    }
}
