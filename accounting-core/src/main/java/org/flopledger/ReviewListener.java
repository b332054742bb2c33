package org.flopledger;

import org.flopledger.review.Finding;

/**
 * Told of each finding of a run after it is committed, outside every lock of the ledger.
 *
 * <p>Within one ledger calls come one at a time, in the order of the findings. A listener may read totals. What it throws is
 * logged and counted, and changes no total and no other listener's call.
 */
@FunctionalInterface
public interface ReviewListener {

    /**
     * Receives one finding.
     *
     * @param run the run's identity
     * @param finding what happened
     */
    void onFinding(String run, Finding finding);
}
