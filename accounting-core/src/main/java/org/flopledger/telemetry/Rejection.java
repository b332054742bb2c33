package org.flopledger.telemetry;

/**
 * Rows of one batch that were rejected for one reason.
 *
 * @param column the column at fault
 * @param reason what is wrong with it
 * @param count rows rejected, at least 1
 * @param firstRow the first of them, counted from 0
 */
public record Rejection(StepColumn column, RejectionReason reason, int count, int firstRow) {

    /** Returns the reason in one word, such as {@code TOKENS_NEGATIVE}. */
    public String code() {
        return column + "_" + reason;
    }
}
