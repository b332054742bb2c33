package org.flopledger.internal.cells;

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
public final class PairSums {

    private static final Comparator<AttentionMask> ORDER =
            Comparator.comparing(AttentionMask::kind).thenComparingLong(AttentionMask::size);

    /**
     * Causal pairs of the rows with padding, with it and without: what padding adds to squared lengths. Kept like those of a
     * mask; no model has chunks of that size.
     */
    public static final AttentionMask UNPADDED = new AttentionMask.Chunked(Long.MAX_VALUE);

    private final Map<AttentionMask, Sum> sums = new TreeMap<>(ORDER);

    /**
     * Pairs of some rows under one mask.
     *
     * @param rows the rows
     * @param bounds the pairs of those rows
     */
    public record Sum(long rows, PairBounds bounds) {

        Sum plus(Sum other) {
            return new Sum(rows + other.rows, bounds.plus(other.bounds));
        }
    }

    public void add(AttentionMask mask, long rows, PairBounds bounds) {
        sums.merge(mask, new Sum(rows, bounds), Sum::plus);
    }

    /** Adds the pairs that rows of equal content score under a mask. */
    public void add(AttentionMask mask, long rows, long tokens, long padding, long sequences, long squared) {
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
    public Sum sum(AttentionMask mask) {
        return sums.get(mask);
    }

    /** Returns the sums by mask, in the order of stored state. */
    public Map<AttentionMask, Sum> byMask() {
        return sums;
    }
}
