package org.flopledger.internal.history;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The distinct step contents of one run, each stored once and known by a small number.
 *
 * <p>Most runs repeat one content millions of times. Where contents differ, only the words that ever differed are stored
 * for each: a run whose token count alone changes costs 8 bytes for a distinct content and 8 to 16 bytes of hash index.
 * Confined to one thread.
 */
public final class StepContents {

    private static final int ABSENT = -1;
    private static final int FIRST_CAPACITY = 4;

    private final long[] constants;
    private final long[] @Nullable [] columns;
    private int[] index = new int[2 * FIRST_CAPACITY];
    private int capacity = FIRST_CAPACITY;
    private int size;

    /** The version of the rows that the constant words were compared with. */
    private @Nullable Object comparedVersion;

    private boolean constantsDiffer;
    private final int[] differingWords;
    private int differing;

    /** Creates an empty table of contents with the given number of words. */
    StepContents(int words) {
        constants = new long[words];
        columns = new long[words][];
        differingWords = new int[words];
        Arrays.fill(index, ABSENT);
    }

    public int size() {
        return size;
    }

    public int words() {
        return constants.length;
    }

    /** Returns the content of a number below {@link #size}. */
    public StepContent at(int content) {
        return new StepContent(this, content);
    }

    public long word(int word, int content) {
        long[] column = columns[word];
        return column == null ? constants[word] : column[content];
    }

    boolean matches(int content, StepRows rows, int row) {
        if (!rows.version().equals(comparedVersion)) {
            compareConstants(rows);
        }
        if (constantsDiffer) {
            return false;
        }
        for (int i = 0; i < differing; i++) {
            int word = differingWords[i];
            if (word(word, content) != rows.wordAt(word, row)) {
                return false;
            }
        }
        return true;
    }

    /** Compares once what is constant in a batch and here; the other words are compared row by row. */
    private void compareConstants(StepRows rows) {
        differing = 0;
        constantsDiffer = false;
        for (int word = 0; word < constants.length; word++) {
            if (columns[word] != null || !rows.isConstant(word)) {
                differingWords[differing++] = word;
            } else {
                constantsDiffer |= constants[word] != rows.wordAt(word, 0);
            }
        }
        comparedVersion = rows.version();
    }

    /** Returns the number of the content of a row, or -1. */
    public int find(StepRows rows, int row) {
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
    public int numberOf(StepRows rows, int row) {
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
            comparedVersion = null;
        } else if (constants[word] != value) {
            long[] filled = new long[capacity];
            Arrays.fill(filled, 0, size, constants[word]);
            filled[size] = value;
            columns[word] = filled;
            comparedVersion = null;
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
        return fold(rows.hashOf(row));
    }

    private int hash(int content) {
        long hash = 0;
        for (int word = 0; word < constants.length; word++) {
            hash += hash(word, word(word, content));
        }
        return fold(hash);
    }

    /** Returns what a word adds to the hash of a content: a sum, so that words equal in a whole batch are hashed once. */
    static long hash(int word, long value) {
        return (value ^ value >>> 32) * (0x9E37_79B9_7F4A_7C15L * (2L * word + 1));
    }

    private static int fold(long hash) {
        long mixed = hash * 0xD6E8_FEB8_6659_FD93L;
        return (int) (mixed ^ mixed >>> 32);
    }
}
