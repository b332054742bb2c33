package org.flopledger.cli.runs;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.RunFinding;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.logs.IntakeResult;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.review.Assessment;
import org.flopledger.review.Facts;
import org.jspecify.annotations.Nullable;

/**
 * One logged run, what became of it in a ledger, and what that ledger says of it.
 *
 * @param run what its log tells
 * @param compute what it cost, by every method
 * @param intake what became of its steps
 * @param account what the ledger holds of it
 * @param findings what the ledger found
 * @param facts what rules may know of it
 * @param assessments what each rule in force says of it
 * @param undetermined whether a line in force cannot be decided
 */
public record RunAnalysis(
        LoggedRun run,
        RunCompute compute,
        IntakeResult intake,
        RunAccount account,
        List<RunFinding> findings,
        Facts facts,
        List<Assessment> assessments,
        boolean undetermined) {

    public RunAnalysis {
        findings = List.copyOf(findings);
        assessments = List.copyOf(assessments);
    }

    /** Returns the figure of everything that ran, or null if nothing of it can be priced. */
    @Nullable
    public ComputeFigure total() {
        ComputeFigure total = account.total();
        return total.covered() == 0 ? null : total;
    }

    /** Returns whether a line was crossed. */
    boolean isCrossed() {
        return findings.stream().map(found -> found.finding().kind()).anyMatch(Verdicts::isCrossing);
    }

    /** Returns whether anything is known of the work that was done: steps, samples, tokens, time or a figure. */
    static boolean tellsWork(LoggedRun run) {
        LoggedRun.Progress progress = run.progress();
        return run.reportedFlop() != null
                || run.timing().durationMillis() != null
                || progress.samples() != null
                || progress.tokens() != null
                || (progress.steps() != null && progress.steps() > 0);
    }

    /** Returns whether a warning means that a log was not taken in as it is. */
    static boolean isFault(LogWarning warning) {
        return warning.code() == LogWarning.Code.CONFLICT || warning.code() == LogWarning.Code.NOT_TAKEN_IN;
    }

    /** Returns the warnings of the log, of the figures and of the intake. */
    public List<LogWarning> warnings() {
        var all = new ArrayList<>(run.warnings());
        all.addAll(compute.warnings());
        String why = intake.why();
        if (intake.isFault() && why != null) {
            all.add(new LogWarning(
                    intake.kind() == IntakeResult.Kind.CONFLICT
                            ? LogWarning.Code.CONFLICT
                            : LogWarning.Code.NOT_TAKEN_IN,
                    why));
        }
        return all;
    }
}
