package org.flopledger.estimation;

import java.math.BigInteger;

/** Sums that the masks share. */
final class MaskSums {

    private MaskSums() {}

    static BigInteger triangle(BigInteger n) {
        return n.multiply(n.add(BigInteger.ONE)).shiftRight(1);
    }

    static BigInteger ceilingDivide(BigInteger dividend, BigInteger divisor) {
        return dividend.add(divisor).subtract(BigInteger.ONE).divide(divisor);
    }

    /** Returns the pairs of sequences as equal as can be: t mod n of them are one longer. */
    static BigInteger ofEqualLengths(AttentionMask mask, BigInteger tokens, BigInteger sequences) {
        BigInteger[] parts = tokens.divideAndRemainder(sequences);
        BigInteger longer = mask.pairs(parts[0].add(BigInteger.ONE)).multiply(parts[1]);
        return longer.add(mask.pairs(parts[0]).multiply(sequences.subtract(parts[1])));
    }

    static void requirePositive(long size) {
        if (size < 1) {
            throw new IllegalArgumentException("mask size is " + size + ", must be >= 1");
        }
    }
}
