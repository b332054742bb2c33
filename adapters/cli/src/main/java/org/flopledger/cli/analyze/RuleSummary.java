package org.flopledger.cli.analyze;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.cli.output.ComputeTogether;
import org.flopledger.cli.runs.RunAnalysis;
import org.flopledger.cli.text.TextGrid;
import org.flopledger.review.Assessment;
import org.flopledger.review.Finding;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewRule;
import org.flopledger.review.Verdict;
import org.flopledger.units.FlopCount;

/**
 * What the rules in force say of many runs, for people: a table of verdicts, then what was found, rule by rule. Runs of which the
 * same is said stand on one line.
 */
final class RuleSummary {

    private static final int MOST_PLACES = 20;
    private final PrintWriter out;

    RuleSummary(PrintWriter out) {
        this.out = out;
    }

    void print(List<RunAnalysis> analyses) {
        Map<String, ReviewRule> rules = new LinkedHashMap<>();
        Map<String, Map<Verdict, List<Integer>>> verdicts = new LinkedHashMap<>();
        for (int i = 0; i < analyses.size(); i++) {
            for (Assessment assessment : analyses.get(i).assessments()) {
                String id = assessment.rule().id();
                rules.putIfAbsent(id, assessment.rule());
                verdicts.computeIfAbsent(id, first -> new EnumMap<>(Verdict.class))
                        .computeIfAbsent(assessment.verdict(), first -> new ArrayList<>())
                        .add(i + 1);
            }
        }
        out.println();
        out.println("Verdicts, runs by rule");
        List<String> header = new ArrayList<>(List.of("rule"));
        Verdicts.GRAVEST_FIRST.forEach(verdict -> header.add(verdict.name()));
        header.add("what");
        var grid = new TextGrid(header.toArray(String[]::new));
        verdicts.forEach((id, runs) -> {
            List<String> cells = new ArrayList<>(List.of(id));
            Verdicts.GRAVEST_FIRST.forEach(verdict -> cells.add(
                    Integer.toString(runs.getOrDefault(verdict, List.of()).size())));
            cells.add(rules.get(id) == null ? "" : rules.get(id).title());
            grid.row(cells.toArray(String[]::new));
        });
        grid.print(out);
        findings(analyses, rules);
    }

    private void findings(List<RunAnalysis> analyses, Map<String, ReviewRule> rules) {
        Map<String, Map<String, List<Integer>>> byRule = new LinkedHashMap<>();
        Map<String, List<String>> places = new LinkedHashMap<>();
        for (int i = 0; i < analyses.size(); i++) {
            for (var found : analyses.get(i).findings()) {
                Finding finding = found.finding();
                String said = finding.kind() + open(analyses.get(i), finding);
                byRule.computeIfAbsent(finding.rule(), first -> new LinkedHashMap<>())
                        .computeIfAbsent(said, first -> new ArrayList<>())
                        .add(i + 1);
                if (tellsPlace(finding.kind())) {
                    places.computeIfAbsent(finding.rule() + " " + said, first -> new ArrayList<>())
                            .add("run " + (i + 1) + place(finding));
                }
            }
        }
        out.println();
        out.println("Findings");
        if (byRule.isEmpty()) {
            out.println("  none");
        }
        byRule.forEach((id, kinds) -> {
            ReviewRule rule = rules.get(id);
            out.println("  " + id + (rule == null ? "" : ": " + rule.title()));
            kinds.forEach((said, runs) -> {
                out.println("    " + ComputeTogether.numbered(runs) + ": " + said);
                List<String> where = places.getOrDefault(id + " " + said, List.of());
                where.stream().limit(MOST_PLACES).forEach(place -> out.println("      " + place));
                if (where.size() > MOST_PLACES) {
                    out.println("      and " + (where.size() - MOST_PLACES) + " more; --output json has all");
                }
            });
            if (rule != null) {
                out.println("    source: " + rule.citation());
            }
        });
    }

    private static boolean tellsPlace(FindingKind kind) {
        return Verdicts.isCrossing(kind)
                || kind == FindingKind.ENTERED_MARGIN
                || kind == FindingKind.PROJECTED_TO_CROSS;
    }

    private static String place(Finding finding) {
        FlopCount flop = finding.flop();
        return (finding.step() == null ? "" : " at step " + finding.step())
                + (finding.at() == null ? "" : ", " + finding.at())
                + (flop == null ? "" : ": " + flop + " FLOP (" + flop.toScientific(3) + ") counted");
    }

    /** Returns what is still needed, where a finding says that something is. */
    private static String open(RunAnalysis analysis, Finding finding) {
        Set<String> needed = new LinkedHashSet<>();
        for (Assessment assessment : analysis.assessments()) {
            if (assessment.rule().id().equals(finding.rule()) && finding.kind() == FindingKind.BASIS_UNKNOWN) {
                needed.addAll(assessment.otherFactsNeeded());
            }
        }
        return needed.isEmpty() ? "" : "; still needed: " + String.join("; ", needed);
    }
}
