package org.flopledger.logs.metric;

/** A mapping file that cannot be used; the message names the field and what it must be. */
public final class MappingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MappingException(String message) {
        super(message);
    }
}
