package org.flopledger.cli;

import java.util.List;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.review.Finding;

/** Something that runs are held against. */
sealed interface Screening permits TypedThreshold, RuleScreening {

    /** Returns its name, as a report lists it. */
    String id();

    /** Returns what it says of a run. */
    Result screen(LoggedRun run, RunCompute compute);

    /**
     * What was said of a run.
     *
     * @param findings in the order of their steps
     * @param undetermined whether too little is known to say that nothing was crossed
     */
    record Result(List<Finding> findings, boolean undetermined) {

        public Result {
            findings = List.copyOf(findings);
        }
    }
}
