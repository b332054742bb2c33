package org.flopledger.logs;

/**
 * Consecutive optimizer steps of one size.
 *
 * @param attempt which start of the run did them, from 0
 * @param first number of the first step, 1-based
 * @param count how many steps, at least 1
 * @param sequences sequences in each step, at least 1
 * @param sequenceLength tokens in each sequence, padding included, at least 1
 */
public record StepRange(int attempt, long first, long count, long sequences, long sequenceLength) {

    /** Makes a range of a run's first start. */
    public StepRange(long first, long count, long sequences, long sequenceLength) {
        this(0, first, count, sequences, sequenceLength);
    }

    /** Returns the number of the last step. */
    public long last() {
        return first + count - 1;
    }

    /** Returns the sequences of all its steps. */
    public long totalSequences() {
        return Math.multiplyExact(count, sequences);
    }
}
