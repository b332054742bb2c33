package org.flopledger.logs.tensorboard;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads the records of a TFRecord file: 8 bytes length, 4 bytes checksum of the length, the data, 4 bytes checksum of the data; all
 * little-endian, each checksum a CRC-32C that is rotated and shifted by a constant.
 *
 * <p>The bytes are untrusted. A wrong checksum of a length ends the file, since nothing tells where the next record begins; a wrong
 * checksum of data skips the record; a record above {@value #LONGEST} bytes, such as the graph of a model, is skipped unread.
 * Confined to one thread; the caller closes the stream.
 */
final class TfRecordReader {

    /** Bytes of a record that are read. */
    static final int LONGEST = 1 << 22;

    private static final int HEAD = 12;
    private static final int MASK_DELTA = 0xA282EAD8;

    private final InputStream stream;
    private final byte[] head = new byte[HEAD];
    private byte[] data = new byte[1 << 10];
    private int length;
    private long offset;
    private long next;

    TfRecordReader(InputStream stream) {
        this.stream = stream;
    }

    /** What stands where a record is looked for. */
    enum Found {
        /** A record; {@link #data()} holds it. */
        RECORD,
        /** A record that is too long to be read. */
        TOO_LONG,
        /** A record whose bytes do not fit their checksum. */
        BAD_DATA,
        /** A head whose bytes do not fit their checksum; nothing more can be read. */
        BAD_HEAD,
        /** The beginning of a record that goes on behind the end of the file. */
        CUT,
        /** The end of the file. */
        END
    }

    /** Moves to the next record. */
    Found next() throws IOException {
        offset = next;
        int read = stream.readNBytes(head, 0, HEAD);
        if (read < HEAD) {
            return read == 0 ? Found.END : Found.CUT;
        }
        long announced = number(head, 0, Long.BYTES);
        if (masked(head, Long.BYTES) != (int) number(head, Long.BYTES, Integer.BYTES)) {
            return Found.BAD_HEAD;
        }
        if (announced < 0 || announced > Long.MAX_VALUE - next - HEAD - Integer.BYTES) {
            return Found.BAD_HEAD;
        }
        next += HEAD + announced + Integer.BYTES;
        return announced > LONGEST ? skip(announced + Integer.BYTES) : record((int) announced);
    }

    private Found skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            long skipped = stream.skip(left);
            if (skipped <= 0) {
                if (stream.read() < 0) {
                    return Found.CUT;
                }
                skipped = 1;
            }
            left -= skipped;
        }
        return Found.TOO_LONG;
    }

    private Found record(int announced) throws IOException {
        int wanted = announced + Integer.BYTES;
        length = 0;
        while (length < wanted) {
            // Grown as bytes arrive: a length is a claim.
            if (length == data.length) {
                data = Arrays.copyOf(data, Math.min(LONGEST + Integer.BYTES, 2 * length));
            }
            int read = stream.read(data, length, Math.min(wanted, data.length) - length);
            if (read < 0) {
                return Found.CUT;
            }
            length += read;
        }
        length = announced;
        return masked(data, length) == (int) number(data, length, Integer.BYTES) ? Found.RECORD : Found.BAD_DATA;
    }

    /** Returns the array that holds the record, from 0 to {@link #length()}. */
    byte[] data() {
        return data;
    }

    int length() {
        return length;
    }

    /** Returns where the record begins, in bytes from the beginning of the file. */
    long offset() {
        return offset;
    }

    private static long number(byte[] bytes, int at, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[at + i] & 0xFFL) << (8 * i);
        }
        return value;
    }

    /** Returns the masked checksum of the first bytes, as the format defines it. */
    static int masked(byte[] bytes, int count) {
        var checksum = new CRC32C();
        checksum.update(bytes, 0, count);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
    }
}
