package org.flopledger.logs.console;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LossCurve;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunEvidence;

/** Reads the lines of one console log. One instance a file; confined to one thread. */
public abstract class ConsoleReader {

    private static final int SHOWN = 400;

    private final List<ConsoleRun> runs = new ArrayList<>();
    private boolean gaveUp;
    private boolean tooLong;

    /** Creates a reader. */
    protected ConsoleReader() {}

    /** Takes the next line; returns whether it is one that this format knows. */
    protected abstract boolean line(ConsoleLine line, LogFile file);

    /** Is called behind the last line, to add the run that is open. */
    protected abstract void end(long lines);

    /** Leaves the file to other formats: a line shows that it is theirs. */
    protected final void giveUp() {
        gaveUp = true;
    }

    final boolean hasGivenUp() {
        return gaveUp;
    }

    /** Returns whether a run had more steps than any has. */
    final boolean isTooLong() {
        return tooLong;
    }

    /** Adds a run; one without rows is none. */
    protected final void add(RunEvidence.Builder run, ConsoleRows rows, long lines) {
        if (rows.rows() == 0) {
            return;
        }
        if (rows.tell(run, lines)) {
            runs.add(new ConsoleRun(run.build(), rows.losses()));
        } else {
            tooLong = true;
        }
    }

    /** Adds a run that is told by no rows of the kind above. */
    protected final void add(RunEvidence run, LossCurve losses) {
        runs.add(new ConsoleRun(run, losses));
    }

    /** Says that a run has more steps than any has. */
    protected final void refuseTooLong() {
        tooLong = true;
    }

    final List<ConsoleRun> runs() {
        return List.copyOf(runs);
    }

    /** Counts a line that makes no sense. */
    protected static void reject(ConsoleLine line, LogFile file) {
        file.reject(RejectionReason.IMPLAUSIBLE_VALUE, line.number());
    }

    /** Returns a line from a place on, as what tells its run from others; text before it, such as a rank, differs in copies. */
    protected static String identity(ConsoleLine line, int from) {
        return line.text(from, line.to(), SHOWN);
    }
}
