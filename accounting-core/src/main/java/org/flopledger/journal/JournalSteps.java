package org.flopledger.journal;

import java.util.Arrays;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * A batch of step observations as it goes into the journal and comes back out of it.
 *
 * <p>Holds a reference to the vectors of its maker, no copy: append it before the batch is changed or closed. A batch that
 * comes out of the journal lives until the call it is handed to returns, has no rejected rows, and lacks the columns that
 * held nothing.
 */
public final class JournalSteps implements JournalEntry {

    private final VectorSchemaRoot root;
    private final DictionaryProvider dictionaries;
    private final long @Nullable [] accepted;

    private JournalSteps(VectorSchemaRoot root, DictionaryProvider dictionaries, long @Nullable [] accepted) {
        this.root = root;
        this.dictionaries = dictionaries;
        this.accepted = accepted;
    }

    /** Returns all rows of a batch. */
    public static JournalSteps of(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        return new JournalSteps(root, dictionaries, null);
    }

    /**
     * Returns the accepted rows of a batch.
     *
     * @param accepted bit {@code i % 64} of word {@code i / 64} says whether row {@code i} is written; not copied
     */
    public static JournalSteps of(VectorSchemaRoot root, DictionaryProvider dictionaries, long[] accepted) {
        if (accepted.length * 64L < root.getRowCount()) {
            throw new IllegalArgumentException(
                    "accept mask has " + accepted.length * 64L + " bits, must be >= " + root.getRowCount() + " rows");
        }
        return new JournalSteps(root, dictionaries, accepted);
    }

    /** Returns the columns. */
    public VectorSchemaRoot root() {
        return root;
    }

    /** Returns the dictionaries of the encoded columns. */
    public DictionaryProvider dictionaries() {
        return dictionaries;
    }

    /** Returns the accepted rows in order, or null when they are all. */
    int @Nullable [] selection() {
        int rows = root.getRowCount();
        if (accepted == null) {
            return null;
        }
        int[] selection = new int[rows];
        int count = 0;
        for (int row = 0; row < rows; row++) {
            if ((accepted[row >>> 6] >>> row & 1) != 0) {
                selection[count++] = row;
            }
        }
        return count == rows ? null : Arrays.copyOf(selection, count);
    }
}
