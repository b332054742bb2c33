package org.flopledger.otlp;

import java.util.HashMap;
import java.util.Map;

/** A counter: of each start the greatest value, or the sum of what came since the point before. Confined to its book. */
final class CounterSeries {

    private static final int MOST = 200_000;

    private final Map<Long, Map<Long, Double>> cumulative = new HashMap<>();
    private final Map<Long, Double> delta = new HashMap<>();
    private int size;

    RateSeries.Outcome add(OtlpPoint point, double value) {
        Map<Long, Double> values =
                point.isCumulative() ? cumulative.computeIfAbsent(point.startNanos(), added -> new HashMap<>()) : delta;
        Double known = values.get(point.timeNanos());
        if (known != null) {
            return known == value ? RateSeries.Outcome.DUPLICATE : RateSeries.Outcome.CONFLICT;
        }
        if (size >= MOST) {
            return RateSeries.Outcome.FULL;
        }
        size++;
        values.put(point.timeNanos(), value);
        return RateSeries.Outcome.NEW;
    }

    double sum() {
        double sum = delta.values().stream().mapToDouble(Double::doubleValue).sum();
        for (Map<Long, Double> values : cumulative.values()) {
            sum += values.values().stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElse(0);
        }
        return sum;
    }
}
