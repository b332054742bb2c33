package org.flopledger.account;

/**
 * How many rows of a batch were observed before.
 *
 * @param duplicates rows that repeat an observation with the same content
 * @param firstDuplicate the first of them, or -1
 * @param conflicts rows that repeat the key of an observation with other content; the first one stays
 * @param firstConflict the first of them, or -1
 */
public record Repeats(int duplicates, int firstDuplicate, int conflicts, int firstConflict) {

    /** No repeats. */
    public static final Repeats NONE = new Repeats(0, -1, 0, -1);

    /** Returns the repeats of this and another part of the same batch. */
    public Repeats plus(Repeats other) {
        return new Repeats(
                duplicates + other.duplicates,
                first(firstDuplicate, other.firstDuplicate),
                conflicts + other.conflicts,
                first(firstConflict, other.firstConflict));
    }

    private static int first(int row, int other) {
        return row < 0 ? other : other < 0 ? row : Math.min(row, other);
    }
}
