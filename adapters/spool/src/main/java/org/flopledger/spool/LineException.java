package org.flopledger.spool;

/** Says why a line is refused. Confined to this package: callers of it are told by counts. */
final class LineException extends Exception {

    private static final long serialVersionUID = 1L;

    private final LineFault fault;

    LineException(LineFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    LineFault fault() {
        return fault;
    }
}
