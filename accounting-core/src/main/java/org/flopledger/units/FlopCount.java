package org.flopledger.units;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * An exact amount of computation in FLOP, from 0 to 2<sup>127</sup> - 1 (about 1.7e38).
 *
 * <p>One multiply-add is 2 FLOP, whatever the number format. The value is an integer: 10<sup>25</sup> and
 * 10<sup>25</sup> + 1 differ. Arithmetic never saturates and never wraps; a result outside the range throws
 * {@link ArithmeticException}. One optimizer step of a 405-billion-parameter model is above 2<sup>63</sup>, which is why a
 * {@code long} will not do.
 *
 * <p>Immutable and thread-safe. {@code plus}, {@code minus}, {@code times} and {@code compareTo} take constant time and
 * allocate at most their result.
 */
public final class FlopCount implements Comparable<FlopCount> {

    /** No computation at all. A figure that could not be computed is not zero; it is absent. */
    public static final FlopCount ZERO = new FlopCount(0, 0);

    /** The largest amount, 2<sup>127</sup> - 1. */
    public static final FlopCount MAX_VALUE = new FlopCount(Long.MAX_VALUE, -1L);

    /** FLOP in one exaFLOP-day: 10<sup>18</sup> FLOP/s for 86 400 seconds. */
    public static final FlopCount EXA_FLOP_DAY = parse("86400000000000000000000");

    private static final int MAX_TEXT_LENGTH = 64;
    private static final int MAX_EXPONENT = 60;

    private final long high;
    private final long low;

    private FlopCount(long high, long low) {
        this.high = high;
        this.low = low;
    }

    /**
     * Returns the amount as a count.
     *
     * @throws IllegalArgumentException if {@code flop} is negative
     */
    public static FlopCount of(long flop) {
        if (flop < 0) {
            throw new IllegalArgumentException("FLOP count is " + flop + ", must be >= 0");
        }
        return flop == 0 ? ZERO : new FlopCount(0, flop);
    }

    /**
     * Returns the count whose 128-bit two's complement form is {@code high} then {@code low}.
     *
     * @param high the upper 64 bits; must not be negative
     * @param low the lower 64 bits, unsigned
     */
    public static FlopCount ofBits(long high, long low) {
        if (high < 0) {
            throw new IllegalArgumentException("upper bits of a FLOP count are negative: " + high);
        }
        return (high | low) == 0 ? ZERO : new FlopCount(high, low);
    }

    /**
     * Returns the exact count of an integer.
     *
     * @throws IllegalArgumentException if {@code flop} is negative
     * @throws ArithmeticException if it is above {@link #MAX_VALUE}
     */
    public static FlopCount of(BigInteger flop) {
        if (flop.signum() < 0) {
            throw new IllegalArgumentException("FLOP count is " + flop + ", must be >= 0");
        }
        if (flop.bitLength() > 127) {
            throw new ArithmeticException("FLOP count needs " + flop.bitLength() + " bits, the limit is 127");
        }
        return ofBits(flop.shiftRight(64).longValue(), flop.longValue());
    }

    /**
     * Returns the count written as a decimal integer, with digit group underscores or an exponent allowed: {@code 7513},
     * {@code 10_000}, {@code 1e25}, {@code 3.8e25}.
     *
     * @throws IllegalArgumentException if the text is not a non-negative whole number within range
     */
    public static FlopCount parse(String text) {
        String digits = text.strip().replace("_", "");
        if (digits.isEmpty() || digits.length() > MAX_TEXT_LENGTH) {
            throw notACount(text);
        }
        try {
            BigDecimal number = new BigDecimal(digits);
            // An exponent is a licence to ask for a billion digits: bound it before expanding.
            if (number.signum() < 0 || Math.abs((long) number.scale()) > MAX_EXPONENT) {
                throw notACount(text);
            }
            return of(number.toBigIntegerExact());
        } catch (ArithmeticException | NumberFormatException e) {
            throw notACount(text);
        }
    }

    private static IllegalArgumentException notACount(String text) {
        String shown = text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH) + "...";
        return new IllegalArgumentException(
                "FLOP count is '" + shown + "', must be a whole number from 0 to 2^127 - 1 such as 10000 or 1e25");
    }

    /**
     * Returns the product of two non-negative 64-bit numbers, exact.
     *
     * @throws IllegalArgumentException if a factor is negative
     */
    public static FlopCount product(long a, long b) {
        if ((a | b) < 0) {
            throw new IllegalArgumentException("factors are " + a + " and " + b + ", both must be >= 0");
        }
        return ofBits(Math.multiplyHigh(a, b), a * b);
    }

    /**
     * Returns this amount and the other together.
     *
     * @throws ArithmeticException if the sum is above {@link #MAX_VALUE}
     */
    public FlopCount plus(FlopCount other) {
        long sumLow = low + other.low;
        long carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
        long sumHigh = high + other.high + carry;
        if (sumHigh < 0) {
            throw overflow();
        }
        return ofBits(sumHigh, sumLow);
    }

    /**
     * Returns this amount without the other.
     *
     * @throws ArithmeticException if {@code other} is larger than this
     */
    public FlopCount minus(FlopCount other) {
        long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
        long differenceHigh = high - other.high - borrow;
        if (differenceHigh < 0) {
            throw new ArithmeticException(this + " FLOP minus " + other + " FLOP is negative");
        }
        return ofBits(differenceHigh, low - other.low);
    }

    /**
     * Returns this amount {@code factor} times.
     *
     * @throws IllegalArgumentException if {@code factor} is negative
     * @throws ArithmeticException if the product is above {@link #MAX_VALUE}
     */
    public FlopCount times(long factor) {
        if (factor < 0) {
            throw new IllegalArgumentException("factor is " + factor + ", must be >= 0");
        }
        // low is unsigned, multiplyHigh is signed: add factor back when low's top bit is set.
        long carry = Math.multiplyHigh(low, factor) + (low < 0 ? factor : 0);
        if (Math.multiplyHigh(high, factor) != 0 || high * factor < 0) {
            throw overflow();
        }
        long productHigh = high * factor + carry;
        if (productHigh < 0) {
            throw overflow();
        }
        return ofBits(productHigh, low * factor);
    }

    private static ArithmeticException overflow() {
        return new ArithmeticException("FLOP count above 2^127 - 1");
    }

    /** Returns whether this is no computation at all. */
    public boolean isZero() {
        return (high | low) == 0;
    }

    /** Returns the upper 64 bits; never negative. */
    public long highBits() {
        return high;
    }

    /** Returns the lower 64 bits, unsigned. */
    public long lowBits() {
        return low;
    }

    /** Returns the exact value. */
    public BigInteger toBigInteger() {
        return BigInteger.valueOf(high)
                .shiftLeft(64)
                .add(BigInteger.valueOf(low >>> 1).shiftLeft(1))
                .add(BigInteger.valueOf(low & 1));
    }

    /** Returns the nearest double; for ratios and display, never for comparison with a threshold. */
    public double toDouble() {
        return toBigInteger().doubleValue();
    }

    /** Returns the amount in exaFLOP-days (8.64e22 FLOP each), rounded half up to six significant digits. */
    public BigDecimal toExaFlopDays() {
        return new BigDecimal(toBigInteger())
                .divide(new BigDecimal(EXA_FLOP_DAY.toBigInteger()), new MathContext(6, RoundingMode.HALF_UP));
    }

    /** Returns the amount in scientific notation with the given number of significant digits, such as {@code 3.82e25}. */
    public String toScientific(int significantDigits) {
        return isZero()
                ? "0"
                : String.format(Locale.ROOT, "%." + (significantDigits - 1) + "e", new BigDecimal(toBigInteger()))
                        .replace("e+0", "e")
                        .replace("e+", "e");
    }

    @Override
    public int compareTo(FlopCount other) {
        int order = Long.compare(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlopCount that && high == that.high && low == that.low;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(high) + Long.hashCode(low);
    }

    /** Returns the exact value as a decimal integer without grouping. */
    @Override
    public String toString() {
        return high == 0 && low >= 0 ? Long.toString(low) : toBigInteger().toString();
    }
}
