package org.flopledger.huggingface.peft;

import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.Fields;

/**
 * The steps that matching the names of one description may take, so that no file decides how long it is read.
 *
 * <p>A step is one character of a path looked at by one instruction of an expression; real files need some thousands.
 * Confined to one thread.
 */
final class MatchBudget {

    private static final long MOST_STEPS = 30_000_000;

    private final Fields fields;
    private long left = MOST_STEPS;

    MatchBudget(Fields fields) {
        this.fields = fields;
    }

    /**
     * Takes steps.
     *
     * @throws DescriptionException if too few are left; the message names the field
     */
    void spend(String field, long steps) {
        left -= steps;
        if (left < 0) {
            throw fields.wrong(
                    field,
                    "more to match than " + MOST_STEPS + " steps allow",
                    "fewer or shorter names and expressions");
        }
    }
}
