package org.flopledger.account;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Appends little-endian values to bytes. */
final class StateWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void putInt(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(value >>> shift);
        }
    }

    void putLong(long value) {
        putInt((int) value);
        putInt((int) (value >>> 32));
    }

    /** Writes a text as length and UTF-8 bytes; no text as length -1. */
    void putText(@Nullable String text) {
        if (text == null) {
            putInt(-1);
            return;
        }
        byte[] bytes = AccountState.utf8(text);
        putInt(bytes.length);
        out.writeBytes(bytes);
    }

    /** Writes a non-negative integer as length and big-endian two's complement, shortest form. */
    void putBig(BigInteger value) {
        byte[] bytes = value.toByteArray();
        putInt(bytes.length);
        out.writeBytes(bytes);
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
