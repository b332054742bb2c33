package org.flopledger.logs.metric;

import java.math.BigDecimal;
import java.util.Locale;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping says of the columns with a name. Immutable.
 *
 * @param name the name, small letters; each {@code *} in it stands for any characters
 * @param means what it means
 * @param scale what a value is multiplied by to be in the unit of the meaning: tokens, seconds, FLOP
 * @param counts what a value counts
 * @param scope whose count it is
 * @param axis what the step numbers beside the values number, where the tracker itself keeps a step for every value
 * @param stage what the compute of a run that has this column was for, or null if the column does not tell
 */
public record Column(
        String name,
        Meaning means,
        BigDecimal scale,
        Counts counts,
        Scope scope,
        Axis axis,
        @Nullable Stage stage) {

    /** What a value counts. */
    public enum Counts {
        /** Everything since the run began. */
        TOTAL,
        /** What one step took. */
        STEP,
        /** What all steps since the row before took. */
        ROW,
        /** A total if the values never fall and grow more than once, else that of one step. */
        AUTO
    }

    /** Whose count it is. */
    public enum Scope {
        /** That of all processes. */
        ALL,
        /** That of one process. */
        PROCESS,
        /** The name does not tell. */
        UNSAID
    }

    /** What a step number that a tracker keeps with a value numbers. */
    public enum Axis {
        /** Optimizer steps. */
        STEP,
        /** Epochs. */
        EPOCH,
        /** Something else, such as rows or samples. */
        OTHER
    }

    /** Returns whether the column is meant by a name. */
    boolean matches(String candidate) {
        String lower = candidate.toLowerCase(Locale.ROOT);
        if (name.indexOf('*') < 0) {
            return name.equals(lower);
        }
        String[] pieces = name.split("\\*", -1);
        int last = pieces.length - 1;
        if (!lower.startsWith(pieces[0]) || !lower.endsWith(pieces[last])) {
            return false;
        }
        int at = pieces[0].length();
        for (int i = 1; i < last; i++) {
            int found = lower.indexOf(pieces[i], at);
            if (found < 0) {
                return false;
            }
            at = found + pieces[i].length();
        }
        return at <= lower.length() - pieces[last].length();
    }
}
