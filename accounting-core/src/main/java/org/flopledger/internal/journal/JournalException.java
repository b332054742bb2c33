package org.flopledger.internal.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The journal cannot do what was asked, and says why. Messages name the file within the ledger directory, never its path.
 */
public final class JournalException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure it is, for a program to act on. */
    public enum Kind {
        /** Another writer has the ledger open. */
        LOCKED,
        /** The record is damaged before its end; nothing was changed. */
        CORRUPT,
        /** Written by a newer version of this library. */
        UNKNOWN_VERSION,
        /** A read, a write or a flush failed; after a failed write or flush the journal is stopped. */
        INPUT_OUTPUT,
        /** The journal has stopped after an earlier failure, or is closed. Open it again to go on from what is on the disk. */
        STOPPED,
        /** A commit is larger than the format allows; the journal goes on without it. */
        TOO_LARGE,
        /** The directory is not there, is not a directory, or holds no journal. */
        NOT_A_LEDGER
    }

    private final Kind kind;

    JournalException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    JournalException(Kind kind, String message) {
        this(kind, message, null);
    }

    /** Returns what kind of failure it is. */
    public Kind kind() {
        return kind;
    }

    static JournalException inputOutput(String what, IOException cause) {
        return new JournalException(Kind.INPUT_OUTPUT, what + ": " + cause.getMessage(), cause);
    }

    static JournalException corrupt(String file, long offset, String what) {
        return new JournalException(Kind.CORRUPT, "journal file " + file + ", offset " + offset + ": " + what);
    }

    static JournalException tooLarge(long length, long limit) {
        return new JournalException(
                Kind.TOO_LARGE,
                "it takes " + length + " bytes in the journal, above the limit of " + limit
                        + "; write smaller batches");
    }
}
