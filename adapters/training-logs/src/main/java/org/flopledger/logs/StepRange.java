package org.flopledger.logs;

/**
 * Consecutive optimizer steps of equal size.
 *
 * @param first number of the first step, at least 1
 * @param count how many steps, at least 1
 * @param sequences sequences in each step, at least 1
 * @param sequenceLength tokens in each sequence, padding included, at least 1
 */
public record StepRange(long first, long count, long sequences, long sequenceLength) {

    /** Returns the number of the last step. */
    public long last() {
        return first + count - 1;
    }

    /** Returns the sequences of all its steps. */
    public long totalSequences() {
        return Math.multiplyExact(count, sequences);
    }
}
