package org.flopledger.report;

import java.util.List;
import java.util.Locale;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.Assessment;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.review.ReviewRule;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Writes a statement as Markdown for people. */
final class StatementMarkdown {

    private final Statement statement;
    private final StringBuilder out = new StringBuilder();

    StatementMarkdown(Statement statement) {
        this.statement = statement;
    }

    String text() {
        line("# Training compute of " + clean(statement.subject().name()));
        line("");
        summary();
        computeTable();
        ancestors();
        findings();
        statement.assessments().forEach(this::rule);
        form();
        provenance();
        return out.toString();
    }

    private void summary() {
        FlopBounds total = statement.total();
        line(
                total == null
                        ? "The training compute is unknown."
                        : "**" + total.best().toScientific(2) + " FLOP**, exactly " + total.best() + ", between "
                                + total.low()
                                + " and " + total.high() + " ("
                                + statement.provenance().method() + "; "
                                + clean(statement.provenance().convention()) + ").");
        if (statement.coverage() < 1 && total != null) {
            line("");
            line("The figure covers " + percent(statement.coverage())
                    + " of the observed steps at least; the rest is unknown, not zero.");
        }
        line("");
    }

    private void computeTable() {
        line("| part | FLOP | 2 digits | exaFLOP-days |");
        line("|---|---|---|---|");
        row("total", statement.total());
        row("retained in the weights", statement.sum(Facts.Part.RETAINED));
        row("discarded by restarts", statement.sum(Facts.Part.DISCARDED));
        row("recomputed activations (apart)", statement.sum(Facts.Part.RECOMPUTED));
        statement.facts().figures().forEach((method, flop) -> row("by method " + method, FlopBounds.exactly(flop)));
        line("");
        Integer attempts = statement.conduct().attempts();
        Long steps = statement.conduct().steps();
        line("Attempts: " + shown(attempts) + "; steps: " + shown(steps) + ".");
        line("");
    }

    private void row(String name, @Nullable FlopBounds bounds) {
        if (bounds != null) {
            FlopCount best = bounds.best();
            line("| " + name + " | " + best + " | " + best.toScientific(2) + " | "
                    + best.toExaFlopDays().toPlainString() + " |");
        }
    }

    private void ancestors() {
        if (statement.facts().ancestors().isEmpty()) {
            return;
        }
        line("## Ancestors, each counted once");
        line("");
        line("| model | taken over | developer | its own FLOP |");
        line("|---|---|---|---|");
        for (Ancestor ancestor : statement.facts().ancestors()) {
            FlopBounds compute = ancestor.compute();
            line("| " + clean(ancestor.model()) + " | " + words(ancestor.role()) + " | " + words(ancestor.developer())
                    + " | " + (compute == null ? "unknown" : compute.best()) + " |");
        }
        line("");
        FlopBounds cumulative = statement.cumulative();
        if (cumulative != null) {
            line("With the ancestors whose weights it holds: " + cumulative.best() + " FLOP ("
                    + cumulative.best().toScientific(2) + ")"
                    + (statement.unknownAncestors().isEmpty()
                            ? "."
                            : ", at least: the compute of " + clean(String.join(", ", statement.unknownAncestors()))
                                    + " is unknown."));
            line("");
        }
    }

    private void findings() {
        if (statement.findings().isEmpty()) {
            return;
        }
        line("## Findings");
        line("");
        for (Finding finding : statement.findings()) {
            line("- " + (finding.step() == null ? "" : "step " + finding.step() + ": ") + clean(finding.summary()));
        }
        line("");
    }

    private void rule(Assessment assessment) {
        ReviewRule rule = assessment.rule();
        line("## " + rule.id() + ": " + assessment.verdict());
        line("");
        line(clean(rule.title()) + ". Status: " + words(rule.status()) + "; evidence: " + words(rule.evidence()) + ".");
        line("");
        assessment.explanation().forEach(sentence -> line("- " + clean(sentence)));
        assessment.otherFactsNeeded().forEach(fact -> line("- Still needed: " + clean(fact) + "."));
        assessment.assumed().forEach(fact -> line("- Assumed: " + clean(fact) + "."));
        rule.citations()
                .forEach(citation ->
                        line("- Source: " + clean(citation.text()) + " (" + words(citation.evidence()) + ")."));
        line("");
        items(assessment.items());
    }

    private void items(List<Assessment.Item> items) {
        if (items.isEmpty()) {
            return;
        }
        line("| what | FLOP | counted | the text | sentence |");
        line("|---|---|---|---|---|");
        for (Assessment.Item item : items) {
            FlopBounds flop = item.flop();
            line("| " + clean(item.name()) + " | " + (flop == null ? "unknown" : flop.best()) + " | "
                    + (item.counted() ? "yes" : "no") + " | " + words(item.treatment()) + " | "
                    + clean(item.sentence()) + " |");
        }
        line("");
    }

    private void form() {
        line("## European documentation form, compute fields");
        line("");
        line("| field | value |");
        line("|---|---|");
        new DocumentationForm(statement)
                .fields()
                .forEach((field, value) -> line("| " + field + " | " + clean(value) + " |"));
        line("");
        line("Source of the form: " + DocumentationForm.citation() + ".");
        line("");
    }

    private void provenance() {
        Statement.Provenance provenance = statement.provenance();
        line("Made with FlopLedger " + clean(provenance.library()) + ", formulas " + clean(provenance.formulaSet())
                + (provenance.deviceTable() == null ? "" : ", device table " + clean(provenance.deviceTable()))
                + ". Not legal advice.");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "unknown" : value.toString();
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Keeps text from outside from being read as Markdown structure. */
    private static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", " ").replaceAll("([|<>`*\\[\\]])", "\\\\$1");
    }
}
