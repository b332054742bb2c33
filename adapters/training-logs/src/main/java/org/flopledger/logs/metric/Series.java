package org.flopledger.logs.metric;

import java.util.Arrays;

/**
 * Values of one metric in the order they were written, each with its step and time. Grows to a bound and takes 24 bytes a point.
 * Confined to one thread.
 */
final class Series {

    /** Most points that are kept: a value at every step of a run longer than any seen. */
    static final int MOST_POINTS = 4_000_000;
    /** A time that is not known. */
    static final long NO_TIME = Long.MIN_VALUE;

    private long[] steps = new long[16];
    private double[] values = new double[16];
    private long[] micros = new long[16];
    private int size;

    /** Adds a point; returns false, and adds nothing, if there are too many. */
    boolean add(long step, double value, long timeMicros) {
        if (size == MOST_POINTS) {
            return false;
        }
        if (size == steps.length) {
            int more = Math.min(MOST_POINTS, 2 * size);
            steps = Arrays.copyOf(steps, more);
            values = Arrays.copyOf(values, more);
            micros = Arrays.copyOf(micros, more);
        }
        steps[size] = step;
        values[size] = value;
        micros[size] = timeMicros;
        size++;
        return true;
    }

    /** Adds the points of another series behind these; returns false if there are too many. */
    boolean addAll(Series other) {
        for (int i = 0; i < other.size; i++) {
            if (!add(other.steps[i], other.values[i], other.micros[i])) {
                return false;
            }
        }
        return true;
    }

    /** Replaces the time of the last point. */
    void endLastAt(long timeMicros) {
        micros[size - 1] = timeMicros;
    }

    int size() {
        return size;
    }

    long step(int i) {
        return steps[i];
    }

    double value(int i) {
        return values[i];
    }

    long micros(int i) {
        return micros[i];
    }

    /** Gives back memory that was taken in advance. */
    void trim() {
        steps = Arrays.copyOf(steps, size);
        values = Arrays.copyOf(values, size);
        micros = Arrays.copyOf(micros, size);
    }
}
