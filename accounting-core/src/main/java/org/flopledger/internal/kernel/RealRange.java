package org.flopledger.internal.kernel;

/**
 * The floating-point values that an account sums without any rounding: 0, and from 2<sup>-40</sup> (about 1e-12) to
 * 2<sup>56</sup> (about 7e16). The last bit of such a value is worth 2<sup>-92</sup> or more.
 */
public final class RealRange {

    /** The least value above 0. */
    public static final double LEAST = 0x1p-40;

    /** The greatest value. */
    public static final double MOST = 0x1p56;

    private RealRange() {}
}
