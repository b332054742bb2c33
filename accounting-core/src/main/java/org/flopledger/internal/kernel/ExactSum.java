package org.flopledger.internal.kernel;

/**
 * Arithmetic on sums kept as a pair (units, low) that stands for {@code units * 2^63 + low}, {@code low >= 0}.
 *
 * <p>Why 63 bits and not 64: the sum of two non-negative 63-bit numbers never wraps a signed 64-bit add, it only turns
 * negative, so the carry is the sign bit and one test that is nearly never taken finds it. Detecting a carry out of 64 bits
 * takes an unsigned comparison a row, which the vectoriser does not do as well.
 *
 * <p>Why two loops: a plain add of 4096 values is exact while each value is below 2^50 (12 bits of rows, one spare). The
 * bitwise or of the values, which the sign check needs anyway, says whether that held. Only where it did not is the block
 * summed again in limbs of 32 bits, {@code low} and {@code high}, neither of which can overflow in a block.
 */
public final class ExactSum {

    /** Values below 2^SAFE_BITS cannot overflow 63 bits in a block of 2^12 rows; one more bit is spare. */
    static final int SAFE_BITS = 63 - 13;

    private ExactSum() {}

    /** Writes {@code low + high * 2^32} as {@code out[at] = low, out[at + 1] = units}; both are non-negative. */
    static void fromLimbs(long low, long high, long[] out, int at) {
        long carried = high + (low >>> 32);
        out[at] = ((carried << 32) & Long.MAX_VALUE) | (low & 0xffff_ffffL);
        out[at + 1] = carried >>> 31;
    }
}
