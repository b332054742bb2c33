package org.flopledger;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.flopledger.account.CellTotals;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;
import org.jspecify.annotations.Nullable;

/** Counts what a ledger was given since it was opened: first as pending, by its outcome once it is on the disk. Thread-safe. */
final class Tally {

    /** The last step of a run's newest attempt. */
    record Reached(int attempt, long step) {

        Reached or(Reached other) {
            boolean isLater = attempt > other.attempt || (attempt == other.attempt && step > other.step);
            return isLater ? this : other;
        }
    }

    private record Outcome(long commit, IngestResult result, Map<String, Reached> reached) {}

    private final Queue<Outcome> undurable = new ArrayDeque<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Reached> reached = new HashMap<>();
    private long given;
    private long settled;
    private long accepted;
    private long duplicates;
    private long conflicts;

    /** Begins with the last steps of what a ledger holds when it is opened. */
    synchronized void begin(AccountBook book) {
        for (String run : book.runs()) {
            for (CellTotals cell : book.account(run).totals().cells()) {
                reached.merge(run, new Reached(cell.attempt(), cell.lastStep()), Reached::or);
            }
        }
    }

    /** Counts observations as pending. */
    synchronized void give(long observations) {
        given += observations;
    }

    /** Takes back observations that were given and nothing of which was taken in. */
    synchronized void takeBack(long observations) {
        given -= observations;
    }

    /**
     * Remembers the outcome of a batch until its commit is on the disk. To be called in the order of the commits.
     *
     * @param steps where the batch brought its runs, see {@link #reached(Validation)}
     */
    synchronized void outcome(long commit, IngestResult result, Map<String, Reached> steps) {
        undurable.add(new Outcome(commit, result, steps));
    }

    /** Returns the last step of the newest attempt of each run that a batch has accepted steps of. */
    static Map<String, Reached> reached(Validation validation) {
        StepBatch batch = validation.batch();
        int runs = batch.runs().size();
        int[] attempts = new int[runs];
        long[] steps = new long[runs];
        Arrays.fill(attempts, -1);
        for (int row = 0; row < batch.rows(); row++) {
            if (validation.mask().isAccepted(row)) {
                int run = batch.runIndex(row);
                int attempt = batch.attempt(row);
                long step = batch.step(row);
                if (attempt > attempts[run] || (attempt == attempts[run] && step > steps[run])) {
                    attempts[run] = attempt;
                    steps[run] = step;
                }
            }
        }
        Map<String, Reached> all = new HashMap<>();
        for (int run = 0; run < runs; run++) {
            if (attempts[run] >= 0) {
                all.put(batch.runs().get(run), new Reached(attempts[run], steps[run]));
            }
        }
        return all;
    }

    /** Counts what belongs to commits up to this one by its outcome. */
    synchronized void durable(long commit) {
        for (Outcome head = undurable.peek(); head != null && head.commit <= commit; head = undurable.peek()) {
            undurable.remove();
            IngestResult result = head.result;
            settled += result.rows();
            accepted += result.accepted();
            duplicates += result.repeats().duplicates();
            conflicts += result.repeats().conflicts();
            for (RowRejection rejection : result.rejections()) {
                rejected.merge(rejection.code(), (long) rejection.count(), Long::sum);
            }
            head.reached.forEach((run, step) -> reached.merge(run, step, Reached::or));
        }
    }

    /** Returns the status, with what the recorder says of itself. */
    synchronized LedgerStatus status(Recording.Counts recorder, @Nullable LedgerException failure) {
        Map<String, Long> steps = new HashMap<>();
        reached.forEach((run, last) -> steps.put(run, last.step));
        return new LedgerStatus(
                given - settled + recorder.pending(),
                accepted,
                rejected,
                duplicates,
                conflicts,
                steps,
                recorder.pending() + recorder.exchanged(),
                recorder.capacity(),
                recorder.waits(),
                recorder.refused(),
                recorder.restarts(),
                failure);
    }
}
