package org.flopledger.internal.bytes;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes little-endian values from untrusted bytes: every length is checked against what is left before it is
 * used, and one exception says what is wrong where. Confined to one thread.
 */
public final class StateInput {

    static final int MAX_NAME_BYTES = 4096;
    private static final int MAX_BIG_BYTES = 64;

    private final String name;
    private final ByteBuffer in;

    StateInput(String name, byte[] bytes, int length) {
        this.name = name;
        in = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    public int remaining() {
        return in.remaining();
    }

    void expect(String what, int expected) {
        int actual = intValue();
        if (actual != expected) {
            throw broken(
                    what + " is 0x" + Integer.toHexString(actual) + ", must be 0x" + Integer.toHexString(expected));
        }
    }

    /** Refuses bytes after the last element. */
    public void expectEnd(String last) {
        if (in.hasRemaining()) {
            throw broken(in.remaining() + " bytes follow the last " + last + ", must be none");
        }
    }

    /** Returns how many elements follow, each of which takes at least so many bytes. */
    public int count(String what, int least, int bytesOfEach) {
        return checked("number of " + what, intValue(), least, in.remaining() / bytesOfEach);
    }

    public int number(String what, int least, int most) {
        return checked(what, intValue(), least, most);
    }

    /** Returns how many bytes follow, which are there. */
    private int length(String what, int least, int most) {
        return checked("length of " + what, intValue(), least, Math.min(most, in.remaining()));
    }

    private int checked(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw broken(what + " is " + value + ", must be from " + least + " to " + most);
        }
        return value;
    }

    @Nullable
    public String text(String what) {
        int length = length(what, -1, MAX_NAME_BYTES);
        if (length < 0) {
            return null;
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw broken(what + " is not UTF-8");
        }
    }

    /** Returns a text that must be there. */
    public String name(String what) {
        String text = text(what);
        if (text == null) {
            throw broken(what + " is absent, must be a name");
        }
        return text;
    }

    /** Returns a block of bytes that begins with its length. */
    public byte[] block(String what) {
        byte[] bytes = new byte[length(what, 0, Integer.MAX_VALUE)];
        in.get(bytes);
        return bytes;
    }

    public BigInteger big() {
        byte[] bytes = new byte[length("a sum", 1, MAX_BIG_BYTES)];
        in.get(bytes);
        BigInteger value = new BigInteger(bytes);
        if (value.signum() < 0 || value.toByteArray().length != bytes.length) {
            throw broken("sum is negative or not in its shortest form");
        }
        return value;
    }

    /** Returns a number of 0 or more in groups of seven bits, least significant first, shortest form. */
    public long varint(String what) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int group = byteValue();
            value |= (long) (group & 0x7f) << shift;
            if ((group & 0x80) == 0) {
                if (group == 0 && shift > 0) {
                    throw broken(what + " is not in its shortest form");
                }
                return value;
            }
        }
        throw broken(what + " has more than 63 bits");
    }

    public int byteValue() {
        require(1);
        return in.get() & 0xff;
    }

    public int intValue() {
        require(4);
        return in.getInt();
    }

    public long longValue() {
        require(8);
        return in.getLong();
    }

    private void require(int bytes) {
        if (in.remaining() < bytes) {
            throw broken(in.remaining() + " bytes are left, must be >= " + bytes);
        }
    }

    /** Returns what to throw, with the place. */
    public IllegalArgumentException broken(String what) {
        return new IllegalArgumentException(name + ": at byte " + in.position() + ": " + what);
    }
}
