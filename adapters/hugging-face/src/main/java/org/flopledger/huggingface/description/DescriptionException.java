package org.flopledger.huggingface.description;

/**
 * Says in one sentence why a description cannot be used: the file, the JSON path, what stands there and what was expected.
 *
 * <p>The message is meant for the person who wrote the file; it holds nothing of the file but the named value, shortened.
 */
public final class DescriptionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DescriptionException(String message) {
        super(message);
    }

    public DescriptionException(String message, Throwable cause) {
        super(message, cause);
    }
}
