package org.flopledger.cli.options;

/** Ends a command with exit code 1 and a message for the user; the user sees the message alone. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandFailure(String message) {
        super(message);
    }

    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
