package org.flopledger.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.flopledger.RunFinding;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.review.Finding;

/** Writes what a ledger holds: as canonical JSON, or as a table. */
final class LedgerOutput {

    private static final int SHOWN_DIGITS = 4;
    private static final int COVERAGE_DIGITS = 6;

    private LedgerOutput() {}

    /** Writes the runs as a field. */
    static void runs(CanonicalJson json, List<RunAccount> runs) {
        json.beginArray("runs");
        for (RunAccount run : runs) {
            long withTokens = run.totals().known(CellTotals.Known.TOKENS);
            json.beginObject()
                    .text("run", run.run())
                    .number("attempts", (long) run.attempts())
                    .exact("observations", run.totals().observations())
                    .exact("tokens", withTokens == 0 ? null : run.totals().tokens())
                    .exact("observationsWithTokens", withTokens);
            compute(json, run);
            json.beginArray("estimates");
            run.figures()
                    .forEach((method, figure) -> json.beginObject()
                            .text("method", method.name())
                            .exact("flop", figure.bounds().best())
                            .exact("low", figure.bounds().low())
                            .exact("high", figure.bounds().high())
                            .text("coverage", coverage(figure))
                            .endObject());
            json.endArray().endObject();
        }
        json.endArray();
    }

    private static void compute(CanonicalJson json, RunAccount run) {
        if (run.total().covered() == 0) {
            json.none("compute");
            return;
        }
        json.beginObject("compute");
        figure(json, "total", run.total(), run.total());
        figure(json, "retained", run.retained(), run.total());
        figure(json, "discarded", run.discarded(), run.total());
        json.text("coverage", coverage(run.total())).endObject();
    }

    /** Returns the part of the observations that a figure covers; a part that rounds to the whole is not the whole. */
    static String coverage(ComputeFigure figure) {
        if (figure.covered() == 0) {
            return "0.0";
        }
        return figure.isComplete()
                ? "1.0"
                : BigDecimal.valueOf(figure.covered())
                        .divide(BigDecimal.valueOf(figure.observations()), COVERAGE_DIGITS, RoundingMode.DOWN)
                        .toPlainString();
    }

    /** Writes a part of a total; one of which nothing is known is not zero, and one without an observation came as the whole did. */
    static void figure(CanonicalJson json, String name, ComputeFigure figure, ComputeFigure total) {
        if (figure.observations() > 0 && figure.covered() == 0) {
            json.none(name);
            return;
        }
        json.beginObject(name)
                .exact("flop", figure.bounds().best())
                .text("method", method(figure.parts().isEmpty() ? total : figure))
                .exact("low", figure.bounds().low())
                .exact("high", figure.bounds().high())
                .text("exaFlopDays", figure.bounds().best().toExaFlopDays().toPlainString())
                .endObject();
    }

    /** Returns the method of a figure, or {@code MIXED} where its parts came by several. */
    static String method(ComputeFigure figure) {
        return figure.parts().size() == 1
                ? figure.parts().keySet().iterator().next().name()
                : "MIXED";
    }

    /** Writes the findings as a field. */
    static void findings(CanonicalJson json, List<RunFinding> findings) {
        json.beginArray("findings");
        for (RunFinding found : findings) {
            json.beginObject().text("run", found.run());
            finding(json, found.finding()).endObject();
        }
        json.endArray();
    }

    /** Writes the fields of a finding into an object that is open. */
    static CanonicalJson finding(CanonicalJson json, Finding finding) {
        return json.text("rule", finding.rule())
                .text("kind", finding.kind().name())
                .text("verdict", finding.verdict().name())
                .exact("step", finding.step())
                .instant("at", finding.at())
                .exact("flop", finding.flop())
                .text("summary", finding.summary());
    }

    /** Prints the runs as a table. What is not known is a question mark, never a zero. */
    static void table(PrintWriter out, List<RunAccount> runs) {
        var grid = new TextGrid(
                "run", "attempts", "observations", "total FLOP", "retained", "discarded", "method", "coverage");
        for (RunAccount run : runs) {
            boolean isKnown = run.total().covered() > 0;
            grid.row(
                    run.run(),
                    Integer.toString(run.attempts()),
                    Long.toString(run.totals().observations()),
                    shown(run.total(), isKnown),
                    shown(run.retained(), isKnown),
                    shown(run.discarded(), isKnown),
                    isKnown ? method(run.total()) : "?",
                    coverage(run.total()));
        }
        grid.print(out);
    }

    private static String shown(ComputeFigure figure, boolean isKnown) {
        return isKnown ? figure.bounds().best().toScientific(SHOWN_DIGITS) : "?";
    }
}
