package org.flopledger;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Numbers the attempts of one run while its ledger is open, and knows the model of its steps to come. Thread-safe. */
final class RunAttempts {

    private final Consumer<String> onRestart;
    private final AttemptLine present;
    private final Map<Integer, AttemptLine> others = new HashMap<>();
    private volatile @Nullable String model;
    private int highest;

    /**
     * Makes the attempts of a run.
     *
     * @param held the highest attempt that the ledger holds a step of, or -1; the present attempt is the next
     * @param onRestart is told what happened when an attempt begins by itself
     */
    RunAttempts(int held, Consumer<String> onRestart) {
        this.onRestart = onRestart;
        highest = held + 1;
        present = new AttemptLine(this, highest);
    }

    /** Returns the model key of steps that are taken from now on, or null while none is known. */
    @Nullable
    String model() {
        return model;
    }

    /** Sets the model key, also for handles that were made before it was known. */
    void use(@Nullable String key) {
        model = key;
    }

    /** Returns the attempts that began when the run was first registered since the ledger was opened. */
    AttemptLine present() {
        return present;
    }

    /** Says that the ledger holds a step of an attempt, whoever began it. */
    synchronized void seen(int attempt) {
        highest = Math.max(highest, attempt);
    }

    /** Begins the attempt after the highest that anybody has begun. */
    synchronized AttemptLine next() {
        highest++;
        AttemptLine line = new AttemptLine(this, highest);
        others.put(highest, line);
        return line;
    }

    /** Returns the attempts that begin with a number, the same each time. */
    synchronized AttemptLine line(int attempt) {
        if (attempt < 0) {
            throw new IllegalArgumentException("attempt is " + attempt + ", must be >= 0");
        }
        seen(attempt);
        return attempt == present.first() ? present : others.computeIfAbsent(attempt, n -> new AttemptLine(this, n));
    }

    /** Returns the number of an attempt that begins because a source went back. */
    synchronized int begin(long last, long step) {
        highest++;
        onRestart.accept("step " + step + " came after step " + last + ": attempt " + highest + " begins");
        return highest;
    }
}
