package org.flopledger;

/**
 * Told of each finding after it is committed, outside every lock that guards totals.
 *
 * <p>Within one ledger calls come one at a time, in the order of the findings. A listener may read totals. What it throws is
 * logged, and changes no total and no other listener's call.
 */
@FunctionalInterface
public interface ReviewListener {

    /** Receives one finding. */
    void onFinding(RunFinding finding);
}
