package org.flopledger.cli.report;

import java.util.List;
import java.util.Locale;
import org.flopledger.report.ComputeReport;
import org.flopledger.report.ComputeReport.Point;

/** Draws how the FLOP of a run grew: everything that ran, and what of it is still in the weights. */
final class SeriesChart {

    private static final double LEFT = 70;
    private static final double TOP = 10;
    private static final double HIGH = 170;
    private static final double PLOT = Chart.WIDTH - LEFT - 20;

    private SeriesChart() {}

    static String of(ComputeReport.Run run) {
        List<Point> points = run.series().points();
        if (points.size() < 2) {
            return "";
        }
        double last = Math.max(1, points.get(points.size() - 1).ran());
        double most = Math.max(1, points.get(points.size() - 1).total().doubleValue());
        Chart chart = new Chart(
                "series-" + run.number(),
                TOP + HIGH + 24,
                "Cumulative FLOP of run " + run.number(),
                "The upper line is everything that ran, the lower one what is still in the weights; where a restart went back"
                        + " the lower one falls.");
        for (int i = 0; i <= 4; i++) {
            double y = TOP + HIGH - HIGH * i / 4;
            chart.line(LEFT, y, LEFT + PLOT, y, "grid");
            chart.label(LEFT - 6, y + 4, "end", String.format(Locale.ROOT, "%.2e", most * i / 4));
        }
        var total = new StringBuilder();
        var retained = new StringBuilder();
        int attempt = points.get(0).attempt();
        for (Point point : points) {
            double x = LEFT + PLOT * point.ran() / last;
            if (point.attempt() != attempt) {
                attempt = point.attempt();
                chart.line(x, TOP, x, TOP + HIGH, "restart");
                chart.label(x + 3, TOP + 11, "start", "attempt " + (attempt + 1));
            }
            add(total, x, point.total().doubleValue() / most);
            add(retained, x, point.retained().doubleValue() / most);
        }
        chart.path(retained.toString(), "curve kept").path(total.toString(), "curve all");
        chart.label(LEFT, TOP + HIGH + 16, "start", "0 steps");
        chart.label(LEFT + PLOT, TOP + HIGH + 16, "end", (long) last + " steps that ran");
        return chart.figure("Solid: everything that ran. Dashed: what is still in the weights. "
                + run.series().why());
    }

    private static void add(StringBuilder points, double x, double share) {
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, TOP + HIGH - HIGH * share));
    }
}
