package org.flopledger.cli.analyze;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.cli.output.ComputeTogether;
import org.flopledger.cli.output.RowChoice;
import org.flopledger.cli.output.RowField;
import org.flopledger.cli.output.RunColumns;
import org.flopledger.cli.output.RunTable;
import org.flopledger.cli.runs.LogRoad;
import org.flopledger.cli.runs.NotUsed;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.runs.RunAnalysis;
import org.flopledger.cli.runs.SourceLabel;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;

/** Prints an analysis for people. */
final class AnalysisTable {

    private final PrintWriter out;

    AnalysisTable(PrintWriter out) {
        this.out = out;
    }

    void print(LogRoad road, boolean linesInForce, RowChoice choice) {
        List<RunAnalysis> analyses = road.runs();
        List<NumberedRun> all = NumberedRun.ofLogs(analyses);
        boolean withSubmitter = all.stream().anyMatch(AnalysisTable::hasSubmitter);
        List<RowField<NumberedRun>> fields = RunColumns.ofLogs(withSubmitter);
        List<NumberedRun> chosen = choice.chosen(all, RunColumns.all(fields));
        RunTable.print(out, chosen, fields, RunColumns.all(fields), choice);
        if (choice.isCsv()) {
            return;
        }
        out.println("? = the logs do not say."
                + (choice.grouping() != null
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
        NotUsed.print(out, road.found().rejections());
    }

    private static boolean hasSubmitter(NumberedRun run) {
        SourceLabel source = run.source();
        return source != null && source.submitter() != null;
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
                        out.println("  " + copy.sources().get(0) + " repeats " + copy.of() + ": " + copy.why()));
    }
}
