package org.flopledger;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Numbers the attempts of one run while its ledger is open. Thread-safe. */
final class RunAttempts {

    private final String run;
    private final BiConsumer<String, String> onRestart;
    private final AttemptLine present;
    private final Map<Integer, AttemptLine> others = new HashMap<>();
    private int highest;

    /**
     * Makes the attempts of a run.
     *
     * @param held the highest attempt that the ledger holds a step of, or -1; the present attempt is the next
     * @param onRestart is told the run and what happened, when an attempt begins by itself
     */
    RunAttempts(String run, int held, BiConsumer<String, String> onRestart) {
        this.run = run;
        this.onRestart = onRestart;
        highest = held + 1;
        present = new AttemptLine(this, highest);
    }

    /** Returns the attempts that began when the run was first registered since the ledger was opened. */
    AttemptLine present() {
        return present;
    }

    /** Begins the attempt after the highest, and one that the ledger may hold meanwhile. */
    synchronized AttemptLine next(int held) {
        highest = Math.max(highest, held) + 1;
        AttemptLine line = new AttemptLine(this, highest);
        others.put(highest, line);
        return line;
    }

    /** Returns the attempts that begin with a number, the same each time. */
    synchronized AttemptLine line(int attempt) {
        if (attempt < 0) {
            throw new IllegalArgumentException("attempt is " + attempt + ", must be >= 0");
        }
        highest = Math.max(highest, attempt);
        return attempt == present.first() ? present : others.computeIfAbsent(attempt, n -> new AttemptLine(this, n));
    }

    /** Returns the number of an attempt that begins because a source went back. */
    synchronized int begin(long last, long step) {
        highest++;
        onRestart.accept(run, "step " + step + " came after step " + last + ": attempt " + highest + " begins");
        return highest;
    }
}
