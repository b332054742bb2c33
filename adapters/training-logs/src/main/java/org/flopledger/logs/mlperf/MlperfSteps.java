package org.flopledger.logs.mlperf;

import java.util.List;
import java.util.TreeSet;
import org.flopledger.logs.LoggedRun.ProgressMark;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The steps of an MLPerf run, made of how far its log says it was.
 *
 * <p>A run that was restarted did steps twice. What an earlier start did is seen in its evaluations: it came to the last of them at
 * least. Where the next one went on is seen in its first evaluation: behind the last one before it that the run had passed already,
 * since evaluations come at the same places again. Decision 0021.
 *
 * @param batch sequences in a step
 * @param sequenceLength tokens in a sequence
 * @param stage what the compute was for
 */
record MlperfSteps(long batch, long sequenceLength, Stage stage) {

    /**
     * Returns the steps, or null if their size makes no sense.
     *
     * @param sequences how far the last start came
     * @param attempts how many starts there were
     * @param finished whether the log tells the end of the last start
     * @param marks how far the run was at evaluations
     */
    @Nullable
    LoggedSteps of(long sequences, int attempts, boolean finished, List<ProgressMark> marks) {
        LoggedStepsBuilder steps = LoggedSteps.builder();
        var passed = new TreeSet<Long>();
        int at = 0;
        for (int attempt = 0; attempt < attempts; attempt++) {
            int from = at;
            long reached = 0;
            while (at < marks.size() && marks.get(at).attempt() <= attempt) {
                reached = Math.max(reached, marks.get(at).samples());
                at++;
            }
            boolean isLast = attempt == attempts - 1;
            if (isLast && (attempt == 0 || finished || at > from)) {
                reached = sequences;
            }
            Long behind = passed.lower(at > from ? Math.min(marks.get(from).samples(), reached) : reached);
            if (!add(steps, behind == null ? 0 : behind / batch, reached)) {
                return null;
            }
            marks.subList(from, at).forEach(mark -> passed.add(mark.samples()));
            if (!isLast) {
                steps.newAttempt();
            }
        }
        return steps.build();
    }

    /** Adds the steps after some that were done before, up to an amount of sequences. */
    private boolean add(LoggedStepsBuilder steps, long stepsBefore, long sequences) {
        long full = sequences / batch;
        long rest = sequences % batch;
        return (full <= stepsBefore || add(steps, stepsBefore + 1, full - stepsBefore, batch))
                && (rest == 0 || full < stepsBefore || add(steps, full + 1, 1, rest));
    }

    private boolean add(LoggedStepsBuilder steps, long first, long count, long sequences) {
        return steps.steps(first, count)
                .stage(stage)
                .sequences(sequences, sequenceLength)
                .add();
    }
}
