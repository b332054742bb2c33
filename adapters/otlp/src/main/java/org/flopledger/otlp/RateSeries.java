package org.flopledger.otlp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Samples of one rate by time. A sample tells of the time since the one before. Confined to its book. */
final class RateSeries {

    private static final int MOST_SAMPLES = 200_000;
    private static final int USUAL_TIMES = 3;
    private static final double NANOS = 1e9;

    private final TreeMap<Long, Double> rates = new TreeMap<>();

    /** What came of giving a sample. */
    enum Outcome {
        NEW,
        DUPLICATE,
        CONFLICT,
        FULL
    }

    /** The amount of the covered time. */
    record Amount(double low, double best, double high, double seconds, long gaps) {}

    Outcome add(long timeNanos, double rate) {
        Double known = rates.get(timeNanos);
        if (known != null) {
            return known == rate ? Outcome.DUPLICATE : Outcome.CONFLICT;
        }
        if (rates.size() >= MOST_SAMPLES) {
            return Outcome.FULL;
        }
        rates.put(timeNanos, rate);
        return Outcome.NEW;
    }

    long samples() {
        return rates.size();
    }

    long firstNanos() {
        return rates.firstKey();
    }

    long lastNanos() {
        return rates.lastKey();
    }

    Amount amount() {
        long longest = USUAL_TIMES * usualNanos();
        double low = 0;
        double best = 0;
        double high = 0;
        double seconds = 0;
        long gaps = 0;
        Map.Entry<Long, Double> before = null;
        for (Map.Entry<Long, Double> sample : rates.entrySet()) {
            if (before != null) {
                long nanos = sample.getKey() - before.getKey();
                if (nanos > longest) {
                    gaps++;
                } else {
                    double time = nanos / NANOS;
                    low += Math.min(before.getValue(), sample.getValue()) * time;
                    best += sample.getValue() * time;
                    high += Math.max(before.getValue(), sample.getValue()) * time;
                    seconds += time;
                }
            }
            before = sample;
        }
        return new Amount(low, best, high, seconds, gaps);
    }

    /** Returns the median of the times between samples, or the greatest number if there are too few to tell. */
    private long usualNanos() {
        List<Long> times = new ArrayList<>();
        Long before = null;
        for (Long time : rates.keySet()) {
            if (before != null) {
                times.add(time - before);
            }
            before = time;
        }
        times.sort(null);
        return times.size() < USUAL_TIMES ? Long.MAX_VALUE / USUAL_TIMES : times.get(times.size() / 2);
    }
}
