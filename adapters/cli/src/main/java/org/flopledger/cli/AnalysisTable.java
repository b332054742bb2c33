package org.flopledger.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.Rejection;

/** Prints an analysis for people. */
final class AnalysisTable {

    private final PrintWriter out;

    AnalysisTable(PrintWriter out) {
        this.out = out;
    }

    void print(LogRoad road, boolean linesInForce, RowChoice choice) {
        List<RunAnalysis> analyses = road.runs();
        List<NumberedRun> all = numbered(analyses);
        boolean withSubmitter = all.stream().anyMatch(AnalysisTable::hasSubmitter);
        List<RowField<NumberedRun>> fields = NumberedRun.ofLogs(withSubmitter);
        List<NumberedRun> chosen = choice.chosen(all, NumberedRun.all(fields));
        RowChoice.Grouping grouping = choice.grouping();
        if (grouping != null) {
            List<RowField<RunGroups.Group>> columns = RunGroups.fields(grouping);
            print(RunGroups.of(chosen, grouping), columns, columns, choice);
        } else {
            print(chosen, fields, NumberedRun.all(fields), choice);
        }
        if (choice.isCsv()) {
            return;
        }
        out.println("? = the logs do not say."
                + (grouping != null
                        ? ""
                        : " used of peak = model FLOP utilisation, from the share of the narrowest format's dense peak to that of 16"
                                + " bits."));
        if (chosen.size() < all.size()) {
            out.println(
                    chosen.size() + " of " + all.size() + " runs are shown; what follows but for the sums is of all.");
        }
        out.println();
        new ComputeTogether(chosen).print(out);
        if (linesInForce) {
            new RuleSummary(out).print(analyses);
        }
        warnings(analyses);
        duplicates(road.found());
        EvidenceReport.print(road.found().evidence(), out);
        rejections(out, road.found().rejections());
    }

    private <R> void print(List<R> rows, List<RowField<R>> shown, List<RowField<R>> exact, RowChoice choice) {
        if (choice.isCsv()) {
            RowPrinter.csv(out, rows, exact);
        } else {
            RowPrinter.table(out, rows, shown, Terminal.width());
        }
    }

    private static boolean hasSubmitter(NumberedRun run) {
        SourceLabel source = run.source();
        return source != null && source.submitter() != null;
    }

    /** Returns the runs with their numbers, in the order of their first file's path. */
    static List<NumberedRun> numbered(List<RunAnalysis> analyses) {
        List<SourceLabel> labels = SourceLabel.of(analyses.stream()
                .map(analysis -> analysis.run().sources().get(0))
                .toList());
        List<NumberedRun> numbered = new ArrayList<>();
        for (int i = 0; i < analyses.size(); i++) {
            RunAnalysis analysis = analyses.get(i);
            numbered.add(new NumberedRun(
                    i + 1, analysis.account(), analysis.facts(), trained(analysis.run()), labels.get(i), analysis));
        }
        return numbered;
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
}
