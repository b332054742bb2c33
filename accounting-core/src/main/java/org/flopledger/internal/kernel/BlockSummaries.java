package org.flopledger.internal.kernel;

import java.util.Arrays;

/**
 * What validation learned about each block of rows while it had the block in cache, so that the fold need not read it again.
 *
 * <p>A block that is {@code plain} had no fault, constant keys and no partly filled column; its sums stand here. Filled by
 * validation, then read only.
 */
public final class BlockSummaries {

    /** Rows of a block: its columns fit in the second-level cache, and a whole number of bitmap words. */
    public static final int BLOCK_ROWS = 4096;

    private static final int STRIDE = 10;
    private static final byte NOT_PLAIN = -1;

    private final long[] values;
    private final byte[] presence;

    /** Makes room for the blocks of so many rows. */
    public BlockSummaries(int rows) {
        int blocks = (int) (((long) rows + BLOCK_ROWS - 1) / BLOCK_ROWS);
        values = new long[blocks * STRIDE];
        presence = new byte[blocks];
        Arrays.fill(presence, NOT_PLAIN);
    }

    /** A figure of a block; a sum is two numbers, see {@link ColumnKernel}. */
    public enum Figure {
        FIRST_STEP(0, 0),
        LAST_STEP(1, 0),
        TOKENS(2, 1),
        SEQUENCES(4, 2),
        SQUARED_LENGTHS(6, 4),
        PADDING(8, 8);

        private final int at;
        private final int bit;

        Figure(int at, int bit) {
            this.at = at;
            this.bit = bit;
        }

        /** Returns the bit of a sum among those that a block has. */
        public int bit() {
            return bit;
        }
    }

    /** Returns the number of blocks. */
    public int blocks() {
        return presence.length;
    }

    /** Marks a block as plain, with the sums that it has, each as one bit {@link Figure#bit}. */
    public void markPlain(int block, int bits) {
        presence[block] = (byte) bits;
    }

    /** Returns whether a block is plain, so that its figures hold. */
    public boolean isPlain(int block) {
        return presence[block] != NOT_PLAIN;
    }

    /** Returns the bits of the sums that a plain block has. */
    public int presence(int block) {
        return presence[block];
    }

    /** Keeps a figure of a block. */
    public void put(int block, Figure figure, long value) {
        values[block * STRIDE + figure.at] = value;
    }

    /** Keeps a sum of a block, given as {@code sum[0] = low, sum[1] = units}. */
    public void putSum(int block, Figure figure, long[] sum) {
        values[block * STRIDE + figure.at] = sum[0];
        values[block * STRIDE + figure.at + 1] = sum[1];
    }

    /** Returns a figure, or the low part of a sum. */
    public long low(int block, Figure figure) {
        return values[block * STRIDE + figure.at];
    }

    /** Returns the units part of a sum. */
    public long units(int block, Figure figure) {
        return values[block * STRIDE + figure.at + 1];
    }
}
