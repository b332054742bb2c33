package org.flopledger;

import java.util.Objects;

/** The one exception for what goes wrong around a ledger. Programming errors and bad rows are not among them. */
public final class LedgerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /**
     * Creates the exception.
     *
     * @param code what went wrong, for programs
     * @param message what went wrong, for people: what, where, what was expected
     */
    public LedgerException(ErrorCode code, String message) {
        super(message);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** Creates the exception with the failure behind it. */
    public LedgerException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** Returns what went wrong, for programs. */
    public ErrorCode code() {
        return code;
    }
}
