package org.flopledger.internal.history;

/**
 * How many rows of a batch repeated a step that was already held, and the first of each kind. Confined to one thread.
 */
public final class StepRepeats {

    /** The row of a repeat that did not occur. */
    public static final int NONE = -1;

    private int duplicates;
    private int conflicts;
    private int firstDuplicate = NONE;
    private int firstConflict = NONE;

    void clear() {
        duplicates = 0;
        conflicts = 0;
        firstDuplicate = NONE;
        firstConflict = NONE;
    }

    /** Counts a repeat; rows are counted in ascending order. */
    void count(int row, boolean equalContent) {
        if (equalContent) {
            firstDuplicate = duplicates++ == 0 ? row : firstDuplicate;
        } else {
            firstConflict = conflicts++ == 0 ? row : firstConflict;
        }
    }

    /** Returns whether no row repeated a step. */
    public boolean isNone() {
        return duplicates == 0 && conflicts == 0;
    }

    /** Returns how many rows repeated a step with equal content. */
    public int duplicates() {
        return duplicates;
    }

    /** Returns how many rows repeated a step with other content. */
    public int conflicts() {
        return conflicts;
    }

    /** Returns the first row that repeated a step with equal content, or {@link #NONE}. */
    public int firstDuplicate() {
        return firstDuplicate;
    }

    /** Returns the first row that repeated a step with other content, or {@link #NONE}. */
    public int firstConflict() {
        return firstConflict;
    }

    /**
     * Takes the accepted rows of a batch into the histories of their runs and clears the accept bits of repeats.
     *
     * @param rows the batch
     * @param histories the history of a run code, never null for the code of an accepted row
     * @return how many rows stay accepted
     */
    public int admit(StepRows rows, Histories histories) {
        clear();
        int accepted = 0;
        int row = 0;
        while (row < rows.rows()) {
            if (!rows.isAccepted(row)) {
                row++;
                continue;
            }
            int end = rows.endOfUniformRange(row);
            accepted += histories.of(rows.runAt(row)).admit(rows, row, end, this);
            row = end;
        }
        return accepted;
    }

    /** Finds the history of a run. */
    public interface Histories {
        RunHistory of(int run);
    }
}
