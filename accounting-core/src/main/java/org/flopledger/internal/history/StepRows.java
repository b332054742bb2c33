package org.flopledger.internal.history;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one batch as the step histories read them: three key columns beside the step, the content of a row as a fixed
 * number of words, and the accept mask.
 *
 * <p>What a content word means is the account's affair: here two rows have equal content when all their words are equal. A
 * null is therefore written as a word too, for instance as a bit in a word of null flags. Wall clock times are not content:
 * they say when a step was seen, not what was done.
 *
 * <p>A column with one value in the whole batch is given as a constant and costs nothing to scan. The arrays are read in
 * place, never copied; the object is reused from batch to batch. Confined to one thread.
 */
public final class StepRows {

    /** A key column: one value a row, or one value for all rows. */
    private static final class Key {
        private int @Nullable [] values;
        private int constant;

        int at(int row) {
            return values == null ? constant : values[row];
        }

        int equalUpTo(int from, int to) {
            return values == null
                    ? to
                    : from + 1 + prefix(Arrays.mismatch(values, from, to - 1, values, from + 1, to), to - 1 - from);
        }
    }

    private final Key run = new Key();
    private final Key attempt = new Key();
    private final Key source = new Key();
    private final long[] @Nullable [] words;
    private final long[] constants;
    private long[] steps = new long[0];
    private long[] accept = new long[0];
    private int rows;
    private long constantsHash;
    private @Nullable Object hashedVersion;

    /** Made when first asked for after a change. */
    private @Nullable Object version;

    /** Creates a view of rows with the given number of content words: no rows yet, every column constant 0. */
    public StepRows(int contentWords) {
        words = new long[contentWords][];
        constants = new long[contentWords];
    }

    /**
     * Starts a batch; columns set before keep their arrays, so set again those that change.
     *
     * @param rowCount number of rows
     * @param stepColumn the step of each row, at least 0 where the row is accepted
     * @param acceptMask bit {@code i % 64} of word {@code i / 64} says whether row {@code i} is accepted so far; the
     *     histories clear the bits of repeats
     */
    public StepRows batch(int rowCount, long[] stepColumn, long[] acceptMask) {
        requireLength("step column", stepColumn.length, rowCount);
        requireLength("accept mask", acceptMask.length, (rowCount + 63) >>> 6);
        rows = rowCount;
        steps = stepColumn;
        accept = acceptMask;
        return this;
    }

    /** Sets the run code of each row. */
    StepRows runs(int[] column) {
        return set(run, column);
    }

    /** Sets the one run code of all rows. */
    StepRows run(int code) {
        return set(run, code);
    }

    /** Sets the attempt of each row. */
    StepRows attempts(int[] column) {
        return set(attempt, column);
    }

    /** Sets the one attempt of all rows. */
    StepRows attempt(int number) {
        return set(attempt, number);
    }

    /** Sets the source code of each row. */
    StepRows sources(int[] column) {
        return set(source, column);
    }

    /** Sets the one source code of all rows. */
    StepRows source(int code) {
        return set(source, code);
    }

    /** Sets one content word of each row. */
    StepRows words(int word, long[] column) {
        requireLength("content column", column.length, rows);
        words[word] = column;
        version = null;
        return this;
    }

    /** Sets one content word of all rows. */
    public StepRows word(int word, long value) {
        words[word] = null;
        constants[word] = value;
        version = null;
        return this;
    }

    private StepRows set(Key key, int[] column) {
        requireLength("key column", column.length, rows);
        key.values = column;
        return this;
    }

    private StepRows set(Key key, int value) {
        key.values = null;
        key.constant = value;
        return this;
    }

    private static void requireLength(String name, int actual, int expected) {
        if (actual < expected) {
            throw new IllegalArgumentException(name + " has length " + actual + ", must be >= " + expected);
        }
    }

    int rows() {
        return rows;
    }

    int contentWords() {
        return constants.length;
    }

    int runAt(int row) {
        return run.at(row);
    }

    int attemptAt(int row) {
        return attempt.at(row);
    }

    int sourceAt(int row) {
        return source.at(row);
    }

    long stepAt(int row) {
        return steps[row];
    }

    boolean isConstant(int word) {
        return words[word] == null;
    }

    /** Returns an object that is another one whenever a word has changed, and in every object of this class. */
    Object version() {
        Object known = version;
        if (known == null) {
            known = new Object();
            version = known;
        }
        return known;
    }

    long wordAt(int word, int row) {
        long[] column = words[word];
        return column == null ? constants[word] : column[row];
    }

    /** Returns the sum of {@link StepContents#hash(int, long)} over the words of a row. */
    long hashOf(int row) {
        long hash = constantsHash();
        for (int word = 0; word < words.length; word++) {
            long[] column = words[word];
            if (column != null) {
                hash += StepContents.hash(word, column[row]);
            }
        }
        return hash;
    }

    private long constantsHash() {
        if (!version().equals(hashedVersion)) {
            constantsHash = 0;
            for (int word = 0; word < words.length; word++) {
                constantsHash += words[word] == null ? StepContents.hash(word, constants[word]) : 0;
            }
            hashedVersion = version();
        }
        return constantsHash;
    }

    boolean isAccepted(int row) {
        return (accept[row >>> 6] >>> row & 1) != 0;
    }

    void reject(int row) {
        accept[row >>> 6] &= ~(1L << row);
    }

    /**
     * Returns the end (exclusive) of the longest range from {@code from} of accepted rows with one run, attempt and source,
     * consecutive steps and equal content. Row {@code from} must be accepted.
     */
    int endOfUniformRange(int from) {
        int next = from + 1;
        // Interleaved and changing rows end here, before any column is scanned.
        if (next == rows || steps[next] != steps[from] + 1 || !sameKeyAndContent(from, next)) {
            return next;
        }
        int end = acceptedUpTo(from);
        end = run.equalUpTo(from, end);
        end = attempt.equalUpTo(from, end);
        end = source.equalUpTo(from, end);
        end = consecutiveUpTo(from, end);
        for (long[] column : words) {
            if (column != null) {
                end = from + 1 + prefix(Arrays.mismatch(column, from, end - 1, column, from + 1, end), end - 1 - from);
            }
        }
        return end;
    }

    private boolean sameKeyAndContent(int a, int b) {
        if (source.at(a) != source.at(b) || run.at(a) != run.at(b) || attempt.at(a) != attempt.at(b)) {
            return false;
        }
        for (long[] column : words) {
            if (column != null && column[a] != column[b]) {
                return false;
            }
        }
        return true;
    }

    private int consecutiveUpTo(int from, int to) {
        int row = from + 1;
        while (row < to && steps[row] == steps[row - 1] + 1) {
            row++;
        }
        return row;
    }

    private int acceptedUpTo(int from) {
        int word = from >>> 6;
        long rejected = ~accept[word] >>> from << from;
        while (rejected == 0 && (word + 1) << 6 < rows) {
            rejected = ~accept[++word];
        }
        return Math.min(rows, (word << 6) + Long.numberOfTrailingZeros(rejected));
    }

    // A column shifted by one against itself: the first mismatch is where its value changes.
    private static int prefix(int mismatch, int length) {
        return mismatch < 0 ? length : mismatch;
    }
}
