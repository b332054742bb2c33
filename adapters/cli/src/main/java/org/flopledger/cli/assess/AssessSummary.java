package org.flopledger.cli.assess;

import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flopledger.cli.options.Verdicts;
import org.flopledger.cli.text.TextGrid;
import org.flopledger.review.Assessment;
import org.flopledger.review.FactName;
import org.flopledger.review.ReviewRule;
import org.flopledger.review.Verdict;
import org.flopledger.units.FlopBounds;

/** Prints what rules say in short: the verdicts, then what must be done and what would settle what is open. */
final class AssessSummary {

    private static final int SHOWN_DIGITS = 3;
    private final PrintWriter out;

    AssessSummary(PrintWriter out) {
        this.out = out;
    }

    void print(List<Assessment> assessments) {
        Map<Verdict, Long> counts = assessments.stream()
                .collect(Collectors.groupingBy(
                        Assessment::verdict, () -> new EnumMap<>(Verdict.class), Collectors.counting()));
        out.println("Summary: "
                + Verdicts.GRAVEST_FIRST.stream()
                        .filter(counts::containsKey)
                        .map(verdict -> counts.get(verdict) + " " + verdict)
                        .collect(Collectors.joining(", ")));
        var grid = new TextGrid("verdict", "rule", "counted", "line", "in effect");
        for (Verdict verdict : Verdicts.GRAVEST_FIRST) {
            of(assessments, verdict).forEach(one -> row(grid, one));
        }
        grid.print(out);
        of(assessments, Verdict.ABOVE).forEach(this::duties);
        of(assessments, Verdict.IN_MARGIN)
                .forEach(
                        one -> out.println(
                                "Next, " + one.rule().id()
                                        + ": the figure is too near the line for a verdict; state an exact one with --exact, or let a person decide."));
        of(assessments, Verdict.UNDETERMINED).forEach(this::open);
    }

    private static List<Assessment> of(List<Assessment> assessments, Verdict verdict) {
        return assessments.stream().filter(one -> one.verdict() == verdict).toList();
    }

    private static void row(TextGrid grid, Assessment one) {
        FlopBounds counted = one.counted();
        grid.row(
                one.verdict().toString(),
                one.rule().id(),
                counted == null ? "?" : counted.best().toScientific(SHOWN_DIGITS),
                one.threshold() == null
                        ? "none"
                        : one.comparison() + " " + one.threshold().toScientific(SHOWN_DIGITS),
                effect(one.rule()));
    }

    /** Returns when a rule has effect, in words. */
    static String effect(ReviewRule rule) {
        if (rule.neverTookEffect()) {
            return "never";
        }
        LocalDate from = rule.validFrom();
        LocalDate to = rule.validTo();
        if (from == null) {
            return to == null ? "no dates" : "to " + to;
        }
        return "from " + from + (to == null ? "" : " to " + to);
    }

    private void duties(Assessment one) {
        ReviewRule rule = one.rule();
        rule.duties().forEach(duty -> out.println("Duty, " + rule.id() + ": " + duty));
        String deadline = rule.deadline();
        if (deadline != null) {
            out.println("By when, " + rule.id() + ": " + deadline);
        }
        if (rule.duties().isEmpty()) {
            out.println("Next, " + rule.id() + ": the rule states no duty; read " + rule.citation() + ".");
        }
    }

    private void open(Assessment one) {
        one.otherFactsNeeded()
                .forEach(fact -> out.println("Next, " + one.rule().id() + ": find out " + fact + option(fact) + "."));
    }

    /** Returns the option by which an open question is answered, where it is a fact of the list. */
    private static String option(String question) {
        for (FactName fact : FactName.values()) {
            if (question.startsWith(fact.description())) {
                return " (--fact " + fact.key() + "=" + (fact.kind() == FactName.Kind.ANSWER ? "yes|no" : "VALUE")
                        + ")";
            }
        }
        return "";
    }
}
