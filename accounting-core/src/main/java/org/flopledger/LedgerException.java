package org.flopledger;

import java.util.Objects;

/**
 * The one exception for what goes wrong around a ledger. Programming errors and bad rows are not among them.
 *
 * <p>A caller reads {@link #code()} to decide what to do, and shows the message to a person.
 */
public final class LedgerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;

    /**
     * Creates the exception.
     *
     * @param code what went wrong, for programs
     * @param message what went wrong, for people: what, where, what was expected
     */
    public LedgerException(Code code, String message) {
        super(message);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** Creates the exception with the failure behind it. */
    public LedgerException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** Returns what went wrong, for programs. */
    public Code code() {
        return code;
    }

    /** Why the ledger could not go on. */
    public enum Code {
        /** A run was not registered with this ledger. */
        UNKNOWN_RUN,
        /** No observation is held of the steps to take back. */
        NOTHING_TO_RETRACT,
        /** A run was registered before with other facts. */
        RUN_CHANGED,
        /** The ledger was closed. */
        CLOSED,
        /** The ledger's directory is in use by another writer. */
        LOCKED,
        /** The directory is not there, or holds no ledger. */
        NOT_A_LEDGER,
        /** What is on the disk is damaged; the message names file and offset. */
        CORRUPT,
        /** The ledger was compacted, and records that are gone would be needed. */
        COMPACTED,
        /** A batch or state is more than a durable ledger can write as one; nothing of it was taken in and the ledger goes on. */
        TOO_LARGE,
        /** The disk refused a write; the ledger has stopped and what it acknowledged is safe. */
        STORAGE_FAILED,
        /** The recorder has no room for a step, and the ledger was asked not to wait; the step was not recorded. */
        RECORDER_FULL,
        /** Something unforeseen, such as a lack of memory; the ledger has stopped and what it acknowledged is safe. */
        INTERNAL
    }
}
