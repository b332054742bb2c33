package org.flopledger;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.flopledger.account.RunAccount;
import org.flopledger.telemetry.StepRecorder;

/**
 * One start of a registered run of an open ledger. Thread-safe; meant to be kept.
 *
 * <p>Its attempt is one more than the highest of which the ledger held a step when the run was first registered since the ledger
 * was opened: 0 for a new run, and one more each time a durable ledger is opened again by a restarted job.
 *
 * <p>A job that goes back to a checkpoint without being started again records smaller step numbers than before. <b>A step
 * number below the last one of the same thread and source begins a new attempt by itself</b>: what the run did from there on
 * becomes discarded compute, and still counts in the total. Other threads and sources join the new attempt as they go back, or
 * when they come to where it began without having been there before. The same number once more is a repeat: it counts
 * once, and is counted as a duplicate, or as a conflict if it says something else. How often this happened is in {@link
 * ComputeLedger#status}. Whoever knows better says so with {@link #newAttempt} or {@link #attempt(int)}.
 */
public final class LedgerRun {

    private static final String DEFAULT_SOURCE = "trainer";

    private final ComputeLedger ledger;
    private final RunSpec spec;
    private final AttemptLine line;
    private final String source;
    private final StepRecorder.Run recorder;
    private final Map<String, LedgerRun> sources;

    LedgerRun(ComputeLedger ledger, RunSpec spec, AttemptLine line) {
        this(ledger, spec, line, DEFAULT_SOURCE, new ConcurrentHashMap<>(1));
    }

    private LedgerRun(
            ComputeLedger ledger, RunSpec spec, AttemptLine line, String source, Map<String, LedgerRun> sources) {
        this.ledger = ledger;
        this.spec = spec;
        this.line = line;
        this.source = source;
        this.sources = sources;
        recorder = ledger.recording().handle(spec, line, source);
    }

    /** Returns the run's identity. */
    public String id() {
        return spec.id();
    }

    /** Returns how the run was described. */
    public RunSpec spec() {
        return spec;
    }

    /**
     * Returns the number of this start of the run, from 0: the one that began last, if step numbers went back since. Looks at
     * the steps recorded so far first, as {@link ComputeLedger#flush} does, but does not wait for the disk.
     */
    public int attempt() {
        ledger.recording().takePending();
        return line.last();
    }

    /**
     * Begins the next start of the run and returns its handle, as after a rollback to a checkpoint. This handle goes on to
     * record its own attempt.
     */
    public LedgerRun newAttempt() {
        ledger.recording().takePending();
        return new LedgerRun(ledger, spec, line.run().next());
    }

    /**
     * Returns the handle of a start of the run by its number, whether or not anything is known of it yet.
     *
     * @param number from 0
     */
    public LedgerRun attempt(int number) {
        return new LedgerRun(ledger, spec, line.run().line(number));
    }

    /**
     * Returns the handle for another observer of the same steps, such as a rank: what sources saw of one step adds up. The
     * source of a run's own handle is {@code trainer}. The same handle each time, so that this may be called for each step.
     */
    public LedgerRun source(String name) {
        LedgerRun known = sources.get(name);
        return known == null
                ? sources.computeIfAbsent(name, added -> new LedgerRun(ledger, spec, line, added, sources))
                : known;
    }

    /**
     * Returns a draft of a step; set what is known and call {@code record}.
     *
     * <p>Recording takes no lock, waits for no disk and allocates nothing after a thread's first steps. The step is in the
     * accounts soon after, at most the ledger's flush interval, and before any total is read. When the recorder is full,
     * {@code record} waits until there is room or fails, as the ledger was asked to.
     *
     * @param step the optimizer step
     */
    public StepRecorder.Step step(long step) {
        return recorder.step(step);
    }

    /** Returns what the run has cost so far. */
    public RunAccount totals() {
        return ledger.totals(spec.id());
    }

    /** Returns the run and the source. */
    @Override
    public String toString() {
        return "LedgerRun[" + spec.id() + ", attempt " + line.last() + ", source " + source + "]";
    }
}
