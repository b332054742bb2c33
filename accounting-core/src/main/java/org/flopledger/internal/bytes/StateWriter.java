package org.flopledger.internal.bytes;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Appends little-endian values to bytes, and fails when they pass the limit of a state. Confined to one thread. */
public final class StateWriter {

    private final String name;
    private final int most;
    private byte[] bytes = new byte[256];
    private int size;

    /**
     * Creates a writer of nothing yet.
     *
     * @param name what the state is called in messages
     * @param most how many bytes it may have
     */
    StateWriter(String name, int most) {
        this.name = name;
        this.most = most;
    }

    public void putByte(int value) {
        ensureRoom(1);
        bytes[size++] = (byte) value;
    }

    public void putInt(int value) {
        ensureRoom(4);
        for (int shift = 0; shift < 32; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    public void putLong(long value) {
        ensureRoom(8);
        for (int shift = 0; shift < 64; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** Writes a number of 0 or more in groups of seven bits, least significant first, shortest form. */
    public void putVarint(long value) {
        long rest = value;
        while (rest > 0x7f) {
            putByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        putByte((int) rest);
    }

    /** Writes a text as length and UTF-8 bytes; no text as length -1. */
    public void putText(@Nullable String text) {
        if (text == null) {
            putInt(-1);
            return;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > StateInput.MAX_NAME_BYTES) {
            throw new IllegalStateException(
                    "name has " + encoded.length + " bytes, the limit is " + StateInput.MAX_NAME_BYTES);
        }
        putBlock(encoded);
    }

    /** Writes a non-negative integer as length and big-endian two's complement, shortest form. */
    public void putBig(BigInteger value) {
        putBlock(value.toByteArray());
    }

    /** Writes bytes after their length. */
    public void putBlock(byte[] block) {
        putInt(block.length);
        ensureRoom(block.length);
        System.arraycopy(block, 0, bytes, size, block.length);
        size += block.length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** The state passes its limit. */
    public static final class StateTooLargeException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        StateTooLargeException(String message) {
            super(message);
        }
    }

    private void ensureRoom(int more) {
        long needed = (long) size + more;
        if (needed > most) {
            throw new StateTooLargeException(name + " has more than " + most + " bytes, the limit");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(most, Math.max(needed, 2L * bytes.length)));
        }
    }
}
