package org.flopledger.internal.kernel;

/**
 * The loops over whole columns, in one of two forms that give equal results.
 *
 * <p>Addresses are native and checked by the caller. {@code count} is the number of elements, 0 or more, and at most
 * {@link BlockSummaries#BLOCK_ROWS} where a method sums. Implementations are stateless and thread-safe.
 *
 * <p>Sums are exact. A sum is a pair (units, low) that stands for {@code units * 2^63 + low} with {@code low >= 0}: one sign
 * test finds the carry, and the pair is canonical.
 *
 * <p>Signatures are wide on purpose: a loop gets addresses, arrays and a stride as plain arguments, so that a call for each block
 * allocates nothing, and a batch, a cell table and a test can each give what they have.
 */
public interface ColumnKernel {

    /** Returns the name of the form: {@code scalar} or {@code segment}. */
    String form();

    /** Returns whether the {@code count} bits from bit {@code from} of a validity bitmap are all set. */
    boolean allSet(long bitmap, int from, int count);

    /** Returns whether none of the {@code count} bits from bit {@code from} of a validity bitmap is set. */
    boolean noneSet(long bitmap, int from, int count);

    /** Returns whether all 8-bit elements equal the first. */
    boolean isConstant8(long address, int count);

    /**
     * Writes the least and greatest element of four 32-bit columns at once, as {@code out[2 * column] = least, out[2 * column +
     * 1] = greatest}. Four streams in one pass keep the memory busier than four passes.
     *
     * @param out eight places; of no elements the least is {@link Integer#MAX_VALUE}, the greatest {@link Integer#MIN_VALUE}
     */
    void extremes32(long first, long second, long third, long fourth, int count, int[] out);

    /** Returns whether all 8-bit elements, taken as unsigned, are below {@code limit}, which is at most 128. */
    boolean allBelow8(long address, int count, int limit);

    /**
     * Returns the bitwise or of 64-bit elements, negative if any is, after writing their sum as {@code out[0] = low,
     * out[1] = units}; the sum is undefined if one is negative.
     */
    long orAndSum64(long address, int count, long[] out);

    /**
     * Does {@link #extremes64} of steps and {@link #orAndSum64} of two more columns in one pass.
     *
     * @param out receives {@code {least step, greatest step, low and units of the first sum, low and units of the second}}
     * @return the bitwise or of all elements of the two columns that are summed
     */
    long extremesAndSums(long steps, long first, long second, int count, long[] out);

    /** Returns the bitwise or of 32-bit elements, negative if any is, after writing their sum to {@code out[0]}. */
    int orAndSum32(long address, int count, long[] out);

    /** Writes {@code out[0] = least, out[1] = greatest} of 64-bit elements; {@code count} is at least 1. */
    void extremes64(long address, int count, long[] out);

    /** Copies 32-bit elements to the front of an array. */
    void copy32(long address, int count, int[] out);

    /** Copies 64-bit elements to the front of an array. */
    void copy64(long address, int count, long[] out);

    /**
     * Looks up the cell of each row by its run, for rows whose attempt, stage and model are those last seen for that run.
     *
     * @param keys addresses of the four key columns, and the last seen key and cell of each run
     * @param first first row
     * @param count number of rows
     * @param cells receives the cell of each row looked up
     * @param at where in {@code cells} the first goes
     * @return the number of rows looked up before the first that needs its key to be resolved; {@code count} if none does
     */
    int lookUpCells(RowKeys keys, int first, int count, int[] cells, int at);

    /**
     * Folds the columns that nearly every row has in one pass: rows, steps, tokens and squared lengths, each to its
     * {@link HotLanes lane}. Carries as {@link #scatterAdd64} does.
     */
    void scatterHot(
            long steps, long tokens, long squared, int[] cells, int count, long[] lanes, int stride, Carry carry);

    /** Adds 1 to {@code lanes[cells[i] * stride]} for each row. */
    void scatterCount(int[] cells, int count, long[] lanes, int stride, int lane);

    /**
     * Adds each 64-bit element, none negative, to the lane of its row's cell; calls {@link Carry#carry} when a lane passes
     * 2^63 - 1 and takes 2^63 from it.
     */
    void scatterAdd64(long address, int[] cells, int count, long[] lanes, int stride, int lane, Carry carry);

    /** Adds each 32-bit element, none negative, as {@link #scatterAdd64} does. */
    void scatterAdd32(long address, int[] cells, int count, long[] lanes, int stride, int lane, Carry carry);

    /** Lowers {@code lane} and raises {@code lane + 1} of each row's cell to the least and greatest 64-bit element. */
    void scatterExtremes64(long address, int[] cells, int count, long[] lanes, int stride, int lane);

    /** Takes the carry out of a lane's 63 bits. */
    interface Carry {

        /** Adds 2^63 to the sum that {@code lane} of {@code cell} is the low part of. */
        void carry(int cell, int lane);
    }
}
