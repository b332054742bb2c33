package org.flopledger;

import java.time.Instant;
import java.util.Objects;
import org.flopledger.internal.book.StepSpan;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Steps that were taken back, because what was recorded of them was wrong. The only thing that lowers a total.
 *
 * <p>Immutable. The record of it stays for ever; so do the steps themselves in the journal, until it is compacted.
 *
 * <p>{@link ComputeLedger#retract} returns it; {@link ComputeLedger#retractions} lists all, for an auditor.
 *
 * @param run the run's identity
 * @param attempt the attempt of which steps were taken back
 * @param firstStep the first of them, at least 0
 * @param lastStep the last of them
 * @param source whose observations were taken back; null for those of every source
 * @param reason why, in 1 to 200 characters without control characters; it is kept, so write nothing private
 * @param at when
 * @param observations how many observations were taken back
 * @param flop by how much the best figure of the run's total fell
 * @param keepsSteps whether the steps stay as observed, without any figure: what the ledger itself does with steps of which a
 *     model that came after them shows that they cannot have been
 */
public record Retraction(
        String run,
        int attempt,
        long firstStep,
        long lastStep,
        @Nullable String source,
        String reason,
        Instant at,
        long observations,
        FlopCount flop,
        boolean keepsSteps) {

    private static final int LONGEST_REASON = 200;

    /** Checks the range and the reason. */
    public Retraction {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(flop, "flop");
        if (attempt < 0 || firstStep < 0 || lastStep < firstStep || observations < 0) {
            throw new IllegalArgumentException("attempt is " + attempt + ", steps are " + firstStep + " to " + lastStep
                    + ", observations are " + observations + ": must be >= 0 and in order");
        }
        if (reason.isBlank()
                || reason.length() > LONGEST_REASON
                || reason.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("reason has " + reason.length() + " characters, must have 1 to "
                    + LONGEST_REASON + ", not be blank and have no control characters");
        }
    }

    /** Asks for steps to be taken back. */
    static Retraction of(StepSpan steps, String reason, Instant at) {
        return new Retraction(
                steps.run(),
                steps.attempt(),
                steps.first(),
                steps.last(),
                steps.source(),
                reason,
                at,
                0,
                FlopCount.ZERO,
                false);
    }

    /** Asks for the figures of the same steps to be taken back, and the steps to stay. */
    Retraction keepingSteps() {
        return new Retraction(run, attempt, firstStep, lastStep, source, reason, at, observations, flop, true);
    }

    /** Returns what was asked for with what it came to. */
    Retraction taking(long observationsTaken, FlopCount flopTaken) {
        return new Retraction(
                run, attempt, firstStep, lastStep, source, reason, at, observationsTaken, flopTaken, keepsSteps);
    }
}
