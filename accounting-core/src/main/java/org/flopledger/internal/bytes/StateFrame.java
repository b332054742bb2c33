package org.flopledger.internal.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What stands around the body of every stored state: magic, version, a number that fixes the shape of the body, its length,
 * and a CRC32C of all before it. Immutable.
 *
 * @param name what the state is called in messages
 * @param magic first four bytes, read as a little-endian integer
 * @param version version of the layout
 * @param shapeName what {@code shape} counts
 * @param shape lanes or words of an element: a reader with another number cannot read the body
 */
public record StateFrame(String name, int magic, int version, String shapeName, int shape) {

    public static final int HEADER_BYTES = 16;
    public static final int CHECKSUM_BYTES = 4;

    /** Limit on what is read; a writer that passes it fails as well. */
    public static final int MAX_BYTES = 1 << 30;

    /** Returns whether bytes begin as this frame does; bytes that are damaged may, too. */
    public boolean isOf(byte[] bytes) {
        if (bytes.length < HEADER_BYTES) {
            return false;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return header.getInt(0) == magic && header.getInt(Integer.BYTES) == version;
    }

    /** Returns a writer that stands at the beginning of the body, for at most so many bytes in all. */
    public StateWriter begin(int most) {
        StateWriter out = new StateWriter(name, Math.min(most, MAX_BYTES));
        out.putInt(magic);
        out.putInt(version);
        out.putInt(shape);
        out.putInt(0);
        return out;
    }

    /** Returns the whole state, given the writer after the body. */
    public byte[] end(StateWriter out) {
        out.putInt(0);
        byte[] bytes = out.toBytes();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(HEADER_BYTES - 4, bytes.length - HEADER_BYTES - CHECKSUM_BYTES);
        return buffer.putInt(bytes.length - CHECKSUM_BYTES, checksum(bytes, bytes.length - CHECKSUM_BYTES))
                .array();
    }

    /**
     * Returns the body of a state, after everything around it was checked.
     *
     * @throws IllegalArgumentException if the frame is not this one, or the bytes are damaged
     */
    public StateInput open(byte[] bytes) {
        int least = HEADER_BYTES + 4 + CHECKSUM_BYTES;
        if (bytes.length < least || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    name + ": has " + bytes.length + " bytes, must be from " + least + " to " + MAX_BYTES);
        }
        StateInput in = new StateInput(name, bytes, bytes.length - CHECKSUM_BYTES);
        in.expect("magic", magic);
        in.expect("version", version);
        in.expect(shapeName, shape);
        in.expect("bytes of the body", bytes.length - HEADER_BYTES - CHECKSUM_BYTES);
        int checksum = checksum(bytes, bytes.length - CHECKSUM_BYTES);
        int stored = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - CHECKSUM_BYTES);
        if (stored != checksum) {
            throw new IllegalArgumentException(name + ": checksum is 0x" + Integer.toHexString(stored) + ", must be 0x"
                    + Integer.toHexString(checksum) + " for these bytes");
        }
        return in;
    }

    /** Returns the CRC32C of the first bytes. */
    public static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
