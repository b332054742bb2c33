package org.flopledger;

import java.util.Objects;
import org.flopledger.units.FlopCount;

/**
 * What one observation of a step can be at most; what is beyond is no measurement. Immutable.
 *
 * @param mostFlop FLOP of a step of which devices or time are not known
 * @param mostTokens tokens of a step
 * @param peakFlopPerSecond the peak rate of one device, in FLOP/s
 * @param factor how many times devices x peak x time the FLOP may be, for clocks and device counts that are a little off
 */
public record PlausibilityLimits(FlopCount mostFlop, long mostTokens, FlopCount peakFlopPerSecond, int factor) {

    /**
     * The limits without a call: 2e27 FLOP, which a million devices at 2e16 FLOP/s take 28 hours for; 10^15 tokens; and 4 times
     * devices x 2e16 FLOP/s x time, with a peak above the fastest dense one of the device table.
     */
    public static final PlausibilityLimits DEFAULT =
            new PlausibilityLimits(FlopCount.parse("2e27"), 1_000_000_000_000_000L, FlopCount.parse("2e16"), 4);

    /** Checks that every limit is above 0. */
    public PlausibilityLimits {
        Objects.requireNonNull(mostFlop, "mostFlop");
        if (mostFlop.isZero() || mostTokens < 1 || peakFlopPerSecond.isZero() || factor < 1) {
            throw new IllegalArgumentException("limits are " + mostFlop + " FLOP, " + mostTokens + " tokens, "
                    + peakFlopPerSecond + " FLOP/s and " + factor + " times, must all be above 0");
        }
    }
}
