package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.flopledger.model.Architecture;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.jspecify.annotations.Nullable;

/**
 * Turns {@code total_flos} back into what was counted: the trainer of transformers writes 6 x the values of a batch's main input x
 * every parameter outside embedding tables, adapters included, as a double.
 *
 * <p>With the model known the quotient is the number of input values, padding included: exact, since the double of any whole
 * number below 2^53 is that number, and above it a rounding of one part in 2^50 is far less than one input value. A claim that
 * does not divide was written for other parameters (sharded, packed into 4 bits, another head) and says nothing.
 */
final class TotalFlos {

    private static final BigInteger SIX = BigInteger.valueOf(6);
    /** Roundings that add up over the logging steps of a run stay far below 2^-46 of the sum. */
    private static final int SHIFT_OF_TOLERANCE = 46;

    private static final int SHORTEST_DIGITS = 17;

    private TotalFlos() {}

    /** Returns the whole number that a double is where the file gives its shortest decimal form; another number stays as it is. */
    static BigInteger asWritten(BigDecimal figure) {
        // The shortest form of a double has at most 17 digits; more were never one.
        boolean isDouble = figure.stripTrailingZeros().precision() <= SHORTEST_DIGITS;
        BigDecimal exact = isDouble ? new BigDecimal(figure.doubleValue()) : figure;
        return exact.setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
    }

    /** Returns the parameters that the trainer multiplies with. */
    static long parameters(Architecture architecture, PeftMethod method) {
        ParameterCount count = ParameterCount.of(architecture, method);
        return count.total() - count.inputEmbedding();
    }

    /** Returns how many input values a claim stands for, or null if it is no multiple of the model's parameters. */
    static @Nullable Long inputs(BigInteger claim, long parameters) {
        BigInteger each = SIX.multiply(BigInteger.valueOf(parameters));
        if (parameters < 1 || claim.signum() < 1) {
            return null;
        }
        BigInteger[] parts = claim.add(each.shiftRight(1)).divideAndRemainder(each);
        BigInteger off = claim.subtract(parts[0].multiply(each)).abs();
        BigInteger tolerance = claim.shiftRight(SHIFT_OF_TOLERANCE);
        boolean divides =
                off.compareTo(tolerance) <= 0 && tolerance.shiftLeft(3).compareTo(each) < 0;
        return divides && parts[0].signum() > 0 && parts[0].bitLength() < Long.SIZE
                ? Long.valueOf(parts[0].longValue())
                : null;
    }
}
