package org.flopledger.cli.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.report.ComputeReport;
import org.flopledger.review.Assessment;
import org.flopledger.review.ReviewRule;
import org.flopledger.review.Verdict;
import org.flopledger.units.FlopBounds;

/** Writes what each rule says, the gravest first: verdict, runs, duty, deadline, dates in force and citation. */
final class VerdictSection {

    private record Row(ComputeReport.Run run, Assessment assessment) {}

    private final Markup out;
    private final ComputeReport report;

    VerdictSection(Markup out, ComputeReport report) {
        this.out = out;
        this.report = report;
    }

    void write() {
        Map<String, List<Row>> byRule = new LinkedHashMap<>();
        for (ComputeReport.Run run : report.runs()) {
            for (Assessment one : run.assessments()) {
                byRule.computeIfAbsent(one.rule().id(), first -> new ArrayList<>())
                        .add(new Row(run, one));
            }
        }
        if (byRule.isEmpty()) {
            out.element("p", "No rule was asked. --profile ID or --rule ID asks one.");
            return;
        }
        List<List<Row>> rules = new ArrayList<>(byRule.values());
        rules.sort(java.util.Comparator.comparingInt(VerdictSection::gravity));
        rules.forEach(this::rule);
    }

    private static int gravity(List<Row> rows) {
        return rows.stream()
                .mapToInt(row -> Verdicts.GRAVEST_FIRST.indexOf(row.assessment().verdict()))
                .min()
                .orElse(Verdicts.GRAVEST_FIRST.size());
    }

    private void rule(List<Row> rows) {
        ReviewRule rule = rows.get(0).assessment().rule();
        Map<Verdict, List<Row>> verdicts = new EnumMap<>(Verdict.class);
        rows.forEach(row -> verdicts.computeIfAbsent(row.assessment().verdict(), first -> new ArrayList<>())
                .add(row));
        Verdict gravest = Verdicts.GRAVEST_FIRST.get(Math.min(gravity(rows), Verdicts.GRAVEST_FIRST.size() - 1));
        out.open("article", "class", "rule v-" + gravest.name().toLowerCase(java.util.Locale.ROOT));
        out.open("h3")
                .open("span", "class", "verdict")
                .text(gravest.name())
                .raw("</span> ")
                .text(rule.id())
                .close("h3");
        out.element("p", rule.title());
        out.open("ul", "class", "verdicts");
        for (Verdict verdict : Verdicts.GRAVEST_FIRST) {
            List<Row> said = verdicts.get(verdict);
            if (said != null) {
                out.open("li").open("strong").text(verdict.name() + ": ").raw("</strong>");
                links(said);
                out.close("li");
            }
        }
        out.close("ul");
        facts(rule, verdicts);
        figures(rows);
        out.close("article");
    }

    private void links(List<Row> rows) {
        out.text(rows.size() == 1 ? "run " : rows.size() + " runs ");
        for (int i = 0; i < rows.size(); i++) {
            int number = rows.get(i).run().number();
            out.text(i == 0 ? "" : ", ");
            out.open("a", "href", "#run-" + number, "aria-label", "run " + number)
                    .text(Integer.toString(number))
                    .raw("</a>");
        }
    }

    private void facts(ReviewRule rule, Map<Verdict, List<Row>> verdicts) {
        out.open("dl", "class", "details");
        boolean isMet = verdicts.containsKey(Verdict.ABOVE);
        if (!rule.duties().isEmpty()) {
            detail(isMet ? "duty" : "duty if it applied", String.join(" ", rule.duties()));
        }
        if (rule.deadline() != null) {
            detail("deadline", rule.deadline());
        }
        detail("in force", effect(rule) + "; " + rule.status().name() + ", checked " + rule.asOf());
        detail("citation", rule.citation() + " [" + rule.evidence() + "]");
        Set<String> needed = new LinkedHashSet<>();
        verdicts.getOrDefault(Verdict.UNDETERMINED, List.of())
                .forEach(row -> needed.addAll(row.assessment().otherFactsNeeded()));
        if (!needed.isEmpty()) {
            detail("still needed", String.join("; ", needed));
        }
        out.close("dl");
    }

    private void detail(String name, String value) {
        out.open("div").element("dt", name).element("dd", value).close("div");
    }

    private static String effect(ReviewRule rule) {
        if (rule.neverTookEffect()) {
            return "never took effect";
        }
        String from = rule.validFrom() == null ? "no first day known" : "from " + rule.validFrom();
        return from + (rule.validTo() == null ? "" : " to " + rule.validTo());
    }

    private void figures(List<Row> rows) {
        List<Row> grave = rows.stream()
                .filter(row -> row.assessment().verdict() == Verdict.ABOVE
                        || row.assessment().verdict() == Verdict.IN_MARGIN)
                .toList();
        if (grave.isEmpty()) {
            return;
        }
        Table table = new Table(out, "Figures near or above the line", "run", "verdict", "low", "best", "high", "line");
        for (Row row : grave) {
            FlopBounds counted = row.assessment().counted();
            table.row(
                    "run " + row.run().number(),
                    row.assessment().verdict().name(),
                    counted == null ? "?" : counted.low().toString(),
                    counted == null ? "?" : counted.best().toString(),
                    counted == null ? "?" : counted.high().toString(),
                    row.assessment().threshold() == null
                            ? "none"
                            : row.assessment().comparison() + " "
                                    + row.assessment().threshold());
        }
        table.end();
    }
}
