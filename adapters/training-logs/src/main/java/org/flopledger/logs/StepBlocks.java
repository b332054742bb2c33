package org.flopledger.logs;

/**
 * Which steps share a row of a ledger. Every step has one of its own up to the millionth; beyond, a row stands for a block of
 * them, so that a few bytes that claim twenty million steps do not fill a disk.
 *
 * <p>Blocks depend on the number of the step and the size of the first: a log that has grown repeats the rows it had.
 */
final class StepBlocks {

    /** Last step with a row of its own. */
    static final long LAST_SINGLE = 1 << 20;

    private static final long MOST_IN_BLOCK = 1 << 10;

    private final long block;

    /**
     * Makes the blocks of a run.
     *
     * @param firstSequences sequences of its first step; a row has room for 2^31 - 1
     */
    StepBlocks(long firstSequences) {
        block = Math.min(
                MOST_IN_BLOCK, Long.highestOneBit(Math.max(1, Integer.MAX_VALUE / Math.max(1, firstSequences))));
    }

    /** Returns the last step of the row that holds a step. */
    long rowEnd(long step) {
        return step <= LAST_SINGLE ? step : (step + block - 1) / block * block;
    }

    /** Returns how many steps share the row that ends with a step. */
    long stepsInRow(long end) {
        return end <= LAST_SINGLE ? 1 : block;
    }
}
