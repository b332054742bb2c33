package org.flopledger.telemetry;

/**
 * Rows of one batch that were rejected for one reason.
 *
 * <p>An ingest result lists them, so that a sender finds the rows to mend. Immutable.
 *
 * @param column the column at fault
 * @param reason what is wrong with it
 * @param count rows rejected, at least 1
 * @param firstRow the first of them, counted from 0
 */
public record RowRejection(StepColumn column, Reason reason, int count, int firstRow) {

    /** Why a row does not count. A row with several faults is rejected once, for the first in column order. */
    public enum Reason {
        /** A required column is null. */
        MISSING,
        /** A value that cannot be negative is. */
        NEGATIVE,
        /** A floating-point value is NaN or infinite. */
        NOT_FINITE,
        /** A value is outside the range that the account can hold exactly, or that has a meaning. */
        OUT_OF_RANGE,
        /** A code stands for no constant of its enum. */
        UNKNOWN_CODE,
        /** A dictionary index points at no entry. */
        INDEX_OUT_OF_RANGE,
        /** A text is empty, or longer than 4 096 bytes of UTF-8. */
        TEXT_LENGTH,
        /** There is more padding than there are tokens. */
        ABOVE_TOKENS,
        /** What the row says cannot have been: beyond physics, or lengths that no sequences have. */
        IMPLAUSIBLE
    }

    /** Returns the reason in one word, such as {@code TOKENS_NEGATIVE}. */
    public String code() {
        return column + "_" + reason;
    }
}
