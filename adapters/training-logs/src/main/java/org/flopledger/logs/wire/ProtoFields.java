package org.flopledger.logs.wire;

import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of one protocol buffer message in an array, without copying.
 *
 * <p>The bytes are untrusted: whatever they hold, {@link #next()} ends. Where they are no message it ends early and
 * {@link #isMalformed()} says so. Confined to one thread.
 */
public final class ProtoFields {

    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH = 2;
    private static final int FOUR_BYTES = 5;
    private static final int MOST_VARINT_BYTES = 10;

    private final byte[] bytes;
    private final int to;
    private int at;
    private int field;
    private int type;
    private long bits;
    private int start;
    private int end;
    private boolean malformed;

    /** Walks the message that stands in {@code bytes} from {@code from} to {@code to}; the bytes are not copied. */
    public ProtoFields(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.to = to;
    }

    /** Moves to the next field; returns false behind the last or where the bytes are no message. */
    public boolean next() {
        if (malformed || at >= to) {
            return false;
        }
        long key = varint();
        field = (int) (key >>> 3);
        type = (int) (key & 7);
        if (key < 8 || key >>> 3 > 0x1FFF_FFFF) {
            malformed = true;
        }
        if (!malformed) {
            value();
        }
        return !malformed;
    }

    private void value() {
        bits = 0;
        start = at;
        end = at;
        switch (type) {
            case VARINT -> bits = varint();
            case EIGHT_BYTES -> bits = fixed(Long.BYTES);
            case FOUR_BYTES -> bits = fixed(Integer.BYTES);
            case LENGTH -> {
                long length = varint();
                if (length < 0 || length > to - at) {
                    malformed = true;
                    return;
                }
                start = at;
                end = at + (int) length;
                at = end;
            }
            default -> malformed = true;
        }
    }

    private long varint() {
        long value = 0;
        for (int i = 0; i < MOST_VARINT_BYTES; i++) {
            if (at >= to) {
                break;
            }
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        malformed = true;
        return 0;
    }

    private long fixed(int length) {
        if (to - at < length) {
            malformed = true;
            return 0;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes[at + i] & 0xFFL) << (8 * i);
        }
        at += length;
        return value;
    }

    /** Returns whether the bytes stopped being a message. */
    public boolean isMalformed() {
        return malformed;
    }

    /** Returns the number of the field. */
    public int field() {
        return field;
    }

    /** Returns whether the field is a whole number. */
    public boolean isWhole() {
        return type == VARINT;
    }

    /** Returns whether the field holds bytes: a text, a message, packed numbers. */
    public boolean isBytes() {
        return type == LENGTH;
    }

    /** Returns a whole number; 0 if the field is none. */
    public long whole() {
        return type == VARINT ? bits : 0;
    }

    /** Returns a field of 4 or 8 bytes as the number it is; NaN if it is neither. */
    public double number() {
        return switch (type) {
            case FOUR_BYTES -> Float.intBitsToFloat((int) bits);
            case EIGHT_BYTES -> Double.longBitsToDouble(bits);
            default -> Double.NaN;
        };
    }

    /** Returns where the bytes of the field begin. */
    public int start() {
        return start;
    }

    /** Returns where the bytes of the field end; equal to the start if it holds none. */
    public int end() {
        return end;
    }

    /** Returns how many bytes the field holds. */
    public int length() {
        return end - start;
    }

    /** Returns up to 8 bytes of the field as one little-endian number. */
    public long littleEndian() {
        long value = 0;
        for (int i = 0; i < Math.min(Long.BYTES, length()); i++) {
            value |= (bytes[start + i] & 0xFFL) << (8 * i);
        }
        return value;
    }

    /** Returns the fields of the message that the field holds. */
    public ProtoFields message() {
        return new ProtoFields(bytes, start, end);
    }

    /** Returns the field as text, at most {@code longest} bytes of it. */
    public String text(int longest) {
        return new String(bytes, start, Math.min(longest, length()), StandardCharsets.UTF_8);
    }
}
