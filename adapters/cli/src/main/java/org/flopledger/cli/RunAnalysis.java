package org.flopledger.cli;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.ComputeLedger;
import org.flopledger.account.RunAccount;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.RunIntake;
import org.flopledger.review.Finding;

/**
 * One run with what it cost and what was said of it.
 *
 * @param run what its log tells
 * @param compute what it cost, by every method
 * @param account what the ledger holds of it
 * @param findings what rules and thresholds say
 * @param undetermined whether one of them could not decide
 */
record RunAnalysis(
        LoggedRun run, RunCompute compute, RunAccount account, List<Finding> findings, boolean undetermined) {

    RunAnalysis {
        findings = List.copyOf(findings);
    }

    static RunAnalysis of(LoggedRun run, List<Screening> screenings, ComputeLedger ledger) {
        RunCompute compute = RunCompute.of(run);
        RunIntake.record(run, compute, ledger);
        var findings = new ArrayList<Finding>();
        boolean undetermined = false;
        for (Screening screening : screenings) {
            Screening.Result result = screening.screen(run, compute);
            findings.addAll(result.findings());
            undetermined |= result.undetermined();
        }
        return new RunAnalysis(run, compute, ledger.totals(run.id()), findings, undetermined);
    }

    /** Returns whether anything is known of the work that was done: steps, samples, tokens, time or a figure. */
    boolean tellsWork() {
        LoggedRun.Progress progress = run.progress();
        return compute.total() != null
                || run.reportedFlop() != null
                || run.timing().durationMillis() != null
                || progress.samples() != null
                || progress.tokens() != null
                || (progress.steps() != null && progress.steps() > 0);
    }

    /** Returns the warnings of the log and of the figures. */
    List<LogWarning> warnings() {
        var all = new ArrayList<>(run.warnings());
        all.addAll(compute.warnings());
        return all;
    }
}
