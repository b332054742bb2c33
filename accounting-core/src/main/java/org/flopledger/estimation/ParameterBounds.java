package org.flopledger.estimation;

import java.math.BigInteger;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.FlopCount;

/**
 * The least and the most that one token can cost when lengths of sequences are not known. Derived in {@code formulas.md}, "Bounds
 * of parameters and tokens".
 */
final class ParameterBounds {

    /** Norms, biases and other weights without a product are at most one in so many. */
    private static final long WITHOUT_PRODUCT = 50;

    /** Query and value heads together are at most so many times as wide as the residual stream. */
    private static final long WIDEST_HEADS = 3;

    private ParameterBounds() {}

    /** Returns the least that a token costs by a formula: each token scores itself at least, whatever the length. */
    static FlopCount least(StepFormula architecture) {
        LinearForm form = architecture.low();
        FlopCount each = form.perToken().plus(form.perSquaredLength());
        for (LinearForm.MaskedPairs masked : form.masks()) {
            each = each.plus(masked.perPair());
        }
        return each;
    }

    /** Returns the most that a token costs by a formula: a sequence of its own, and attention over the longest. */
    static FlopCount most(StepFormula architecture, long longestSequence) {
        requirePositive(longestSequence);
        FlopCount high = most(architecture.high(), longestSequence);
        FlopCount executed = most(architecture.executed(), longestSequence);
        return high.compareTo(executed) > 0 ? high : executed;
    }

    private static FlopCount most(LinearForm form, long longestSequence) {
        FlopCount each = form.perToken()
                .plus(form.perSequence())
                .plus(form.perSquaredLength().times(longestSequence));
        for (LinearForm.MaskedPairs masked : form.masks()) {
            long size = masked.mask() instanceof AttentionMask.SlidingWindow window
                    ? window.size()
                    : ((AttentionMask.Chunked) masked.mask()).size();
            each = each.plus(masked.perPair().times(Math.min(size, longestSequence)));
        }
        return each;
    }

    /** Returns the least that a token costs in the weights a model is known to have: no lookups, and nothing but products. */
    static FlopCount least(ParameterCount parameters, TrainingSetting.Pass pass) {
        long weights = parameters.activeExcludingInputEmbedding();
        long products = weights - weights / WITHOUT_PRODUCT;
        boolean isWhole = parameters.trainable() == parameters.total();
        return switch (pass) {
            case FORWARD_ONLY -> FlopCount.product(2, products);
            // Below the first trained weight everything costs its forward alone.
            case TRAINING -> FlopCount.product(isWhole ? 6 : 2, products);
            case PREFERENCE -> FlopCount.product(isWhole ? 8 : 4, products);
        };
    }

    /** Returns the most that a token costs: every weight in every pass, and attention over the longest sequence. */
    static FlopCount most(ParameterCount parameters, TrainingSetting.Pass pass, long longestSequence) {
        FlopCount attention = attention(parameters.active(), longestSequence);
        return switch (pass) {
            case FORWARD_ONLY -> FlopCount.product(2, parameters.total()).plus(attention);
            case TRAINING -> FlopCount.product(6, parameters.total()).plus(attention);
            // A third more for the reference's forward pass.
            case PREFERENCE -> FlopCount.product(8, parameters.total()).plus(attention.times(2));
        };
    }

    /**
     * Returns the most that attention costs a token in training, in a transformer of so many parameters and unknown shape: 3 N s / h
     * with h = (4 N / 3)^(1/3).
     */
    static FlopCount attention(long active, long longestSequence) {
        requirePositive(longestSequence);
        BigInteger parameters = BigInteger.valueOf(active);
        BigInteger hidden = cubeRoot(parameters.shiftLeft(2).divide(BigInteger.valueOf(3)));
        BigInteger products =
                parameters.multiply(BigInteger.valueOf(WIDEST_HEADS)).multiply(BigInteger.valueOf(longestSequence));
        return FlopCount.of(products.divide(hidden).add(BigInteger.ONE));
    }

    /** Returns the greatest whole number of which the cube is not above a number, at least 1. */
    private static BigInteger cubeRoot(BigInteger number) {
        BigInteger root = BigInteger.ZERO;
        for (int bit = number.bitLength() / 3 + 1; bit >= 0; bit--) {
            BigInteger larger = root.setBit(bit);
            if (larger.pow(3).compareTo(number) <= 0) {
                root = larger;
            }
        }
        return root.max(BigInteger.ONE);
    }

    private static void requirePositive(long longestSequence) {
        if (longestSequence < 1) {
            throw new IllegalArgumentException("longest sequence is " + longestSequence + ", must be >= 1");
        }
    }
}
