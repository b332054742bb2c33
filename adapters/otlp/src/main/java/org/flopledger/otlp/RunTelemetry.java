package org.flopledger.otlp;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.flopledger.otlp.TelemetryMapping.Quantity;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/** What telemetry told of one run. Confined to its book. */
final class RunTelemetry {

    private static final int MOST_RANKS = 10_000;
    private static final double NANOS = 1e9;
    private static final double MOST_FLOP = 1e37;

    private final String run;
    private final Map<Quantity, Map<String, RateSeries>> rates = new EnumMap<>(Quantity.class);
    private final Map<Quantity, Map<String, CounterSeries>> counters = new EnumMap<>(Quantity.class);
    private final Map<String, CounterSeries> spans = new HashMap<>();
    private long spanCount;
    private long devices;
    private long first = Long.MAX_VALUE;
    private long last;
    private long duplicates;
    private long conflicts;
    private long refused;

    RunTelemetry(String run) {
        this.run = run;
    }

    void devices(long told) {
        devices = Math.max(devices, told);
    }

    void metric(Quantity quantity, String series, OtlpPoint point, double value) {
        if (point.timeNanos() <= 0 || !Double.isFinite(value) || value < 0) {
            refused++;
            return;
        }
        boolean isRate = switch (quantity) {
            case DEVICE_FLOP_RATE, RUN_FLOP_RATE, TOKEN_RATE -> true;
            case TOKENS, STEPS, SKIPPED_STEPS, STEP_SECONDS -> false;
        };
        Map<String, ?> known = isRate ? rates.get(quantity) : counters.get(quantity);
        if (known != null && known.size() >= MOST_RANKS && !known.containsKey(series)) {
            refused++;
            return;
        }
        RateSeries.Outcome outcome = isRate
                ? rates.computeIfAbsent(quantity, added -> new HashMap<>())
                        .computeIfAbsent(series, added -> new RateSeries())
                        .add(point.timeNanos(), value)
                : counters.computeIfAbsent(quantity, added -> new HashMap<>())
                        .computeIfAbsent(series, added -> new CounterSeries())
                        .add(point, value);
        count(outcome);
        seen(point);
    }

    void span(String series, OtlpPoint point) {
        double seconds = (point.timeNanos() - point.startNanos()) / NANOS;
        if (point.startNanos() <= 0 || !(seconds >= 0) || (spans.size() >= MOST_RANKS && !spans.containsKey(series))) {
            refused++;
            return;
        }
        RateSeries.Outcome outcome =
                spans.computeIfAbsent(series, added -> new CounterSeries()).add(point, seconds);
        spanCount += outcome == RateSeries.Outcome.NEW ? 1 : 0;
        count(outcome);
        seen(point);
    }

    private void count(RateSeries.Outcome outcome) {
        switch (outcome) {
            case NEW -> {}
            case DUPLICATE -> duplicates++;
            case CONFLICT -> conflicts++;
            case FULL -> refused++;
        }
    }

    private void seen(OtlpPoint point) {
        first = Math.min(first, point.startNanos() > 0 ? point.startNanos() : point.timeNanos());
        last = Math.max(last, point.timeNanos());
    }

    TelemetryFigure figure() {
        Collection<RateSeries> ofRun =
                rates.getOrDefault(Quantity.RUN_FLOP_RATE, Map.of()).values();
        Collection<RateSeries> ofDevice =
                rates.getOrDefault(Quantity.DEVICE_FLOP_RATE, Map.of()).values();
        boolean withoutDevices = !ofDevice.isEmpty() && devices == 0;
        boolean byDevice = ofRun.isEmpty() && !withoutDevices;
        Collection<RateSeries> series = byDevice ? ofDevice : ofRun;
        double times = byDevice ? devices : 1;
        double seconds = last > first ? (last - first) / NANOS : 0;
        Joined joined = Joined.of(series);
        double busy = busyShare(seconds);
        return new TelemetryFigure(
                run,
                bounds(joined.low * busy * times, joined.best * times, joined.high * times),
                joined.seconds,
                seconds,
                series.stream().mapToLong(RateSeries::samples).sum(),
                joined.gaps,
                duplicates,
                conflicts,
                refused,
                withoutDevices,
                counted(Quantity.TOKENS),
                spanCount > 0 && !counters.containsKey(Quantity.STEPS)
                        ? (double) spanCount / spans.size()
                        : counted(Quantity.STEPS),
                counted(Quantity.SKIPPED_STEPS));
    }

    /** Several ranks tell of the same devices: the least and the greatest of them, and their mean. */
    private record Joined(double low, double best, double high, double seconds, long gaps) {

        private static Joined of(Collection<RateSeries> series) {
            if (series.isEmpty()) {
                return new Joined(0, 0, 0, 0, 0);
            }
            double low = Double.MAX_VALUE;
            double best = 0;
            double high = 0;
            double seconds = 0;
            long gaps = 0;
            for (RateSeries each : series) {
                RateSeries.Amount amount = each.amount();
                low = Math.min(low, amount.low());
                best += amount.best() / series.size();
                high = Math.max(high, amount.high());
                seconds = Math.max(seconds, amount.seconds());
                gaps += amount.gaps();
            }
            return new Joined(low, best, high, seconds, gaps);
        }
    }

    /** Returns which part of the time steps are known to have taken: 0 if nobody says. */
    private double busyShare(double seconds) {
        double inSteps = counters.getOrDefault(Quantity.STEP_SECONDS, Map.of()).values().stream()
                .mapToDouble(CounterSeries::sum)
                .max()
                .orElse(0);
        double inSpans =
                spans.values().stream().mapToDouble(CounterSeries::sum).max().orElse(0);
        return seconds == 0 ? 0 : Math.min(1, Math.max(inSteps, inSpans) / seconds);
    }

    /** Ranks count the same: the greatest of them. */
    private double counted(Quantity quantity) {
        return counters.getOrDefault(quantity, Map.of()).values().stream()
                .mapToDouble(CounterSeries::sum)
                .max()
                .orElse(Double.NaN);
    }

    private static FlopBounds bounds(double low, double best, double high) {
        return new FlopBounds(
                flop(low, RoundingMode.FLOOR), flop(best, RoundingMode.HALF_EVEN), flop(high, RoundingMode.CEILING));
    }

    private static FlopCount flop(double amount, RoundingMode rounding) {
        return FlopCount.of(new BigDecimal(Math.min(amount, MOST_FLOP))
                .setScale(0, rounding)
                .toBigInteger());
    }
}
