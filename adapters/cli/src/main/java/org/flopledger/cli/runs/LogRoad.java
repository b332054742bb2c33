package org.flopledger.cli.runs;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.ComputeLedger;
import org.flopledger.RunFinding;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.Lines;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.logs.IntakeResult;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.Rejection;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunCompute;
import org.flopledger.logs.RunIntake;
import org.flopledger.review.Assessment;

/**
 * The road from logs to a ledger and to an exit code, the same for {@code analyze}, whose ledger lives in memory, and for
 * {@code ingest}. What is found comes from the ledger and from nowhere else.
 *
 * @param found what the search for logs found
 * @param runs the runs, in the order of their first file's path
 */
public record LogRoad(LogCollection found, List<RunAnalysis> runs) {

    public LogRoad {
        runs = List.copyOf(runs);
    }

    /** Takes logs into a ledger whose lines are in force. */
    public static LogRoad into(ComputeLedger ledger, LogCollection found, Lines lines) {
        List<RunCompute> computes = new ArrayList<>();
        List<IntakeResult> intakes = new ArrayList<>();
        for (LoggedRun run : found.runs()) {
            RunCompute compute = RunCompute.of(run);
            computes.add(compute);
            intakes.add(RunIntake.record(run, compute, ledger));
        }
        Map<String, List<RunFinding>> findings = new HashMap<>();
        for (RunFinding finding : ledger.standingFindings()) {
            findings.computeIfAbsent(finding.run(), run -> new ArrayList<>()).add(finding);
        }
        List<RunAnalysis> runs = new ArrayList<>();
        for (int i = 0; i < computes.size(); i++) {
            LoggedRun run = found.runs().get(i);
            List<Assessment> assessments = lines.assessments(ledger, run.id());
            runs.add(new RunAnalysis(
                    run,
                    computes.get(i),
                    intakes.get(i),
                    ledger.totals(run.id()),
                    findings.getOrDefault(run.id(), List.of()),
                    ledger.facts(run.id()),
                    assessments,
                    Verdicts.areOpen(assessments)));
        }
        return new LogRoad(found, runs);
    }

    /** Returns whether a log tells of any work; says on a stream for messages what was not used if none does. */
    public static boolean isUsable(LogCollection found, PrintWriter err) {
        boolean isUsable = found.runs().stream().anyMatch(RunAnalysis::tellsWork);
        if (!isUsable) {
            found.rejections().forEach(rejection -> err.println("flopledger: " + NotUsed.describe(rejection)));
        }
        return isUsable;
    }

    /** Says on a stream for messages what of the paths and runs that were named could not be used, and returns how the command ends. */
    public ExitStatus status(PrintWriter err) {
        boolean faulty = false;
        for (Rejection rejection : found.rejections()) {
            if (rejection.reason() == RejectionReason.MISSING_PATH
                    || rejection.reason() == RejectionReason.UNREADABLE) {
                err.println("flopledger: " + NotUsed.describe(rejection));
                faulty = true;
            }
        }
        for (RunAnalysis analysis : runs) {
            for (LogWarning warning : analysis.warnings()) {
                if (RunAnalysis.isFault(warning)) {
                    err.println("flopledger: " + analysis.run().id() + ": " + warning.message());
                    faulty = true;
                }
            }
        }
        if (runs.stream().anyMatch(RunAnalysis::isCrossed)) {
            return ExitStatus.CROSSED;
        } else if (faulty) {
            return ExitStatus.FAILURE;
        }
        return runs.stream().anyMatch(RunAnalysis::undetermined) ? ExitStatus.UNDETERMINED : ExitStatus.FINE;
    }
}
