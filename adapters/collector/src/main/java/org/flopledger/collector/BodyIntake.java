package org.flopledger.collector;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Takes the body of a request, and says what is answered. */
interface BodyIntake {

    /**
     * Returns what is answered, when what the body brought is where it belongs.
     *
     * @throws BadBodyException if it cannot be read
     * @throws org.flopledger.LedgerException if the ledger cannot take it
     */
    Answer take(byte[] body) throws BadBodyException;

    /** An answer. */
    record Answer(int status, String type, ByteBuffer body) {}

    /** Returns a media type without its parameters. */
    static String mediaType(@Nullable String contentType) {
        return contentType == null ? "" : contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }
}
