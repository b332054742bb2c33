package org.flopledger.cli;

import java.time.Instant;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.StepRange;
import org.jspecify.annotations.Nullable;

/** When a log shows that a step was done. */
final class StepTimes {

    private StepTimes() {}

    /** Returns the first moment at which the log says that the run is at or beyond a step, or null. */
    static @Nullable Instant shownDone(LoggedRun run, long step) {
        long samples = samplesUpTo(run, step);
        for (LoggedRun.ProgressMark mark : run.marks()) {
            if (mark.samples() >= samples) {
                return mark.time();
            }
        }
        return run.timing().end();
    }

    private static long samplesUpTo(LoggedRun run, long step) {
        long samples = 0;
        for (StepRange range : run.steps()) {
            samples += Math.max(0, Math.min(range.count(), step - range.first() + 1)) * range.sequences();
        }
        return samples;
    }
}
