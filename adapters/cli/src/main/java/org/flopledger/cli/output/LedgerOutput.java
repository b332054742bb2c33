package org.flopledger.cli.output;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.RunFinding;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.cli.runs.NumberedRun;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.review.Finding;
import org.flopledger.units.CountingMethod;

/** Writes what a ledger holds: as canonical JSON, or as a table. */
public final class LedgerOutput {

    private static final int COVERAGE_DIGITS = 6;

    private LedgerOutput() {}

    /** Writes the runs as a field. */
    public static void runs(CanonicalJson json, List<RunAccount> runs) {
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
    public static String coverage(ComputeFigure figure) {
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
    public static void figure(CanonicalJson json, String name, ComputeFigure figure, ComputeFigure total) {
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
    public static void findings(CanonicalJson json, List<RunFinding> findings) {
        json.beginArray("findings");
        for (RunFinding found : findings) {
            json.beginObject().text("run", found.run());
            finding(json, found.finding()).endObject();
        }
        json.endArray();
    }

    /** Writes the fields of a finding into an object that is open. */
    public static CanonicalJson finding(CanonicalJson json, Finding finding) {
        return json.text("rule", finding.rule())
                .text("kind", finding.kind().name())
                .text("verdict", finding.verdict().name())
                .exact("step", finding.step())
                .instant("at", finding.at())
                .exact("flop", finding.flop())
                .text("summary", finding.summary());
    }

    /** Writes what the runs cost together as a field: by method, and a sum across methods that is no one figure. */
    public static void together(CanonicalJson json, List<RunAccount> runs) {
        Map<CountingMethod, BigInteger> sums = new EnumMap<>(CountingMethod.class);
        long unknown = runs.stream().filter(run -> run.total().covered() == 0).count();
        runs.forEach(run -> run.total()
                .parts()
                .forEach((method, part) ->
                        sums.merge(method, part.bounds().best().toBigInteger(), BigInteger::add)));
        json.beginObject("together").beginArray("byMethod");
        sums.forEach((method, sum) -> json.beginObject()
                .text("method", method.name())
                .exact("flop", sum)
                .endObject());
        json.endArray()
                .exact("flop", sums.isEmpty() ? null : sums.values().stream().reduce(BigInteger.ZERO, BigInteger::add))
                .exact("runs", (long) runs.size())
                .exact("runsOfUnknownCost", unknown)
                .endObject();
    }

    /** Prints the runs as a table, and what they cost together. What is not known is a question mark, never a zero. */
    public static void table(PrintWriter out, List<NumberedRun> runs, RowChoice choice) {
        List<RowField<NumberedRun>> fields = RunColumns.ofLedger();
        List<RowField<NumberedRun>> all = new ArrayList<>(RunColumns.all(fields));
        all.add(RowField.text("model", "model", NumberedRun::model));
        all.add(RowField.number("tokens", "tokens", NumberedRun::tokens));
        List<NumberedRun> chosen = choice.chosen(runs, all);
        RunTable.print(out, chosen, fields, all, choice);
        if (!choice.isCsv()) {
            out.println();
            new ComputeTogether(chosen).print(out);
        }
    }

    /** Prints findings for people, rule by rule. */
    public static void findings(PrintWriter out, List<RunFinding> findings) {
        Map<String, List<RunFinding>> byRule = new LinkedHashMap<>();
        findings.forEach(found -> byRule.computeIfAbsent(found.finding().rule(), rule -> new ArrayList<>())
                .add(found));
        if (!findings.isEmpty()) {
            out.println();
            out.println("Findings");
        }
        byRule.forEach((rule, found) -> {
            out.println("  " + rule + ", " + found.size() + (found.size() == 1 ? " finding" : " findings"));
            found.forEach(each -> out.println("    " + each.summary()));
        });
    }
}
