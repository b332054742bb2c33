package org.flopledger.internal.book;

/** Two books hold one step of one source with different content. */
public final class ContentConflictException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    ContentConflictException(String message) {
        super(message);
    }
}
