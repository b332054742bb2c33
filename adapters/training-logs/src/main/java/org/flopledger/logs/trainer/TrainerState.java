package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.nio.file.Path;
import org.flopledger.logs.scan.JsonFacts;
import org.jspecify.annotations.Nullable;

/**
 * One trainer_state.json.
 *
 * @param file where it lies
 * @param hash SHA-256 of its bytes
 * @param facts its figures
 * @param history its course
 */
record TrainerState(Path file, String hash, JsonFacts facts, StepHistory history) {

    long globalStep() {
        Long step = facts.whole("global_step");
        return step == null ? 0 : step;
    }

    @Nullable
    Long maxSteps() {
        return facts.whole("max_steps");
    }

    /** Returns a figure of the closing entry that a trainer writes when training ends, or null. */
    @Nullable
    BigDecimal closing(String name) {
        return history.figure(name);
    }

    boolean isClosed() {
        // Durations may stand in every entry; the rate of samples is written at the end.
        return history.figure("train_samples_per_second") != null;
    }

    /** Returns the tokens seen, or null: 0 is what the trainer writes when it was not asked to count. */
    @Nullable
    Long tokens() {
        Long counted = positive(facts.figure("num_input_tokens_seen"));
        if (counted == null) {
            counted = positive(history.figure("num_input_tokens_seen"));
        }
        // The TRL trainers count under another name.
        return counted == null ? positive(history.figure("num_tokens")) : counted;
    }

    private static @Nullable Long positive(@Nullable BigDecimal figure) {
        Long whole = figure == null ? null : JsonFacts.whole(figure);
        return whole == null || whole == 0 ? null : whole;
    }

    /** Returns what every later state of the same training repeats; of a state before the first entry only its bytes. */
    String beginning() {
        return history.entries() == 0 ? hash : "first entry " + history.firstFingerprint();
    }
}
