package org.flopledger.logs.console;

import java.util.List;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.ModelOrigin;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.model.Architecture;
import org.flopledger.model.PeftMethod;
import org.jspecify.annotations.Nullable;

/**
 * Reads logs whose step lines each tell one row, usually of one run: what is left to write is which line that is and what it says. Confined to one
 * thread.
 */
public abstract class OneRun extends ConsoleReader {

    private final int firstStep;
    private ConsoleRows rows;
    private String identity = "";
    private long begun;
    private long resumedAt = -1;
    private int starter;

    /** Begins a log whose first step has a number, 0 or 1. */
    protected OneRun(int firstStep) {
        this.firstStep = firstStep;
        this.rows = new ConsoleRows(firstStep);
    }

    /** Returns the rows. */
    protected final ConsoleRows rows() {
        return rows;
    }

    /** Begins the row of a step; the line from a place on tells the run from others. */
    protected final StepRow begin(ConsoleLine line, int from, long step) {
        if (identity.isEmpty()) {
            identity = identity(line, from);
            begun = line.number();
        }
        if (resumedAt >= 0) {
            rows.resumesAfter(resumedAt);
            resumedAt = -1;
        }
        return rows.row(step).micros(Stamps.before(line, from)).label(line.label());
    }

    /** Adds the row that was filled, and counts a line that makes no sense. */
    protected final void commit(ConsoleLine line, LogFile file) {
        if (!rows.add()) {
            reject(line, file);
        }
    }

    /** Says that a process goes on behind so many steps; what other processes say of the same start is passed over. */
    protected final void resumesAfter(ConsoleLine line, long made) {
        if (rows.rows() == 0 || line.label() == starter) {
            starter = line.label();
            resumedAt = made;
        }
    }

    /** Adds a row that is still open at the end of the log. */
    protected void finishRows() {}

    /** Says to the run what the log's other lines tell. */
    protected abstract void describe(RunEvidence.Builder run);

    @Override
    protected final void end(long lines) {
        finishRows();
        finish(lines - begun + 1);
    }

    /** Ends the run at a line that begins another one; the reader forgets what it keeps of the one before. */
    protected final void endRun(ConsoleLine line) {
        finish(line.number() - begun);
        rows = new ConsoleRows(firstStep);
        identity = "";
    }

    private void finish(long lines) {
        if (rows.rows() > 0) {
            RunEvidence.Builder run = RunEvidence.of(identity);
            describe(run);
            add(run, rows, lines);
        }
    }

    /** Says how many devices worked; not positive if not known. */
    protected static void devices(RunEvidence.Builder run, long count, @Nullable String model) {
        if (count > 0) {
            run.worldSize(count).devices(new Devices(count, model));
        } else {
            run.unknown(Unknown.DEVICES);
        }
    }

    /** Says what was trained, whole; null if not known. */
    protected static void model(RunEvidence.Builder run, @Nullable Architecture architecture) {
        if (architecture == null) {
            run.unknown(Unknown.MODEL);
        } else {
            run.model(new LoggedModel(architecture, PeftMethod.FULL, null, null, List.of()), ModelOrigin.LOG);
        }
    }
}
