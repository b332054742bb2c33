package org.flopledger;

import org.flopledger.review.Finding;

/**
 * A finding and the run it is about.
 *
 * <p>What a listener given to {@code LedgerBuilder.onFinding} is told, and what {@link ComputeLedger#findings} returns. Immutable.
 *
 * @param run the run's identity
 * @param finding what happened, at which step, and what was counted
 */
public record RunFinding(String run, Finding finding) {

    /** Returns one sentence for a person. */
    public String summary() {
        return run + ": " + finding.summary();
    }
}
