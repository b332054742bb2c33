package org.flopledger.collector;

import java.util.Locale;
import org.flopledger.LedgerStatus;
import org.flopledger.units.FlopCount;

/** Writes what the collector and its ledger say of themselves in the OpenMetrics text format 1.0. Confined to one thread. */
final class OpenMetrics {

    static final String TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final int MOST_RUNS = 1_000;

    private final StringBuilder text = new StringBuilder(1 << 12);

    static String of(LedgerStatus status, Counters counters, Budget budget, RunBoard.View shown, int viewers) {
        OpenMetrics metrics = new OpenMetrics();
        metrics.ledger(status);
        metrics.server(counters, budget, viewers);
        metrics.runs(shown);
        return metrics.text.append("# EOF\n").toString();
    }

    private void ledger(LedgerStatus status) {
        family(
                "flopledger_observations",
                "counter",
                "Observations by what became of them since the ledger was opened.");
        value("flopledger_observations_total{outcome=\"accepted\"}", status.accepted());
        value("flopledger_observations_total{outcome=\"duplicate\"}", status.duplicates());
        value("flopledger_observations_total{outcome=\"conflict\"}", status.conflicts());
        family("flopledger_rejected", "counter", "Observations that were rejected, by reason.");
        status.rejected()
                .forEach(
                        (reason, count) -> value("flopledger_rejected_total{reason=\"" + label(reason) + "\"}", count));
        gauge("flopledger_pending", "Observations that are not on the disk yet.", status.pending());
        gauge("flopledger_recorder_fill", "How full the recorder is, 0 to 1.", status.recorderFill());
        gauge("flopledger_failed", "1 if the ledger has stopped after a failure.", status.failure() == null ? 0 : 1);
    }

    private void server(Counters counters, Budget budget, int viewers) {
        family("flopledger_http_responses", "counter", "Responses by status.");
        counters.responses()
                .forEach((status, count) -> value("flopledger_http_responses_total{status=\"" + status + "\"}", count));
        family(
                "flopledger_acknowledge_seconds",
                "histogram",
                "From the first byte of a request with steps to its answer.");
        long sum = 0;
        for (int i = 0; i < Counters.SECONDS.length; i++) {
            sum += counters.acknowledgementsIn(i);
            value("flopledger_acknowledge_seconds_bucket{le=\"" + Counters.SECONDS[i] + "\"}", sum);
        }
        sum += counters.acknowledgementsIn(Counters.SECONDS.length);
        value("flopledger_acknowledge_seconds_bucket{le=\"+Inf\"}", sum);
        value("flopledger_acknowledge_seconds_count", sum);
        value("flopledger_acknowledge_seconds_sum", counters.acknowledgementSeconds());
        counter("flopledger_refused_lines", "Lines that were refused whole.", counters.refusedLines());
        counter("flopledger_lost_lines", "Lines that their writers say they lost.", counters.lostLines());
        counter(
                "flopledger_connections_closed_late",
                "Connections closed for taking too long.",
                counters.connectionsClosedLate());
        gauge("flopledger_open_bytes", "Bytes of requests that are worked on.", budget.bytes());
        gauge("flopledger_open_requests", "Requests that are worked on.", budget.requests());
        gauge("flopledger_viewers", "Pages that are kept up to date.", viewers);
    }

    private void runs(RunBoard.View shown) {
        gauge("flopledger_runs", "Runs with an observation.", shown.runs());
        family(
                "flopledger_run_compute_flop",
                "gauge",
                "Model FLOP of a run, rounded as every value here; the costliest " + MOST_RUNS + " runs.");
        for (RunRow row :
                shown.rows().subList(0, Math.min(MOST_RUNS, shown.rows().size()))) {
            if (row.total().covered() > 0) {
                flop(row.run(), "low", row.total().bounds().low());
                flop(row.run(), "best", row.total().bounds().best());
                flop(row.run(), "high", row.total().bounds().high());
            }
        }
        family("flopledger_run_coverage", "gauge", "Part of a run's observations that its figure covers.");
        for (RunRow row :
                shown.rows().subList(0, Math.min(MOST_RUNS, shown.rows().size()))) {
            value(
                    "flopledger_run_coverage{run=\"" + label(row.run()) + "\"}",
                    row.total().coverage());
        }
    }

    private void flop(String run, String bound, FlopCount flop) {
        value("flopledger_run_compute_flop{run=\"" + label(run) + "\",bound=\"" + bound + "\"}", flop.toDouble());
    }

    private void counter(String name, String help, long count) {
        family(name, "counter", help);
        value(name + "_total", count);
    }

    private void gauge(String name, String help, long number) {
        family(name, "gauge", help);
        value(name, number);
    }

    private void gauge(String name, String help, double number) {
        family(name, "gauge", help);
        value(name, number);
    }

    private void family(String name, String type, String help) {
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    }

    private void value(String series, long number) {
        text.append(series).append(' ').append(number).append('\n');
    }

    private void value(String series, double number) {
        text.append(series)
                .append(' ')
                .append(String.format(Locale.ROOT, "%.17g", number))
                .append('\n');
    }

    private static String label(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
