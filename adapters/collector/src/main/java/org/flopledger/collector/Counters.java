package org.flopledger.collector;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What the collector has done since it was started. Thread-safe. */
final class Counters {

    /** Upper ends of the classes of acknowledgement times, in seconds. */
    static final double[] SECONDS = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5};

    private static final double NANOS = 1e9;

    private final Map<Integer, LongAdder> responses = new ConcurrentHashMap<>();
    private final AtomicLongArray classes = new AtomicLongArray(SECONDS.length + 1);
    private final LongAdder nanos = new LongAdder();
    private final LongAdder refusedLines = new LongAdder();
    private final LongAdder lostLines = new LongAdder();
    private final LongAdder closedLate = new LongAdder();

    void response(int status) {
        responses.computeIfAbsent(status, added -> new LongAdder()).increment();
    }

    void acknowledged(long tookNanos) {
        int i = 0;
        while (i < SECONDS.length && tookNanos > SECONDS[i] * NANOS) {
            i++;
        }
        classes.incrementAndGet(i);
        nanos.add(tookNanos);
    }

    void lines(long refused, long lost) {
        refusedLines.add(refused);
        lostLines.add(lost);
    }

    void closedLate(int connections) {
        closedLate.add(connections);
    }

    Map<Integer, Long> responses() {
        Map<Integer, Long> counts = new TreeMap<>();
        responses.forEach((status, count) -> counts.put(status, count.sum()));
        return counts;
    }

    long acknowledgementsIn(int timeClass) {
        return classes.get(timeClass);
    }

    double acknowledgementSeconds() {
        return nanos.sum() / NANOS;
    }

    long refusedLines() {
        return refusedLines.sum();
    }

    long lostLines() {
        return lostLines.sum();
    }

    long connectionsClosedLate() {
        return closedLate.sum();
    }
}
