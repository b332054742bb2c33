package org.flopledger.estimation;

/**
 * Which pairs of positions an attention layer scores, for the masks whose number of pairs is not a multiple of tokens and
 * squared length.
 *
 * <p>Both need the lengths of single sequences; {@link #pairs} counts one.
 */
public sealed interface AttentionMask {

    /** Returns the scored pairs of one sequence of {@code length} positions, exact. */
    long pairs(long length);

    /**
     * Causal attention to the last {@code size} positions, the own one included.
     *
     * @param size positions seen, at least 1
     */
    record SlidingWindow(long size) implements AttentionMask {

        /** Checks the size. */
        public SlidingWindow {
            requirePositive(size);
        }

        @Override
        public long pairs(long length) {
            long ramp = Math.min(length, size);
            return Math.addExact(triangle(ramp), Math.multiplyExact(length - ramp, size));
        }
    }

    /**
     * Causal attention inside chunks of {@code size} positions.
     *
     * @param size positions in a chunk, at least 1
     */
    record Chunked(long size) implements AttentionMask {

        /** Checks the size. */
        public Chunked {
            requirePositive(size);
        }

        @Override
        public long pairs(long length) {
            long whole = Math.multiplyExact(length / size, triangle(size));
            return Math.addExact(whole, triangle(length % size));
        }
    }

    private static long triangle(long n) {
        // One of n and n + 1 is even: halve it first, so that only the product itself can overflow.
        return n % 2 == 0 ? Math.multiplyExact(n / 2, n + 1) : Math.multiplyExact(n, (n + 1) / 2);
    }

    private static void requirePositive(long size) {
        if (size < 1) {
            throw new IllegalArgumentException("mask size is " + size + ", must be >= 1");
        }
    }
}
