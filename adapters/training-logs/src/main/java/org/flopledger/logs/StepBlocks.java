package org.flopledger.logs;

/**
 * Which steps share a row of a ledger. Every step has one of its own up to the millionth; beyond, where no log tells steps apart
 * one by one, a row stands for a block of them, so that a few bytes that claim 10^9 steps do not fill a disk.
 *
 * <p>Blocks depend on the number of the step alone: a log that has grown repeats the rows it had.
 */
final class StepBlocks {

    /** Last step with a row of its own. */
    static final long LAST_SINGLE = 1 << 20;

    /** Steps above which a log is not believed: one every millisecond takes a fortnight. */
    static final long MOST_STEPS = 1 << 30;

    private static final long BLOCK = 1 << 12;

    private StepBlocks() {}

    /**
     * Returns the last step of the row that holds a step.
     *
     * @param step the step, at least 1
     * @param sequences sequences in a step; a row holds no more of them than 2^31 - 1
     */
    static long rowEnd(long step, long sequences) {
        if (step <= LAST_SINGLE) {
            return step;
        }
        long block = block(sequences);
        return (step + block - 1) / block * block;
    }

    /** Returns how many steps share the row that ends with a step. */
    static long stepsInRow(long end, long sequences) {
        return end <= LAST_SINGLE ? 1 : block(sequences);
    }

    private static long block(long sequences) {
        return Math.min(BLOCK, Long.highestOneBit(Math.max(1, Integer.MAX_VALUE / sequences)));
    }
}
