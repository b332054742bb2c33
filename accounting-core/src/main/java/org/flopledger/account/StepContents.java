package org.flopledger.account;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The distinct step contents of one run, each stored once and known by a small number.
 *
 * <p>Most runs repeat one content millions of times. Where contents differ, only the words that ever differed are stored
 * for each: a run whose token count alone changes costs 8 bytes for a distinct content and 8 to 16 bytes of hash index.
 * Confined to one thread.
 */
final class StepContents {

    private static final int ABSENT = -1;
    private static final int FIRST_CAPACITY = 4;

    private final long[] constants;
    private final long[] @Nullable [] columns;
    private int[] index = new int[2 * FIRST_CAPACITY];
    private int capacity = FIRST_CAPACITY;
    private int size;

    /** Creates an empty table of contents with the given number of words. */
    StepContents(int words) {
        constants = new long[words];
        columns = new long[words][];
        Arrays.fill(index, ABSENT);
    }

    int size() {
        return size;
    }

    int words() {
        return constants.length;
    }

    long word(int word, int content) {
        long[] column = columns[word];
        return column == null ? constants[word] : column[content];
    }

    boolean matches(int content, StepRows rows, int row) {
        for (int word = 0; word < constants.length; word++) {
            if (word(word, content) != rows.wordAt(word, row)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of the content of a row, or -1. */
    int find(StepRows rows, int row) {
        return index[slotOf(rows, row)];
    }

    /** Returns the slot that holds the content of a row, or where it would go. */
    private int slotOf(StepRows rows, int row) {
        int slot = hash(rows, row) & (index.length - 1);
        while (index[slot] != ABSENT && !matches(index[slot], rows, row)) {
            slot = slot + 1 & (index.length - 1);
        }
        return slot;
    }

    /** Returns the number of the content of a row, adding it if it is new. */
    int numberOf(StepRows rows, int row) {
        int slot = slotOf(rows, row);
        if (index[slot] != ABSENT) {
            return index[slot];
        }
        int content = append(rows, row);
        if (2 * size > index.length) {
            grow();
        } else {
            index[slot] = content;
        }
        return content;
    }

    private int append(StepRows rows, int row) {
        if (size == capacity) {
            capacity = Math.addExact(capacity, capacity >> 1);
            for (int word = 0; word < columns.length; word++) {
                long[] column = columns[word];
                columns[word] = column == null ? null : Arrays.copyOf(column, capacity);
            }
        }
        for (int word = 0; word < constants.length; word++) {
            store(word, rows.wordAt(word, row));
        }
        return size++;
    }

    private void store(int word, long value) {
        long[] column = columns[word];
        if (column != null) {
            column[size] = value;
        } else if (size == 0) {
            constants[word] = value;
        } else if (constants[word] != value) {
            long[] filled = new long[capacity];
            Arrays.fill(filled, 0, size, constants[word]);
            filled[size] = value;
            columns[word] = filled;
        }
    }

    private void grow() {
        index = new int[2 * index.length];
        Arrays.fill(index, ABSENT);
        for (int content = 0; content < size; content++) {
            int slot = hash(content) & (index.length - 1);
            while (index[slot] != ABSENT) {
                slot = slot + 1 & (index.length - 1);
            }
            index[slot] = content;
        }
    }

    private int hash(StepRows rows, int row) {
        long hash = 0;
        for (int word = 0; word < constants.length; word++) {
            hash = mix(hash, rows.wordAt(word, row));
        }
        return fold(hash);
    }

    private int hash(int content) {
        long hash = 0;
        for (int word = 0; word < constants.length; word++) {
            hash = mix(hash, word(word, content));
        }
        return fold(hash);
    }

    private static long mix(long hash, long word) {
        return Long.rotateLeft((hash ^ word) * 0x9E37_79B9_7F4A_7C15L, 29);
    }

    private static int fold(long hash) {
        long mixed = hash * 0xD6E8_FEB8_6659_FD93L;
        return (int) (mixed ^ mixed >>> 32);
    }
}
