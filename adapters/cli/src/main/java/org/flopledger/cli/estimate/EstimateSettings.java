package org.flopledger.cli.estimate;

import org.flopledger.estimation.Convention;
import org.jspecify.annotations.Nullable;

/**
 * What was typed beside the model.
 *
 * @param sequences sequences in a step
 * @param sequenceLength tokens of each, or null for the model's default
 * @param sourceLength tokens of each encoder sequence, or null for the default
 * @param trainingTokens tokens of the whole training, or null if none were typed
 * @param wholeSquare whether the whole square of scores counts
 * @param multiTokenPrediction whether stated further predicted tokens count
 */
record EstimateSettings(
        long sequences,
        @Nullable Long sequenceLength,
        @Nullable Long sourceLength,
        @Nullable Long trainingTokens,
        boolean wholeSquare,
        boolean multiTokenPrediction) {

    /** The largest batch or length that is believed. */
    static final long LARGEST = 1L << 40;

    Convention convention() {
        return wholeSquare ? Convention.FULL_SQUARE : Convention.EXACT;
    }
}
