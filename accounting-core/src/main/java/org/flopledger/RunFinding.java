package org.flopledger;

import org.flopledger.review.Finding;

/**
 * A finding and the run it is about.
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
