package org.flopledger.collector;

/** Says that a request's body cannot be taken in, and with which status it is answered. */
final class BadBodyException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    BadBodyException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
