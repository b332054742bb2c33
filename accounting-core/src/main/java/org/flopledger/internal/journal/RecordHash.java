package org.flopledger.internal.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** SHA-256 of the bytes of a record. Immutable. */
final class RecordHash {

    static final int LENGTH = 32;

    /** Stands before the first record of a journal. */
    static final RecordHash NONE = new RecordHash(new byte[LENGTH]);

    private final byte[] bytes;

    private RecordHash(byte[] bytes) {
        this.bytes = bytes;
    }

    static RecordHash of(byte[] record, int offset, int length) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        digest.update(record, offset, length);
        return new RecordHash(digest.digest());
    }

    static RecordHash read(ByteBuffer buffer, int at) {
        byte[] bytes = new byte[LENGTH];
        buffer.get(at, bytes);
        return new RecordHash(bytes);
    }

    void write(ByteBuffer buffer, int at) {
        buffer.put(at, bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordHash that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
