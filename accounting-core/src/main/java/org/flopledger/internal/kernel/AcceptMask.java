package org.flopledger.internal.kernel;

import java.util.Arrays;

/**
 * Which rows of a batch count. Starts with what validation accepted; what is found to be a duplicate is taken out later.
 *
 * <p>Single-writer: confined to the thread that prepares the batch until that is handed on.
 */
public final class AcceptMask {

    private final long[] words;
    private final int rows;

    private AcceptMask(long[] words, int rows) {
        this.words = words;
        this.rows = rows;
    }

    /** Returns a mask that accepts every row. */
    public static AcceptMask all(int rows) {
        long[] words = new long[(rows + 63) >>> 6];
        Arrays.fill(words, -1L);
        if ((rows & 63) != 0) {
            words[words.length - 1] = (1L << (rows & 63)) - 1;
        }
        return new AcceptMask(words, rows);
    }

    /** Returns an independent copy. */
    public AcceptMask copy() {
        return new AcceptMask(words.clone(), rows);
    }

    /** Returns the number of rows, accepted or not. */
    public int rows() {
        return rows;
    }

    /** Returns whether a row counts. */
    public boolean isAccepted(int row) {
        return (words[row >>> 6] >>> (row & 63) & 1) != 0;
    }

    /** Takes a row out; no effect if it is out already. */
    public void reject(int row) {
        words[row >>> 6] &= ~(1L << (row & 63));
    }

    /** Returns a copy of the mask as bits: that of row {@code i} is bit {@code i % 64} of word {@code i / 64}. */
    public long[] bits() {
        return words.clone();
    }

    /** Takes out the rows whose bit is not set; see {@link #bits}. */
    public void retain(long[] bits) {
        if (bits.length != words.length) {
            throw new IllegalArgumentException("bits are " + bits.length + " words, must be " + words.length);
        }
        for (int word = 0; word < words.length; word++) {
            words[word] &= bits[word];
        }
    }

    /** Returns the number of rows that count. */
    public int accepted() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** Returns whether all rows {@code from} (included) to {@code to} (excluded) count. */
    public boolean allAccepted(int from, int to) {
        int row = from;
        while (row < to) {
            if ((row & 63) == 0 && to - row >= 64) {
                if (words[row >>> 6] != -1L) {
                    return false;
                }
                row += 64;
            } else if (isAccepted(row)) {
                row++;
            } else {
                return false;
            }
        }
        return true;
    }
}
