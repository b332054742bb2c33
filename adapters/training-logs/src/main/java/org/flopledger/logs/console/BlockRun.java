package org.flopledger.logs.console;

import org.flopledger.logs.LogFile;
import org.flopledger.logs.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * Reads logs that tell a step in several lines: one that names it, and one figure in each line behind. Confined to one thread.
 */
public abstract class BlockRun extends OneRun {

    private @Nullable StepRow open;
    private long openedAt;

    /** Begins a log whose first step has a number, 0 or 1. */
    protected BlockRun(int firstStep) {
        super(firstStep);
    }

    /** Returns the number of the step that a line names, or a negative number. */
    protected abstract long step(ConsoleLine line);

    /** Returns where the line that names a step begins, behind labels and times. */
    protected abstract int begin(ConsoleLine line);

    /** Takes a line behind one that names a step; returns whether it belongs to the step. */
    protected abstract boolean figure(ConsoleLine line, StepRow row);

    /** Takes a line outside of steps; returns whether it says something of the run. */
    protected abstract boolean setting(ConsoleLine line);

    /** Is called before the row of a step is added; returns whether it is to be added. */
    protected boolean complete(StepRow row) {
        return true;
    }

    @Override
    protected final boolean line(ConsoleLine line, LogFile file) {
        long step = step(line);
        if (step >= 0) {
            close(file);
            open = begin(line, begin(line), step);
            openedAt = line.number();
            return true;
        }
        return (open != null && figure(line, open)) || setting(line);
    }

    private void close(LogFile file) {
        if (!closeRow()) {
            file.reject(RejectionReason.IMPLAUSIBLE_VALUE, openedAt);
        }
    }

    private boolean closeRow() {
        boolean added = open == null || !complete(open) || rows().add();
        open = null;
        return added;
    }

    @Override
    protected final void finishRows() {
        closeRow();
    }
}
