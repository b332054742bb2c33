package org.flopledger.jmh;

import java.util.Arrays;
import java.util.function.LongSupplier;

/** Times a task a few times over, after rounds that do not count. */
final class Timing {

    private static long kept;

    private Timing() {}

    /** Returns the median seconds of one run of the task. */
    static double medianSeconds(int rounds, LongSupplier task) {
        double[] seconds = new double[rounds];
        for (int round = -2; round < rounds; round++) {
            long start = System.nanoTime();
            kept ^= task.getAsLong();
            long end = System.nanoTime();
            if (round >= 0) {
                seconds[round] = (end - start) / 1e9;
            }
        }
        Arrays.sort(seconds);
        return seconds[rounds / 2];
    }

    /** Returns what the tasks returned, so that none of them can be left out. */
    static long kept() {
        return kept;
    }
}
