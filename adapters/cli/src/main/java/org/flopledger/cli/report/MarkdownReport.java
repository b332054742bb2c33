package org.flopledger.cli.report;

import java.math.BigInteger;
import java.util.Map;
import java.util.stream.Collectors;
import org.flopledger.account.RunAccount.Arithmetic;
import org.flopledger.cli.text.ShownText;
import org.flopledger.report.ComputeReport;
import org.flopledger.review.Assessment;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;

/** Writes a report as Markdown: verdicts first, then totals, runs and how each figure was counted. */
final class MarkdownReport {

    private final ComputeReport report;
    private final StringBuilder out = new StringBuilder();

    /** Makes the text of a report. */
    public MarkdownReport(ComputeReport report) {
        this.report = report;
    }

    /** Returns the text, ending with a line feed. */
    public String text() {
        line("# Training compute of " + report.runs().size() + " runs");
        line("");
        line("From " + clean(report.origin()) + ", by FlopLedger " + report.library() + ". Not legal advice.");
        verdicts();
        totals();
        report.runs().forEach(this::run);
        remarks();
        return out.toString();
    }

    private void verdicts() {
        line("");
        line("## Verdicts");
        line("");
        line("| run | rule | verdict | counted | line | duty | deadline | in force | citation |");
        line("|---|---|---|---|---|---|---|---|---|");
        for (ComputeReport.Run run : report.runs()) {
            for (Assessment one : run.assessments()) {
                FlopBounds counted = one.counted();
                row(
                        run.number(),
                        one.rule().id(),
                        one.verdict(),
                        counted == null ? "?" : counted.best(),
                        one.threshold() == null ? "none" : one.comparison() + " " + one.threshold(),
                        String.join(" ", one.rule().duties()),
                        one.rule().deadline() == null ? "" : one.rule().deadline(),
                        (one.rule().validFrom() == null
                                        ? ""
                                        : "from " + one.rule().validFrom())
                                + (one.rule().validTo() == null
                                        ? ""
                                        : " to " + one.rule().validTo()),
                        one.rule().citation());
            }
        }
    }

    private void totals() {
        line("");
        line("## Totals by method");
        line("");
        line("| method | FLOP |");
        line("|---|---|");
        for (Map.Entry<CountingMethod, BigInteger> sum : report.together().entrySet()) {
            row(Charts.words(sum.getKey()), sum.getValue());
        }
        line("");
        line("| run | model | source | low | best | high | by |");
        line("|---|---|---|---|---|---|---|");
        for (ComputeReport.Run run : report.runs()) {
            FlopBounds total = run.total();
            row(
                    run.number(),
                    run.model() == null ? run.name() : run.model(),
                    run.source() == null ? run.name() : run.source(),
                    total == null ? "?" : total.low(),
                    total == null ? "?" : total.best(),
                    total == null ? "?" : total.high(),
                    run.account().total().parts().keySet().stream()
                            .map(Charts::words)
                            .collect(Collectors.joining(" + ")));
        }
    }

    private void run(ComputeReport.Run run) {
        line("");
        line("## Run " + run.number() + ", how it was counted");
        line("");
        line("| part | figure | sum of rows | FLOP each | product |");
        line("|---|---|---|---|---|");
        for (Arithmetic part : run.account().arithmetic()) {
            String name = "attempt " + (part.attempt() + 1) + ", " + part.stage() + ", steps " + part.firstStep()
                    + " to " + part.lastStep();
            part.low().forEach(product -> product(name, "low", product));
            part.best().forEach(product -> product(name, "best", product));
            part.high().forEach(product -> product(name, "high", product));
        }
        run.warnings().forEach(warning -> line("- " + clean(warning.code() + ": " + warning.why())));
    }

    private void product(String part, String figure, Arithmetic.Product product) {
        row(part, figure, product.amount() + " " + product.input(), product.each(), product.flop());
    }

    private void remarks() {
        if (report.remarks().isEmpty()) {
            return;
        }
        line("");
        line("## Left out");
        line("");
        line("| what | how | how often | why |");
        line("|---|---|---|---|");
        report.remarks()
                .forEach(remark ->
                        row(remark.what(), remark.kind() + " " + remark.code(), remark.count(), remark.why()));
    }

    private void row(Object... cells) {
        var row = new StringBuilder("|");
        for (Object cell : cells) {
            row.append(' ').append(clean(cell.toString())).append(" |");
        }
        line(row.toString());
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    /** Keeps text from outside from being read as Markdown structure. */
    private static String clean(String text) {
        return ShownText.escaped(text).replaceAll("([|<>`*\\[\\]])", "\\\\$1");
    }
}
