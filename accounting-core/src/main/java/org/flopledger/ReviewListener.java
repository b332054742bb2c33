package org.flopledger;

/**
 * Told of each finding after it is committed, outside every lock that guards totals.
 *
 * <p>Within one ledger calls come one at a time, in the order of the findings. A listener may read totals. What it throws is
 * logged, and changes no total and no other listener's call.
 *
 * <p>At least once: a durable ledger marks a finding as told when every listener has returned normally from it. One without
 * that mark, because a listener threw or did not return before the end, is told again, to all listeners, when the ledger is
 * opened the next time.
 */
@FunctionalInterface
public interface ReviewListener {

    /** Receives one finding. */
    void onFinding(RunFinding finding);
}
