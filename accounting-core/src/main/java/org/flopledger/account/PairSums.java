package org.flopledger.account;

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
            Comparator.comparing(AttentionMask::kind).thenComparingLong(AttentionMask::size);

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

    void add(AttentionMask mask, long rows, PairBounds bounds) {
        sums.merge(mask, new Sum(rows, bounds), Sum::plus);
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
