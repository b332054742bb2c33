package org.flopledger.cli.report;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.flopledger.account.ComputeFigure;
import org.flopledger.lineage.Ancestor;
import org.flopledger.report.ComputeReport;
import org.flopledger.review.Assessment;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;

/** Draws the static pictures of a report. */
final class Charts {

    private static final int MOST_BARS = 60;
    private static final double LEFT = 170;
    private static final double ROW = 18;
    private static final double PLOT = Chart.WIDTH - LEFT - 40;
    private static final int NAME = 24;

    private Charts() {}

    /** Draws each run's interval and the lines of the rules, on one log axis; empty if no run has a figure. */
    static String thresholds(ComputeReport report) {
        List<ComputeReport.Run> runs = report.runs().stream()
                .filter(run -> run.total() != null)
                .limit(MOST_BARS)
                .toList();
        Map<FlopCount, String> lines = new LinkedHashMap<>();
        for (ComputeReport.Run run : report.runs()) {
            for (Assessment one : run.assessments()) {
                FlopCount threshold = one.threshold();
                if (threshold != null) {
                    lines.merge(threshold, one.rule().id(), (all, id) -> all.contains(id) ? all : all + ", " + id);
                }
            }
        }
        List<BigInteger> amounts = new ArrayList<>();
        lines.keySet().forEach(line -> amounts.add(line.toBigInteger()));
        for (ComputeReport.Run run : runs) {
            FlopBounds bounds = bounds(run);
            amounts.add(bounds.low().toBigInteger());
            amounts.add(bounds.high().toBigInteger());
        }
        if (runs.isEmpty()) {
            return "";
        }
        double top = 16 + 14.0 * Math.min(lines.size(), 8);
        double bottom = top + ROW * runs.size() + 4;
        LogAxis axis = LogAxis.of(amounts, LEFT, PLOT);
        Chart chart = new Chart(
                        "thresholds",
                        bottom + 22,
                        "Training compute of each run against the lines of the rules",
                        "A bar from the least to the most a figure can be, a dot at the best figure, on a logarithmic axis of"
                                + " FLOP; a vertical line for each rule. The tables say the same exactly.")
                .axis(axis, top, bottom);
        int line = 0;
        for (Map.Entry<FlopCount, String> threshold : lines.entrySet()) {
            double x = axis.at(threshold.getKey().toBigInteger());
            double y = 12 + 14.0 * (line++ % 8);
            chart.line(x, y + 2, x, bottom, "limit");
            chart.label(x - 4, y, "end", Chart.brief(threshold.getValue(), 60));
        }
        for (int i = 0; i < runs.size(); i++) {
            interval(chart, axis, bounds(runs.get(i)), top + ROW * i + 4, label(runs.get(i)), 0);
        }
        String more = report.runs().size() > runs.size()
                ? " The first " + runs.size() + " runs with a figure are drawn."
                : "";
        return chart.figure("Bar: from low to high; dot: best; dashed: a rule's line." + more);
    }

    private static void interval(Chart chart, LogAxis axis, FlopBounds bounds, double y, String name, int colour) {
        double low = axis.at(bounds.low().toBigInteger());
        chart.bar(low, y, axis.at(bounds.high().toBigInteger()) - low, ROW - 8, Chart.colour(colour) + " soft");
        chart.dot(axis.at(bounds.best().toBigInteger()), y + (ROW - 8) / 2, Chart.colour(colour));
        chart.label(LEFT - 8, y + ROW - 9, "end", name);
    }

    private static FlopBounds bounds(ComputeReport.Run run) {
        FlopBounds bounds = run.total();
        return bounds == null ? FlopBounds.ZERO : bounds;
    }

    private static String label(ComputeReport.Run run) {
        return run.number() + "  " + Chart.brief(run.model() == null ? run.name() : run.model(), NAME - 4);
    }

    /** Draws every method's interval of one run; empty for fewer than two. */
    static String methods(ComputeReport.Run run) {
        if (run.methods().size() < 2) {
            return "";
        }
        List<BigInteger> amounts = new ArrayList<>();
        run.methods().forEach(figure -> {
            amounts.add(figure.bounds().low().toBigInteger());
            amounts.add(figure.bounds().best().toBigInteger());
            amounts.add(figure.bounds().high().toBigInteger());
        });
        double bottom = 8 + ROW * run.methods().size();
        LogAxis axis = LogAxis.of(amounts, LEFT, PLOT);
        Chart chart = new Chart(
                        "methods-" + run.number(),
                        bottom + 22,
                        "Methods side by side, run " + run.number(),
                        "The interval of each method on a logarithmic axis of FLOP; the table below has the numbers.")
                .axis(axis, 4, bottom);
        for (int i = 0; i < run.methods().size(); i++) {
            ComputeReport.MethodFigure figure = run.methods().get(i);
            interval(chart, axis, figure.bounds(), 8 + ROW * i, words(figure.method()), i);
        }
        return chart.figure(
                "Methods are compared, never added or averaged. Device time is a ceiling: its bar begins at nothing.");
    }

    /** Draws stages, retained and discarded; empty for a run of one stage without discarded steps. */
    static String stages(ComputeReport.Run run) {
        Map<Stage, ComputeFigure> totals = run.account().totalByStage();
        Map<Stage, ComputeFigure> discarded = run.account().discardedByStage();
        if (run.total() == null || (totals.size() < 2 && discarded.isEmpty())) {
            return "";
        }
        double most = totals.values().stream()
                .mapToDouble(figure -> figure.bounds().best().toDouble())
                .max()
                .orElse(1);
        Chart chart = new Chart(
                "stages-" + run.number(),
                16 + ROW * totals.size(),
                "Stages of run " + run.number(),
                "FLOP of each stage; the hatched end of a bar was discarded by restarts. The table has the numbers.");
        int row = 0;
        for (Map.Entry<Stage, ComputeFigure> stage : totals.entrySet()) {
            double y = 8 + ROW * row++;
            double all = PLOT * stage.getValue().bounds().best().toDouble() / most;
            ComputeFigure lost = discarded.get(stage.getKey());
            double hatched = lost == null ? 0 : PLOT * lost.bounds().best().toDouble() / most;
            chart.bar(LEFT, y, all - hatched, ROW - 6, Chart.colour(row));
            if (hatched > 0) {
                chart.bar(LEFT + all - hatched, y, hatched, ROW - 6, "lost");
            }
            chart.label(LEFT - 8, y + ROW - 8, "end", Chart.brief(stage.getKey().name(), NAME));
        }
        return chart.figure(
                "Linear in FLOP, the longest bar is " + scientific(most) + " FLOP. Outlined: discarded by restarts.");
    }

    /** Draws what each ancestor adds, and the sum; empty without ancestors. */
    static String lineage(ComputeReport.Run run) {
        List<Ancestor> ancestors = run.facts().ancestors().stream()
                .filter(ancestor -> ancestor.role() == Ancestor.Role.WEIGHTS)
                .toList();
        FlopBounds own = run.total();
        if (ancestors.isEmpty() || own == null) {
            return "";
        }
        double all = own.best().toDouble();
        for (Ancestor ancestor : ancestors) {
            FlopBounds compute = ancestor.compute();
            all += compute == null ? 0 : compute.best().toDouble();
        }
        Chart chart = new Chart(
                "lineage-" + run.number(),
                16 + ROW * (ancestors.size() + 2),
                "Lineage of run " + run.number(),
                "Each ancestor of the weights adds its own compute once, then the run its own; the last bar is the sum.");
        double from = 0;
        int row = 0;
        for (Ancestor ancestor : ancestors) {
            FlopBounds compute = ancestor.compute();
            double amount = compute == null ? 0 : compute.best().toDouble();
            step(chart, row++, from / all, amount / all, Chart.brief(ancestor.model(), NAME), compute == null, 2);
            from += amount;
        }
        step(chart, row++, from / all, own.best().toDouble() / all, "this run", false, 0);
        boolean isOpen = ancestors.stream().anyMatch(ancestor -> ancestor.compute() == null);
        step(chart, row, 0, 1, isOpen ? "together, at least" : "together", false, 5);
        return chart.figure("Linear in FLOP, " + (isOpen ? "at least " : "") + scientific(all)
                + " together. An ancestor reached twice counts once"
                + (isOpen ? "; one of unknown compute adds nothing here." : "."));
    }

    private static void step(
            Chart chart, int row, double from, double share, String name, boolean isUnknown, int colour) {
        double y = 8 + ROW * row;
        chart.label(LEFT - 8, y + ROW - 8, "end", name);
        if (isUnknown) {
            chart.label(LEFT + PLOT * from + 4, y + ROW - 8, "start", "unknown");
        } else {
            chart.bar(LEFT + PLOT * from, y, PLOT * share, ROW - 6, Chart.colour(colour));
        }
    }

    /** Draws experts and training methods along the steps; empty if there is nothing of the kind. */
    static String events(ComputeReport.Run run) {
        if (run.events().isEmpty()) {
            return "";
        }
        long last = run.events().stream()
                .mapToLong(ComputeReport.Event::lastStep)
                .max()
                .orElse(1);
        Chart chart = new Chart(
                "events-" + run.number(),
                34 + ROW * run.events().size(),
                "Experts and training methods of run " + run.number() + " along its steps",
                "A bar for the steps for which each holds.");
        int row = 0;
        double steps = Math.max(1, last);
        for (ComputeReport.Event event : run.events()) {
            double from = PLOT * (double) Math.max(0, event.firstStep() - 1) / steps;
            double y = 8 + ROW * row;
            chart.bar(LEFT + from, y, PLOT * (double) event.lastStep() / steps - from, ROW - 6, Chart.colour(row++));
            chart.label(LEFT - 8, y + ROW - 8, "end", Chart.brief(event.what(), NAME));
        }
        chart.label(LEFT, chart.height() - 8, "start", "step 1")
                .label(LEFT + PLOT, chart.height() - 8, "end", "step " + last);
        return chart.figure("Attempts lie on one another where steps were repeated.");
    }

    private static String scientific(double amount) {
        return String.format(Locale.ROOT, "%.3e", amount);
    }

    /** Returns a method in words. */
    static String words(org.flopledger.units.CountingMethod method) {
        return switch (method) {
            case ARCHITECTURE -> "layers";
            case PARAMETER_TOKEN -> "parameters x tokens";
            case HARDWARE -> "device time";
            case REPORTED -> "the trainer's claim";
        };
    }
}
