package org.flopledger.review;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A line to pass: an exact fraction and whether reaching it is enough.
 *
 * @param numerator above 0
 * @param denominator above 0; 1 for whole numbers
 * @param inclusive true for "at least", false for "above"
 */
record ThresholdLine(BigInteger numerator, BigInteger denominator, boolean inclusive) {

    boolean isPassedBy(BigDecimal amount) {
        int order = amount.multiply(new BigDecimal(denominator)).compareTo(new BigDecimal(numerator));
        return inclusive ? order >= 0 : order > 0;
    }

    /** Returns whether {@code part / whole} passes this fraction, without dividing: 3 x part > whole for 1/3. */
    boolean isPassedByShare(BigDecimal part, BigDecimal whole) {
        int order = part.multiply(new BigDecimal(denominator)).compareTo(whole.multiply(new BigDecimal(numerator)));
        return inclusive ? order >= 0 : order > 0;
    }

    /** Returns the whole number that integers are compared with to the same effect. */
    BigInteger whole() {
        return wholeShareOf(BigInteger.ONE);
    }

    /** Returns the whole number of this share of {@code amount}: rounded down for "above", up for "at least". */
    BigInteger wholeShareOf(BigInteger amount) {
        BigInteger[] parts = amount.multiply(numerator).divideAndRemainder(denominator);
        return inclusive && parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0];
    }

    String comparison() {
        return inclusive ? ">=" : ">";
    }

    String words() {
        return inclusive ? "at least " : "above ";
    }

    @Override
    public String toString() {
        return denominator.equals(BigInteger.ONE) ? numerator.toString() : numerator + "/" + denominator;
    }
}
