package org.flopledger.otlp;

/** Says that bytes are not OTLP, or more than is read at once. The message holds nothing of them. */
public final class OtlpException extends Exception {

    private static final long serialVersionUID = 1L;

    OtlpException(String message) {
        super(message);
    }
}
