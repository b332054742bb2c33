package org.flopledger.model;

/** Checks of described dimensions: one message that names the field, the value and what was expected. */
final class Require {

    /** Far above any model described so far, far below where products of three dimensions stop being numbers to believe. */
    static final long LARGEST_DIMENSION = 1L << 30;

    private Require() {}

    static long positive(String field, long value) {
        return within(field, value, 1);
    }

    static long notNegative(String field, long value) {
        return within(field, value, 0);
    }

    private static long within(String field, long value, long least) {
        if (value < least || value > LARGEST_DIMENSION) {
            throw new IllegalArgumentException(
                    field + " is " + value + ", must be from " + least + " to " + LARGEST_DIMENSION);
        }
        return value;
    }

    static void divides(String divisorField, long divisor, String field, long value) {
        if (value % divisor != 0) {
            throw new IllegalArgumentException(
                    field + " is " + value + ", must be a multiple of " + divisorField + " (" + divisor + ")");
        }
    }

    static void atMost(String field, long value, String limitField, long limit) {
        if (value > limit) {
            throw new IllegalArgumentException(
                    field + " is " + value + ", must be <= " + limitField + " (" + limit + ")");
        }
    }
}
