package org.flopledger;

import org.flopledger.account.RunAccount;
import org.flopledger.telemetry.StepRecorder;

/**
 * One start of a registered run of an open ledger. Thread-safe; meant to be kept.
 *
 * <p>Its attempt is the number of attempts of which the ledger held steps when the run was first registered since the ledger was opened:
 * 0 for a new run, and one more each time a durable ledger is opened again by a restarted job.
 */
public final class LedgerRun {

    private static final String DEFAULT_SOURCE = "trainer";

    private final ComputeLedger ledger;
    private final RunSpec spec;
    private final int attempt;
    private final StepRecorder.Run recorder;

    LedgerRun(ComputeLedger ledger, RunSpec spec, int attempt) {
        this(ledger, spec, attempt, DEFAULT_SOURCE);
    }

    private LedgerRun(ComputeLedger ledger, RunSpec spec, int attempt, String source) {
        this.ledger = ledger;
        this.spec = spec;
        this.attempt = attempt;
        this.recorder = ledger.recording().handle(spec, attempt, source);
    }

    /** Returns the run's identity. */
    public String id() {
        return spec.id();
    }

    /** Returns how the run was described. */
    public RunSpec spec() {
        return spec;
    }

    /** Returns the number of this start of the run, from 0. */
    public int attempt() {
        return attempt;
    }

    /**
     * Returns the handle for another observer of the same steps, such as a rank: what sources saw of one step adds up. The
     * source of a run's own handle is {@code trainer}.
     */
    public LedgerRun source(String source) {
        return new LedgerRun(ledger, spec, attempt, source);
    }

    /**
     * Returns this thread's draft of a step; set what is known and call {@code record}.
     *
     * <p>Recording takes no lock and allocates nothing after a thread's first step. The step is in the accounts within a
     * second, and before any total is read. When very many steps wait, {@code record} takes them in itself.
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
}
