package org.flopledger.internal.journal;

import org.jspecify.annotations.Nullable;

/** What a record of the journal holds. */
enum RecordKind {
    /** Opens a segment: the Arrow schema, and where the segment stands in the chain. */
    SEGMENT(1),
    /** New entries of one of the segment's dictionaries. */
    DICTIONARY(2),
    /** A batch of accepted step observations. */
    STEPS(3),
    /** A fact, in the metadata of an empty batch. */
    FACT(4),
    /** The writer ended in order; nothing before it may be missing. */
    CLOSED(5);

    private final int code;

    RecordKind(int code) {
        this.code = code;
    }

    /** Returns the number that is stored. */
    int code() {
        return code;
    }

    static @Nullable RecordKind ofCode(int code) {
        for (RecordKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }
}
