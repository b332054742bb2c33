package org.flopledger.estimation;

import java.math.BigInteger;
import java.util.Optional;
import org.flopledger.model.Operation.Reach;

/** How a convention counts the scored pairs of a sequence. Cross-attention is a rectangle in every convention. */
enum AttentionPairs {
    /** Each layer by its own mask. */
    EXACT,
    /** Half the square for everything causal, windows ignored; the whole square for bidirectional attention. */
    HALF_OF_CAUSAL,
    /** Half the square for everything. */
    HALF,
    /** The whole square for everything. */
    FULL;

    /** Returns twice the pairs in one sequence. */
    BigInteger twice(Reach reach, long length) {
        BigInteger square = BigInteger.valueOf(length).pow(2);
        boolean bothWays = reach.rule() == Reach.Rule.BIDIRECTIONAL || reach.rule() == Reach.Rule.NEAR;
        return switch (this) {
            case FULL -> square.shiftLeft(1);
            case HALF -> square;
            case HALF_OF_CAUSAL -> bothWays ? square.shiftLeft(1) : square;
            case EXACT -> {
                if (reach.rule() == Reach.Rule.BIDIRECTIONAL) {
                    yield square.shiftLeft(1);
                }
                yield mask(reach)
                        .map(mask -> mask.pairs(BigInteger.valueOf(length)).shiftLeft(1))
                        .orElseGet(() -> square.add(BigInteger.valueOf(length)));
            }
        };
    }

    /** Returns the mask whose pairs are not a function of sums of lengths and squares; empty where they are. */
    Optional<AttentionMask> mask(Reach reach) {
        if (this != EXACT) {
            return Optional.empty();
        }
        return switch (reach.rule()) {
            case WINDOW -> Optional.of(new AttentionMask.SlidingWindow(reach.size()));
            case CHUNK -> Optional.of(new AttentionMask.Chunked(reach.size()));
            case NEAR -> Optional.of(new AttentionMask.TwoSidedWindow(reach.size()));
            case BIDIRECTIONAL, CAUSAL, CROSS -> Optional.empty();
        };
    }
}
