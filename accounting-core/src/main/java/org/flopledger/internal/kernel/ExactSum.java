package org.flopledger.internal.kernel;

/** Arithmetic on sums kept as a pair (units, low) that stands for {@code units * 2^63 + low}, {@code low >= 0}. */
public final class ExactSum {

    /** Values below 2^SAFE_BITS cannot overflow 63 bits in a block. */
    static final int SAFE_BITS = 63 - 13;

    private ExactSum() {}

    /** Writes {@code low + high * 2^32} as {@code out[at] = low, out[at + 1] = units}; both are non-negative. */
    static void fromLimbs(long low, long high, long[] out, int at) {
        long carried = high + (low >>> 32);
        out[at] = ((carried << 32) & Long.MAX_VALUE) | (low & 0xffff_ffffL);
        out[at + 1] = carried >>> 31;
    }
}
