package org.flopledger.estimation;

import java.util.List;

/**
 * FLOP of some work as an exact linear form of what was seen: tokens, sequences, the sum of squared sequence lengths, and
 * for windowed or chunked attention the scored pairs.
 *
 * <p>Because it is linear, a total over any number of steps follows from the sums of its inputs, and no step is rounded.
 *
 * @param perToken FLOP for each token, at least 0
 * @param perSequence FLOP for each sequence, at least 0
 * @param perSquaredLength FLOP for each unit of the sum of squared sequence lengths, at least 0
 * @param masks FLOP for each pair scored under a mask, at most one entry a mask
 */
public record LinearForm(long perToken, long perSequence, long perSquaredLength, List<MaskedPairs> masks) {

    /** Nothing costs anything. */
    public static final LinearForm ZERO = new LinearForm(0, 0, 0, List.of());

    /** Checks the coefficients and copies the masks. */
    public LinearForm {
        if (perToken < 0 || perSequence < 0 || perSquaredLength < 0) {
            throw new IllegalArgumentException("coefficients are " + perToken + ", " + perSequence + ", "
                    + perSquaredLength + ", must all be >= 0");
        }
        masks = List.copyOf(masks);
    }

    /**
     * FLOP for each pair scored under one mask.
     *
     * @param mask the mask
     * @param perPair FLOP for each scored pair, at least 0
     */
    public record MaskedPairs(AttentionMask mask, long perPair) {

        /** Checks the coefficient. */
        public MaskedPairs {
            if (perPair < 0) {
                throw new IllegalArgumentException("FLOP per pair is " + perPair + ", must be >= 0");
            }
        }
    }

    /** Returns whether the form follows from tokens, sequences and squared lengths alone. */
    public boolean isFunctionOfSums() {
        return masks.isEmpty();
    }
}
