package org.flopledger.internal.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Something the journal remembers besides step batches. The journal keeps the bytes and gives them back; what they mean is
 * the affair of who wrote them. Immutable.
 */
public final class JournalFact implements JournalEntry {

    /** What a fact is about. The name is stored: never rename, add at the end. */
    public enum Kind {
        /** A run was registered. */
        RUN,
        /** A model description was registered. */
        MODEL,
        /** A review profile was put in force. */
        PROFILE,
        /** Rows of a batch were refused, with reasons and counts. */
        REJECTION,
        /** A finding was made; written in the commit of the batch that caused it. */
        FINDING,
        /** A finding reached the listener. */
        DELIVERY,
        /** The state of all accounts after everything before. */
        SNAPSHOT,
        /** Steps were taken back. */
        RETRACTION
    }

    private final Kind kind;
    private final byte[] value;

    private JournalFact(Kind kind, byte[] value) {
        this.kind = kind;
        this.value = value;
    }

    /** Returns a fact whose value is a text, usually canonical JSON. */
    public static JournalFact of(Kind kind, String text) {
        return new JournalFact(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a fact whose value is a copy of the bytes. */
    public static JournalFact of(Kind kind, byte[] value) {
        return new JournalFact(kind, value.clone());
    }

    /** Returns what the fact is about. */
    public Kind kind() {
        return kind;
    }

    /** Returns the value as text. */
    public String text() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** Returns a copy of the value. */
    public byte[] bytes() {
        return value.clone();
    }

    byte[] value() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JournalFact that && kind == that.kind && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + Arrays.hashCode(value);
    }

    /** Returns the kind and the length of the value; the value may be private to a run. */
    @Override
    public String toString() {
        return kind + " of " + value.length + " bytes";
    }
}
