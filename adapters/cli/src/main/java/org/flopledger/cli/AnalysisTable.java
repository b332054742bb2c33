package org.flopledger.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.flopledger.RunFinding;
import org.flopledger.account.ComputeFigure;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.PeakShare;
import org.flopledger.logs.Rejection;
import org.flopledger.review.Finding;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Prints an analysis for people. */
final class AnalysisTable {

    private static final String UNKNOWN = "?";
    private static final int SHOWN_DIGITS = 4;

    private final PrintWriter out;

    AnalysisTable(PrintWriter out) {
        this.out = out;
    }

    void print(LogRoad road, boolean linesInForce) {
        LogCollection found = road.found();
        List<RunAnalysis> analyses = road.runs();
        runs(analyses);
        out.println();
        new ComputeTogether(analyses).print(out);
        if (linesInForce) {
            findings(analyses);
        }
        warnings(analyses);
        duplicates(found);
        EvidenceReport.print(found.evidence(), out);
        rejections(out, found.rejections());
    }

    private void runs(List<RunAnalysis> analyses) {
        var grid = new TextGrid(
                "#", "trained", "status", "steps", "tokens", "devices", "time", "FLOP", "by", "used of peak", "run");
        for (int i = 0; i < analyses.size(); i++) {
            RunAnalysis analysis = analyses.get(i);
            LoggedRun run = analysis.run();
            ComputeFigure total = analysis.total();
            grid.row(
                    Integer.toString(i + 1),
                    trained(run),
                    run.status() == null ? UNKNOWN : run.status().label(),
                    shown(run.progress().steps()),
                    rounded(run.progress().tokens()),
                    run.devices() == null
                            ? UNKNOWN
                            : Long.toString(run.devices().count()),
                    time(run.timing().durationMillis()),
                    total == null ? UNKNOWN : total.bounds().best().toScientific(SHOWN_DIGITS),
                    total == null ? UNKNOWN : ComputeTogether.words(total),
                    used(analysis.compute().peakShare()),
                    run.id());
        }
        grid.print(out);
        out.println(
                "? = the logs do not say. used of peak = model FLOP utilisation, from the share of the narrowest format's dense"
                        + " peak to that of 16 bits.");
    }

    private static String used(@Nullable PeakShare share) {
        if (share == null) {
            return UNKNOWN;
        }
        String high = percent(share.high()) + " %";
        return share.isPoint() ? high : percent(share.low()) + "-" + high;
    }

    private static String percent(BigDecimal share) {
        return share.movePointRight(2).setScale(1, RoundingMode.HALF_UP).toPlainString();
    }

    private static String trained(LoggedRun run) {
        String what = run.benchmark();
        if (what == null) {
            what = run.model() != null && run.model().architecture() != null
                    ? run.model().architecture().name()
                    : run.format().label();
        }
        return what;
    }

    private void findings(List<RunAnalysis> analyses) {
        out.println();
        out.println("Findings");
        Map<String, List<Integer>> runsByFinding = new LinkedHashMap<>();
        for (int i = 0; i < analyses.size(); i++) {
            for (RunFinding found : analyses.get(i).findings()) {
                Finding finding = found.finding();
                String said = finding.kind() + " " + finding.rule() + ": " + finding.summary();
                runsByFinding.computeIfAbsent(said, key -> new ArrayList<>()).add(i + 1);
            }
        }
        if (runsByFinding.isEmpty()) {
            out.println("  none");
        }
        runsByFinding.forEach((said, runs) -> out.println("  " + ComputeTogether.numbered(runs) + ": " + said));
    }

    private void warnings(List<RunAnalysis> analyses) {
        Map<LogWarning, List<Integer>> runsByWarning = new LinkedHashMap<>();
        for (int i = 0; i < analyses.size(); i++) {
            for (LogWarning warning : analyses.get(i).warnings()) {
                runsByWarning.computeIfAbsent(warning, key -> new ArrayList<>()).add(i + 1);
            }
        }
        if (runsByWarning.isEmpty()) {
            return;
        }
        out.println();
        out.println("Warnings");
        runsByWarning.forEach((warning, runs) ->
                out.println("  " + warning.code() + " (" + ComputeTogether.numbered(runs) + "): " + warning.message()));
    }

    private void duplicates(LogCollection found) {
        if (found.duplicates().isEmpty()) {
            return;
        }
        out.println();
        out.println("Repeats, not summed");
        found.duplicates()
                .forEach(copy ->
                        out.println("  " + copy.sources().get(0) + " tells " + copy.of() + " again: " + copy.why()));
    }

    /** Prints what was not used, and why; nothing if everything was. */
    static void rejections(PrintWriter out, List<Rejection> rejections) {
        if (rejections.isEmpty()) {
            return;
        }
        out.println();
        out.println("Not used");
        rejections.forEach(rejection -> out.println("  " + describe(rejection)));
    }

    /** Returns one line that says what was not used, how often, why, and where it was seen first. */
    static String describe(Rejection rejection) {
        String times = rejection.count() == 1 ? "" : " (" + rejection.count() + " times, this is the first)";
        return rejection.first() + ": " + rejection.reason().meaning() + " ["
                + rejection.reason().code() + "]" + times;
    }

    private static String shown(@Nullable Long value) {
        return value == null ? UNKNOWN : value.toString();
    }

    private static String rounded(@Nullable Long tokens) {
        return tokens == null ? UNKNOWN : FlopCount.of(tokens).toScientific(SHOWN_DIGITS);
    }

    private static String time(@Nullable Long millis) {
        if (millis == null) {
            return UNKNOWN;
        }
        long seconds = millis / 1000;
        return String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
