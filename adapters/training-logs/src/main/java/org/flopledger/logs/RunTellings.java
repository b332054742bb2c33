package org.flopledger.logs;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Compares two logs of one run: an earlier and a later moment of it, or two that contradict each other. Stateless. */
public final class RunTellings {

    private RunTellings() {}

    /** Returns whether one of the two can be the beginning of the other. */
    public static boolean agree(LoggedRun one, LoggedRun other) {
        RunExtent first = extent(one);
        RunExtent second = extent(other);
        return first.isLaterThan(second) ? fits(other, one) : fits(one, other);
    }

    private static boolean fits(LoggedRun earlier, LoggedRun later) {
        RunExtent before = extent(earlier);
        if (hasEnded(earlier, later) && extent(later).isLaterThan(before)) {
            return false;
        }
        return before.agreesWith(extent(later)) && RunRows.of(later).canHold(before, earlier.attempts());
    }

    /** Returns whether a run had ended when the earlier log was written: only a further attempt can add to it then. */
    private static boolean hasEnded(LoggedRun earlier, LoggedRun later) {
        return earlier.timing().end() != null
                && (earlier.status() == RunStatus.SUCCESS
                        || (earlier.status() == RunStatus.ABORTED && earlier.attempts() == later.attempts()));
    }

    /** Returns whether the first tells more: a later moment, or more work where the two contradict each other. */
    public static boolean tellsMore(LoggedRun first, LoggedRun second) {
        return agree(first, second)
                ? extent(first).isLaterThan(extent(second))
                : extent(first).isLargerThan(extent(second));
    }

    private static RunExtent extent(LoggedRun run) {
        RunExtent rows = RunRows.of(run).extent();
        BigInteger amount = rows.tokens() == null ? whole(run.progress().samples()) : rows.tokens();
        return new RunExtent(rows.lastStep(), amount, rows.reported());
    }

    private static @Nullable BigInteger whole(@Nullable Long amount) {
        return amount == null ? null : BigInteger.valueOf(amount);
    }
}
