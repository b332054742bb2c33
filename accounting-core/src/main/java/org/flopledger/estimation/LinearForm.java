package org.flopledger.estimation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.flopledger.units.FlopCount;

/**
 * FLOP of some work as an exact linear form of what was seen: tokens, sequences, the sum of squared sequence lengths, and
 * for windowed or chunked attention the scored pairs.
 *
 * <p>Because it is linear, a total over any number of steps follows from the sums of its inputs, and no step is rounded.
 *
 * <p>Coefficients are exact integers of up to 127 bits: a sequence of a million tokens of a large model costs more than 2^63.
 *
 * <p>The parts of a {@link StepFormula}, for anyone who prices sums that no ledger holds. Immutable and thread-safe.
 *
 * @param perToken FLOP for each token
 * @param perSequence FLOP for each sequence
 * @param perSquaredLength FLOP for each unit of the sum of squared sequence lengths
 * @param masks FLOP for each pair scored under a mask, at most one entry a mask
 */
public record LinearForm(
        FlopCount perToken, FlopCount perSequence, FlopCount perSquaredLength, List<MaskedPairs> masks) {

    /** Nothing costs anything. */
    public static final LinearForm ZERO = new LinearForm(0, 0, 0, List.of());

    /** Copies the masks. */
    public LinearForm {
        masks = List.copyOf(masks);
        if (masks.stream().map(MaskedPairs::mask).distinct().count() != masks.size()) {
            throw new IllegalArgumentException("masks are " + masks + ", must have one entry each");
        }
    }

    /** Makes a form of coefficients below 2^63, each at least 0. */
    public LinearForm(long perToken, long perSequence, long perSquaredLength, List<MaskedPairs> masks) {
        this(FlopCount.of(perToken), FlopCount.of(perSequence), FlopCount.of(perSquaredLength), masks);
    }

    /** Returns the form of a price for each token. */
    public static LinearForm eachToken(FlopCount flop) {
        return new LinearForm(flop, FlopCount.ZERO, FlopCount.ZERO, List.of());
    }

    /** Returns the form of a price for each sequence. */
    public static LinearForm eachSequence(FlopCount flop) {
        return new LinearForm(FlopCount.ZERO, flop, FlopCount.ZERO, List.of());
    }

    /**
     * FLOP for each pair scored under one mask.
     *
     * @param mask the mask
     * @param perPair FLOP for each scored pair
     */
    public record MaskedPairs(AttentionMask mask, FlopCount perPair) {

        /** Makes an entry of a price below 2^63, at least 0. */
        public MaskedPairs(AttentionMask mask, long perPair) {
            this(mask, FlopCount.of(perPair));
        }
    }

    /** Returns the form whose coefficients are the lesser of two, mask by mask. */
    LinearForm least(LinearForm other) {
        return combined(other, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    }

    /** Returns the form whose coefficients are the greater of two, mask by mask. */
    LinearForm most(LinearForm other) {
        return combined(other, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    private LinearForm combined(LinearForm other, BinaryOperator<FlopCount> choice) {
        Map<AttentionMask, FlopCount> pairs = new LinkedHashMap<>();
        Stream.concat(masks.stream(), other.masks.stream())
                .map(MaskedPairs::mask)
                .forEach(mask -> pairs.put(mask, choice.apply(perPair(mask), other.perPair(mask))));
        return new LinearForm(
                choice.apply(perToken, other.perToken),
                choice.apply(perSequence, other.perSequence),
                choice.apply(perSquaredLength, other.perSquaredLength),
                pairs.entrySet().stream()
                        .filter(entry -> !entry.getValue().isZero())
                        .map(entry -> new MaskedPairs(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private FlopCount perPair(AttentionMask mask) {
        return masks.stream()
                .filter(masked -> masked.mask().equals(mask))
                .map(MaskedPairs::perPair)
                .findFirst()
                .orElse(FlopCount.ZERO);
    }

    /** Returns whether the form follows from tokens, sequences and squared lengths alone. */
    public boolean isFunctionOfSums() {
        return masks.isEmpty();
    }
}
