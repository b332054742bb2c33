package org.flopledger.otlp;

import org.flopledger.units.FlopBounds;

/**
 * What telemetry says of one run. An interval, never an exact amount: rates were sampled, and nobody saw what was between.
 *
 * @param run its identity
 * @param flop FLOP of the covered time. Low is the least of neighbouring samples for the time that steps are known to have
 *     taken, 0 if that is not known; high is the greatest of neighbouring samples for all of the time
 * @param coveredSeconds time between samples that are no gap
 * @param seconds time from the first sign of the run to the last
 * @param samples rates that count
 * @param gaps times without a sample that are longer than three usual ones; they are not covered
 * @param duplicates points that were told before, with the same value
 * @param conflicts points that contradict one that was told before, which stays
 * @param refused points of a known name that cannot be: no time, negative, not finite, or more than are kept
 * @param withoutDevices whether rates of one device are left out because nobody says how many devices train
 * @param tokens tokens that counters tell; NaN if none does
 * @param steps steps that counters or spans tell; NaN if none does
 * @param skippedSteps of them, steps that updated nothing; NaN if no counter tells
 */
public record TelemetryFigure(
        String run,
        FlopBounds flop,
        double coveredSeconds,
        double seconds,
        long samples,
        long gaps,
        long duplicates,
        long conflicts,
        long refused,
        boolean withoutDevices,
        double tokens,
        double steps,
        double skippedSteps) {

    /** Returns the covered part of the time, 0 to 1. */
    public double coverage() {
        return seconds == 0 ? 0 : Math.min(1, coveredSeconds / seconds);
    }
}
