package org.flopledger.units;

/**
 * A rate of computation in FLOP/s: a device's peak, or what a run achieved.
 *
 * <p>A rate is a measurement or a data-sheet figure, so it is a double; totals are exact and never derived from one
 * silently.
 *
 * <p>Peaks of accelerators are given in it. Immutable and thread-safe.
 *
 * @param flopPerSecond finite and greater than 0
 */
public record FlopRate(double flopPerSecond) implements Comparable<FlopRate> {

    private static final double TERA = 1e12;

    /** Checks the rate. */
    public FlopRate {
        if (!(flopPerSecond > 0) || Double.isInfinite(flopPerSecond)) {
            throw new IllegalArgumentException("rate is " + flopPerSecond + " FLOP/s, must be finite and > 0");
        }
    }

    /** Returns the rate of so many 10<sup>12</sup> FLOP/s, the unit of data sheets. */
    public static FlopRate ofTera(double teraFlopPerSecond) {
        return new FlopRate(teraFlopPerSecond * TERA);
    }

    /** Returns the rate in 10<sup>12</sup> FLOP/s. */
    public double toTera() {
        return flopPerSecond / TERA;
    }

    @Override
    public int compareTo(FlopRate other) {
        return Double.compare(flopPerSecond, other.flopPerSecond);
    }
}
