package org.flopledger.estimation;

import org.flopledger.units.FlopRate;
import org.flopledger.units.NumericFormat;

/**
 * The dense peak rates that a run on a device may be set against. Immutable.
 *
 * <p>Both ends are one format where it is known in which the run multiplies. Otherwise the low end is the 16-bit rate, the
 * usual denominator, and the high end that of the narrowest floating-point format the device multiplies: a share of the peak
 * lies between the two.
 *
 * @param lowFormat format of the low end
 * @param low the lower peak
 * @param highFormat format of the high end
 * @param high the higher peak, at least {@code low}
 */
public record PeakRange(NumericFormat lowFormat, FlopRate low, NumericFormat highFormat, FlopRate high) {

    /** Refuses a range whose ends are exchanged. */
    public PeakRange {
        if (low.compareTo(high) > 0) {
            throw new IllegalArgumentException(
                    "low is " + low + " in " + lowFormat + ", must not be above high, " + high + " in " + highFormat);
        }
    }

    /** Returns whether the peak is one rate, known. */
    public boolean isPoint() {
        return low.equals(high);
    }
}
