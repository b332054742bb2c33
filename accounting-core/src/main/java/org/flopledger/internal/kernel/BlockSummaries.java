package org.flopledger.internal.kernel;

import java.util.Arrays;

/**
 * What validation learned about each block of rows while it had the block in cache, so that the fold need not read it again.
 *
 * <p>A block is {@code clean} when every row of it is good and no column that is summed is partly filled; which of them are
 * filled stands here. A clean block is {@code plain} when it has one key besides: then its key and sums stand here as well.
 * Filled by validation, then read only.
 *
 * <pre>
 * presence, one byte a block:  -1 not clean, else
 *   bit 0 tokens | 1 sequences | 2 squared lengths | 3 padding | 4 model | 5 plain
 *
 * values, 14 longs a block:
 *   0 first step | 1 last step | 2-3 tokens | 4-5 sequences | 6-7 squared | 8-9 padding | 10 run | 11 attempt | 12 stage | 13 model
 *                                (low, units) each
 * </pre>
 *
 * <p>A run that is alone in its batch is folded from these 112 bytes a block instead of its 4096 rows.
 */
public final class BlockSummaries {

    /**
     * Rows of a block: 4096 rows of the 33 to 45 bytes that a usual row has are 135 to 184 kB, which fit the second-level cache
     * (256 kB and more on every server core of ten years), and 64 whole words of a validity bitmap.
     */
    public static final int BLOCK_ROWS = 4096;

    /** The bit that says that all rows of a clean block have a model; without it none has. */
    public static final int WITH_MODEL = 1 << 4;

    private static final int PLAIN = 1 << 5;
    private static final byte NOT_CLEAN = -1;
    private static final int RUN = 10;
    private static final int ATTEMPT = 11;
    private static final int STAGE = 12;
    private static final int MODEL = 13;
    private static final int STRIDE = 14;

    private final long[] values;
    private final byte[] presence;

    /** Makes room for the blocks of so many rows. */
    public BlockSummaries(int rows) {
        int blocks = (int) (((long) rows + BLOCK_ROWS - 1) / BLOCK_ROWS);
        values = new long[blocks * STRIDE];
        presence = new byte[blocks];
        Arrays.fill(presence, NOT_CLEAN);
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

    /** Marks a block as clean, with the columns that it has: {@link Figure#bit} of sums, and {@link #WITH_MODEL}. */
    public void markClean(int block, int bits) {
        presence[block] = (byte) bits;
    }

    /** Marks a clean block as plain, with the key of all its rows; the model is -1 for none. */
    public void markPlain(int block, int run, int attempt, int stage, int model) {
        presence[block] |= PLAIN;
        values[block * STRIDE + RUN] = run;
        values[block * STRIDE + ATTEMPT] = attempt;
        values[block * STRIDE + STAGE] = stage;
        values[block * STRIDE + MODEL] = model;
    }

    /** Returns whether a block is clean. */
    public boolean isClean(int block) {
        return presence[block] != NOT_CLEAN;
    }

    /** Returns whether a block is plain, so that its key and figures hold. */
    public boolean isPlain(int block) {
        return isClean(block) && (presence[block] & PLAIN) != 0;
    }

    /** Returns the bits of the columns that a clean block has. */
    public int presence(int block) {
        return presence[block] & ~PLAIN;
    }

    /** Returns the index of the run of a plain block. */
    public int run(int block) {
        return (int) values[block * STRIDE + RUN];
    }

    /** Returns the attempt of a plain block. */
    public int attempt(int block) {
        return (int) values[block * STRIDE + ATTEMPT];
    }

    /** Returns the code of the stage of a plain block. */
    public int stage(int block) {
        return (int) values[block * STRIDE + STAGE];
    }

    /** Returns the index of the model of a plain block, or -1. */
    public int model(int block) {
        return (int) values[block * STRIDE + MODEL];
    }

    /** Keeps a figure of a block. */
    public void put(int block, Figure figure, long value) {
        values[block * STRIDE + figure.at] = value;
    }

    /** Keeps a sum of a block. */
    public void putSum(int block, Figure figure, long low, long units) {
        values[block * STRIDE + figure.at] = low;
        values[block * STRIDE + figure.at + 1] = units;
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
