package org.flopledger.model;

import java.math.BigInteger;

/**
 * A matrix product that runs only because of a training method: a low-rank factor, a rotation, a matrix built from trained
 * values.
 *
 * <p>Its backward pass has one product of equal cost for each operand that carries a gradient. Immutable.
 *
 * @param repeat how often it runs
 * @param multiplyAdds multiply-adds each time, at least 0
 * @param gradients products of the backward pass that are always needed; 1 for a trained operand that meets a frozen one
 * @param readsInput whether one operand is what the operation reads: one more product where that carries a gradient
 */
public record AddedProduct(Repeat repeat, BigInteger multiplyAdds, int gradients, boolean readsInput) {

    /** How often a product runs. */
    public enum Repeat {
        /** As often as the operation it belongs to, once for each matrix of several that a token meets. */
        POSITION,
        /** Once for each sequence. */
        SEQUENCE,
        /** Once in each forward call, whatever the batch. */
        CALL
    }

    /** Checks the ranges. */
    public AddedProduct {
        if (multiplyAdds.signum() < 0 || gradients < 0) {
            throw new IllegalArgumentException(
                    "multiply-adds and gradients are " + multiplyAdds + " and " + gradients + ", must both be >= 0");
        }
    }

    /** Returns a product of what the operation reads with a matrix, {@code in x out}. */
    public static AddedProduct ofInput(long in, long out, boolean trained) {
        return new AddedProduct(Repeat.POSITION, product(in, out, 1), trained ? 1 : 0, true);
    }

    /** Returns a product of an inner result that carries a gradient with a matrix, {@code in x out}. */
    public static AddedProduct inside(long in, long out, boolean trained) {
        return new AddedProduct(Repeat.POSITION, product(in, out, 1), trained ? 2 : 1, false);
    }

    /**
     * Returns a product that runs once a call, {@code rows x inner x columns}.
     *
     * @param gradients operands that carry a gradient, from 0 to 2
     */
    public static AddedProduct onceACall(long rows, long inner, long columns, int gradients) {
        return new AddedProduct(Repeat.CALL, product(rows, inner, columns), gradients, false);
    }

    private static BigInteger product(long a, long b, long c) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)).multiply(BigInteger.valueOf(c));
    }

    /** Returns this product so many times; 0 times is no product. */
    public AddedProduct times(long count) {
        return new AddedProduct(repeat, multiplyAdds.multiply(BigInteger.valueOf(count)), gradients, readsInput);
    }
}
