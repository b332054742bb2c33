package org.flopledger.internal.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The journal's own words within an Arrow IPC message, and when a record is believed.
 *
 * <p>A record is one Arrow IPC message. An Arrow reader takes the metadata length from the front of a message, follows the
 * flatbuffer from its first byte, and ignores what lies behind the flatbuffer as padding: there, at the end of the metadata,
 * lies the trailer, at a place that is known without trusting the flatbuffer. More in
 * {@code accounting-core/docs/formats/journal.md}.
 *
 * <pre>
 * record   0      4      8             8 + M - 72      8 + M        length
 *          | FFFF | M    | flatbuffer 0 | trailer       | body ...  |
 *          | FFFF |      |              |               |           |
 *
 * trailer  0      4    5     6   8          16       24        32               64       68   72
 *          | FLR1 |kind|flags| 0 | sequence | length | durable | SHA-256 before | CRC32C | 0  |
 * </pre>
 *
 * <p>All numbers are little-endian, each at a multiple of its own size. Who has M can check all else before a byte of the
 * flatbuffer is believed: the trailer says the length of the whole, and the checksum covers everything but itself.
 *
 * <p>The checksum finds what a disk or a cut write did; the hash of the record before finds what a person did. CRC32C
 * (Castagnoli) is taken because processors have an instruction for it, which the JDK uses, and because it finds any three wrong
 * bits in up to 2^31 bits, where the CRC-32 of zip does in up to 91 607 (Koopman, 32-Bit Cyclic Redundancy Codes for Internet
 * Applications, DSN 2002).
 *
 * @param kind what the record holds
 * @param endsCommit whether the record is the last of its commit
 * @param sequence the record's number, from 0 in the first segment and without gaps
 * @param durable every record with a lower number was on the disk before this one was written
 * @param previous hash of the record before
 */
record RecordFrame(RecordKind kind, boolean endsCommit, long sequence, long durable, RecordHash previous) {

    static final int CONTINUATION = 0xFFFF_FFFF;
    static final int PREFIX_LENGTH = 8;

    /** Nine words of 64 bits, so that M stays a multiple of eight, as Arrow asks of it. */
    static final int TRAILER_LENGTH = 72;

    static final int ALIGNMENT = 8;

    /**
     * A record is held in memory as a whole; a longer one is refused when it is written and when it is read. These 2^28 bytes are
     * 2^31 bits, where the checksum's guarantee ends.
     */
    static final int MAX_LENGTH = 256 << 20;

    private static final int MAGIC = 0x3152_4C46; // "FLR1" in little-endian order
    private static final int KIND = 4;
    private static final int FLAGS = 5;
    private static final int RESERVED = 6;
    private static final int SEQUENCE = 8;
    private static final int LENGTH = 16;
    private static final int DURABLE = 24;
    private static final int PREVIOUS = 32;
    private static final int CHECKSUM = 64;
    private static final int RESERVED_END = 68;
    private static final int ENDS_COMMIT = 1;

    /** Where the parts of a record lie in an array. */
    record Extent(int offset, int length, int metadataLength) {
        int metadataOffset() {
            return offset + PREFIX_LENGTH;
        }

        int bodyOffset() {
            return offset + PREFIX_LENGTH + metadataLength;
        }

        int bodyLength() {
            return length - PREFIX_LENGTH - metadataLength;
        }

        private int trailer() {
            return bodyOffset() - TRAILER_LENGTH;
        }
    }

    static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes the trailer of a record whose other bytes are complete, and seals them with the checksum. */
    void seal(byte[] bytes, Extent extent) {
        ByteBuffer buffer = littleEndian(bytes);
        int trailer = extent.trailer();
        buffer.putInt(trailer, MAGIC);
        buffer.put(trailer + KIND, (byte) kind.code());
        buffer.put(trailer + FLAGS, (byte) (endsCommit ? ENDS_COMMIT : 0));
        buffer.putShort(trailer + RESERVED, (short) 0);
        buffer.putLong(trailer + SEQUENCE, sequence);
        buffer.putLong(trailer + LENGTH, extent.length);
        buffer.putLong(trailer + DURABLE, durable);
        previous.write(buffer, trailer + PREVIOUS);
        buffer.putInt(trailer + RESERVED_END, 0);
        buffer.putInt(trailer + CHECKSUM, checksum(bytes, extent));
    }

    /** Returns the metadata length that the {@value #PREFIX_LENGTH} bytes at an offset state, or -1 when they begin no record. */
    static int metadataLength(byte[] bytes, int offset) {
        ByteBuffer buffer = littleEndian(bytes);
        int length = buffer.getInt(offset + Integer.BYTES);
        boolean plausible = buffer.getInt(offset) == CONTINUATION
                && length >= TRAILER_LENGTH
                && length <= MAX_LENGTH - PREFIX_LENGTH
                && length % ALIGNMENT == 0;
        return plausible ? length : -1;
    }

    /** Returns the record length that the trailer at an offset states, or -1 when there is no trailer. */
    static int recordLength(byte[] bytes, int trailer, int metadataLength) {
        ByteBuffer buffer = littleEndian(bytes);
        long length = buffer.getLong(trailer + LENGTH);
        boolean plausible = buffer.getInt(trailer) == MAGIC
                && length >= (long) PREFIX_LENGTH + metadataLength
                && length <= MAX_LENGTH
                && length % ALIGNMENT == 0;
        return plausible ? (int) length : -1;
    }

    /** Returns the frame of a record, or null when its checksum or a field of the trailer is wrong. */
    static @Nullable RecordFrame read(byte[] bytes, Extent extent) {
        ByteBuffer buffer = littleEndian(bytes);
        int trailer = extent.trailer();
        if (buffer.getInt(trailer + CHECKSUM) != checksum(bytes, extent)) {
            return null;
        }
        RecordKind kind = RecordKind.ofCode(buffer.get(trailer + KIND));
        int flags = buffer.get(trailer + FLAGS);
        if (kind == null || (flags & ~ENDS_COMMIT) != 0) {
            return null;
        }
        return new RecordFrame(
                kind,
                flags == ENDS_COMMIT,
                buffer.getLong(trailer + SEQUENCE),
                buffer.getLong(trailer + DURABLE),
                RecordHash.read(buffer, trailer + PREVIOUS));
    }

    /** Returns the kind of a record that was read before; null when it is not one. */
    static @Nullable RecordKind kindOf(byte[] bytes, Extent extent) {
        return RecordKind.ofCode(bytes[extent.trailer() + KIND]);
    }

    /** CRC32C of the record without the four bytes of the checksum itself. */
    static int checksum(byte[] bytes, Extent extent) {
        int at = extent.trailer() + CHECKSUM;
        int after = at + Integer.BYTES;
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, extent.offset, at - extent.offset);
        checksum.update(bytes, after, extent.offset + extent.length - after);
        return (int) checksum.getValue();
    }
}
