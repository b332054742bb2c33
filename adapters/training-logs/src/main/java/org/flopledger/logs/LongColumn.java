package org.flopledger.logs;

import java.util.Arrays;

/** Growing rows of whole numbers, some of which may be absent. Confined to one thread. */
final class LongColumn {

    /** Stands for a value that is absent; no figure of a log is negative. */
    static final long ABSENT = -1;

    private static final int FIRST_CAPACITY = 8;

    private static final long[] NOTHING = {};

    private long[] values = NOTHING;
    private int size;

    int size() {
        return size;
    }

    /** Returns the value of a row, {@link #ABSENT} beyond the last that was set. */
    long at(int row) {
        return row < size ? values[row] : ABSENT;
    }

    /** Sets the value of a row at or behind the last one; rows between are absent. */
    void set(int row, long value) {
        if (row >= values.length) {
            int grown = Math.max(row + 1, values.length + (values.length >> 1));
            values = Arrays.copyOf(values, Math.max(FIRST_CAPACITY, grown));
        }
        if (row >= size) {
            Arrays.fill(values, size, row, ABSENT);
            size = row + 1;
        }
        values[row] = value;
    }

    void trim() {
        values = size == 0 ? NOTHING : Arrays.copyOf(values, size);
    }
}
