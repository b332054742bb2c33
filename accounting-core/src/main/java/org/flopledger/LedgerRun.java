package org.flopledger;

import org.flopledger.account.RunAccount;

/** A registered run of an open ledger. Thread-safe. */
public final class LedgerRun {

    private final ComputeLedger ledger;
    private final RunSpec spec;

    LedgerRun(ComputeLedger ledger, RunSpec spec) {
        this.ledger = ledger;
        this.spec = spec;
    }

    /** Returns the run's identity. */
    public String id() {
        return spec.id();
    }

    /** Returns how the run was described. */
    public RunSpec spec() {
        return spec;
    }

    /** Returns what the run has cost so far. */
    public RunAccount totals() {
        return ledger.totals(spec.id());
    }
}
