package org.flopledger.cli;

/** Ends a command with exit code 1 and a message for the user; the user sees the message alone. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message);
    }

    CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
