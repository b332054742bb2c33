package org.flopledger.internal.cells;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Sums of floating-point values without rounding: a fixed-point number of 192 bits in units of 2<sup>-92</sup>, in three lanes.
 *
 * <p>Every value that validation lets through (0, or 2<sup>-40</sup> to 2<sup>56</sup>) is a whole number of units, so the sum
 * is exact and the order of its parts does not matter. It holds 2<sup>43</sup> of the greatest value. A value derived inside
 * the account, such as seconds times utilisation, is rounded once as a double, and bits below a unit are dropped; both
 * depend on the row alone.
 */
public final class ExactReal {

    private static final int FRACTION_BITS = 92;
    private static final BigDecimal UNIT =
            new BigDecimal(BigInteger.ONE).divide(new BigDecimal(BigInteger.ONE.shiftLeft(FRACTION_BITS)));

    private ExactReal() {}

    /** Adds a value to three lanes, and 1 to the lane after them. */
    public static void add(long[] lanes, int at, double value) {
        lanes[at + Lanes.WIDE_ROWS]++;
        if (value == 0) {
            return;
        }
        int exponent = Math.getExponent(value);
        long mantissa = (Double.doubleToRawLongBits(value) & 0xf_ffff_ffff_ffffL) | 0x10_0000_0000_0000L;
        int shift = exponent - 52 + FRACTION_BITS;
        if (shift < 0) {
            Lanes.addWide(lanes, at, shift <= -53 ? 0 : mantissa >>> -shift, 0, 0);
            return;
        }
        int bit = shift & 63;
        long low = mantissa << bit;
        long high = bit == 0 ? 0 : mantissa >>> (64 - bit);
        switch (shift >>> 6) {
            case 0 -> Lanes.addWide(lanes, at, low, high, 0);
            case 1 -> Lanes.addWide(lanes, at, 0, low, high);
            default -> Lanes.addWide(lanes, at, 0, 0, low);
        }
    }

    /**
     * Adds a value many times to three lanes, and as many to the lane after them.
     *
     * @throws ArithmeticException if the lanes cannot hold the sum
     */
    public static void add(long[] lanes, int at, double value, long times) {
        long[] once = new long[Lanes.WIDE_ROWS + 1];
        add(once, 0, value);
        Lanes.addWide(lanes, at, integer(once[0], once[1], once[2]).multiply(BigInteger.valueOf(times)));
        lanes[at + Lanes.WIDE_ROWS] += times;
    }

    /** Returns three lanes as an integer. */
    public static BigInteger integer(long low, long middle, long high) {
        return BigInteger.valueOf(high)
                .shiftLeft(128)
                .add(unsigned(middle).shiftLeft(64))
                .add(unsigned(low));
    }

    /** Returns the exact sum in three lanes. */
    public static BigDecimal value(BigInteger units) {
        BigDecimal value = new BigDecimal(units).multiply(UNIT).stripTrailingZeros();
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    private static BigInteger unsigned(long bits) {
        byte[] bytes = new byte[9];
        for (int i = 0; i < 8; i++) {
            bytes[8 - i] = (byte) (bits >>> (8 * i));
        }
        return new BigInteger(bytes);
    }
}
