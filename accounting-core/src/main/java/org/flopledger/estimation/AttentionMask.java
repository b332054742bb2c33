package org.flopledger.estimation;

import java.math.BigInteger;

/**
 * Which pairs of positions an attention layer scores, for the masks whose number of pairs is not a multiple of tokens and
 * squared length.
 *
 * <p>{@link #pairs(long)} counts one sequence. Where only sums over some sequences are known (their tokens t, number n and
 * squared lengths S), {@link #fewest} and {@link #most} bound the pairs of all of them.
 *
 * <p>A {@link LinearForm} names the masks whose pairs a formula asks for; most users meet none. All kinds are immutable.
 */
public sealed interface AttentionMask {

    /** The kinds of masks, with the word and the number by which stored forms name them. */
    enum Kind {
        /** See {@link SlidingWindow}. */
        WINDOW("window", 1),
        /** See {@link Chunked}. */
        CHUNK("chunk", 2),
        /** See {@link TwoSidedWindow}. */
        TWO_SIDED_WINDOW("two-sided-window", 3);

        private final String word;
        private final int code;

        Kind(String word, int code) {
            this.word = word;
            this.code = code;
        }

        /** Returns the word used in JSON. */
        public String word() {
            return word;
        }

        /** Returns the number used in stored state, from 1. */
        public int code() {
            return code;
        }

        /** Returns the mask of this kind with a size. */
        public AttentionMask ofSize(long size) {
            return switch (this) {
                case WINDOW -> new SlidingWindow(size);
                case CHUNK -> new Chunked(size);
                case TWO_SIDED_WINDOW -> new TwoSidedWindow(size);
            };
        }

        /**
         * Returns the kind with this word.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Kind named(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("mask is '" + word + "', must be window, chunk or two-sided-window");
        }

        /**
         * Returns the kind with this number.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("mask is " + code + ", must be from 1 to " + values().length);
        }
    }

    /** Returns the kind. */
    Kind kind();

    /** Returns the positions of the window or chunk, at least 1. */
    long size();

    /** Returns the scored pairs of one sequence of {@code length} positions, exact. */
    BigInteger pairs(BigInteger length);

    /**
     * Returns the scored pairs of one sequence of {@code length} positions, exact.
     *
     * @throws ArithmeticException if they are above 2^63 - 1
     */
    default long pairs(long length) {
        return pairs(BigInteger.valueOf(length)).longValueExact();
    }

    /**
     * Returns the fewest pairs that so many sequences with so many tokens score.
     *
     * @param tokens t, at least 0
     * @param sequences n, at least 1
     */
    BigInteger fewest(BigInteger tokens, BigInteger sequences);

    /**
     * Returns the most pairs that sequences score.
     *
     * @param tokens t, at least 0
     * @param squared S, the sum of their squared lengths
     */
    BigInteger most(BigInteger tokens, BigInteger squared);

    /**
     * Causal attention to the last {@code size} positions, the own one included.
     *
     * @param size positions seen, at least 1
     */
    record SlidingWindow(long size) implements AttentionMask {

        /** Checks the size. */
        public SlidingWindow {
            MaskSums.requirePositive(size);
        }

        @Override
        public Kind kind() {
            return Kind.WINDOW;
        }

        @Override
        public BigInteger pairs(BigInteger length) {
            BigInteger window = BigInteger.valueOf(size);
            BigInteger ramp = length.min(window);
            return MaskSums.triangle(ramp).add(length.subtract(ramp).multiply(window));
        }

        /** The increments of the pairs are 1, 2, .., w, w, ..: convex, so equal lengths score least. */
        @Override
        public BigInteger fewest(BigInteger tokens, BigInteger sequences) {
            return MaskSums.ofEqualLengths(this, tokens, sequences);
        }

        @Override
        public BigInteger most(BigInteger tokens, BigInteger squared) {
            BigInteger causal = squared.add(tokens).shiftRight(1);
            return causal.min(tokens.multiply(BigInteger.valueOf(size)));
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
            MaskSums.requirePositive(size);
        }

        @Override
        public Kind kind() {
            return Kind.CHUNK;
        }

        @Override
        public BigInteger pairs(BigInteger length) {
            BigInteger chunk = BigInteger.valueOf(size);
            BigInteger[] parts = length.divideAndRemainder(chunk);
            return parts[0].multiply(MaskSums.triangle(chunk)).add(MaskSums.triangle(parts[1]));
        }

        /**
         * With K whole chunks and remainders r_i that sum to R, pairs = K c (c + 1) / 2 + sum r_i (r_i + 1) / 2
         * {@literal >=} (t - R) (c + 1) / 2 + R^2 / 2n + R / 2, least at R = n c / 2: t^2 / 2n + t / 2 if t {@literal <=}
         * n c / 2, else t (c + 1) / 2 - n c^2 / 8.
         */
        @Override
        public BigInteger fewest(BigInteger tokens, BigInteger sequences) {
            BigInteger chunk = BigInteger.valueOf(size);
            if (tokens.shiftLeft(1).compareTo(sequences.multiply(chunk)) <= 0) {
                BigInteger doubled = tokens.multiply(tokens).add(tokens.multiply(sequences));
                return MaskSums.ceilingDivide(doubled, sequences.shiftLeft(1));
            }
            BigInteger whole = tokens.multiply(chunk.add(BigInteger.ONE)).shiftLeft(2);
            return MaskSums.ceilingDivide(
                    whole.subtract(sequences.multiply(chunk).multiply(chunk)), BigInteger.valueOf(8));
        }

        @Override
        public BigInteger most(BigInteger tokens, BigInteger squared) {
            BigInteger causal = squared.add(tokens).shiftRight(1);
            return causal.min(tokens.multiply(BigInteger.valueOf(size).add(BigInteger.ONE))
                    .shiftRight(1));
        }
    }

    /**
     * Attention to the own position and to {@code size} positions on either side.
     *
     * @param size positions seen on each side, at least 1
     */
    record TwoSidedWindow(long size) implements AttentionMask {

        /** Checks the size. */
        public TwoSidedWindow {
            MaskSums.requirePositive(size);
        }

        @Override
        public Kind kind() {
            return Kind.TWO_SIDED_WINDOW;
        }

        /** The square, or where it is longer than the window l (2 w + 1) - w (w + 1): the ends lack w (w + 1) / 2 each. */
        @Override
        public BigInteger pairs(BigInteger length) {
            BigInteger side = BigInteger.valueOf(size);
            if (length.compareTo(side) <= 0) {
                return length.multiply(length);
            }
            return length.multiply(side.shiftLeft(1).add(BigInteger.ONE))
                    .subtract(side.multiply(side.add(BigInteger.ONE)));
        }

        /** The increments are 1, 3, .., 2 w + 1, 2 w + 1, ..: convex, so equal lengths score least. */
        @Override
        public BigInteger fewest(BigInteger tokens, BigInteger sequences) {
            return MaskSums.ofEqualLengths(this, tokens, sequences);
        }

        @Override
        public BigInteger most(BigInteger tokens, BigInteger squared) {
            BigInteger window = BigInteger.valueOf(size).shiftLeft(1).add(BigInteger.ONE);
            return squared.min(tokens.multiply(window));
        }
    }
}
