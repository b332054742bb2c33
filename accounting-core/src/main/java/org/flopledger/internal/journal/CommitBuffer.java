package org.flopledger.internal.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of one commit: its records, chained and sealed, for one write. Reused from commit to commit; confined to the
 * writer.
 */
final class CommitBuffer {

    private static final int KEPT_CAPACITY = 4 << 20;

    private byte[] bytes = new byte[16 << 10];
    private int size;
    private int recordOffset;
    private int metadataLength;

    void clear() {
        size = 0;
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[KEPT_CAPACITY];
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Begins a record with the flatbuffer of its Arrow message. */
    void beginRecord(ByteBuffer flatbuffer) {
        recordOffset = size;
        int padded = padded(flatbuffer.remaining());
        metadataLength = Math.addExact(padded, RecordFrame.TRAILER_LENGTH);
        int length = flatbuffer.remaining();
        reserve(RecordFrame.PREFIX_LENGTH + (long) metadataLength);
        ByteBuffer target = RecordFrame.littleEndian(bytes);
        target.putInt(size, RecordFrame.CONTINUATION);
        target.putInt(size + Integer.BYTES, metadataLength);
        size += RecordFrame.PREFIX_LENGTH;
        flatbuffer.get(bytes, size, length);
        Arrays.fill(bytes, size + length, size + padded, (byte) 0);
        size += metadataLength;
    }

    /** Makes room, zeroed, for one buffer of the message's body, and returns where it lies in {@link #bytes}. */
    int claim(int length) {
        int padded = padded(length);
        reserve(padded);
        int at = size;
        Arrays.fill(bytes, at, at + padded, (byte) 0);
        size += padded;
        return at;
    }

    /** Ends the record and begins to hash it; this commit's bytes must stay until the hash is there. */
    RecordHasher.Pending endRecord(RecordFrame frame, RecordHasher hasher) {
        int length = size - recordOffset;
        frame.seal(bytes, new RecordFrame.Extent(recordOffset, length, metadataLength));
        return hasher.begin(bytes, recordOffset, length);
    }

    static int padded(int length) {
        return Math.addExact(length, RecordFrame.ALIGNMENT - 1) & -RecordFrame.ALIGNMENT;
    }

    private void reserve(long more) {
        long needed = size + more;
        if (needed - recordOffset > RecordFrame.MAX_LENGTH) {
            throw JournalException.tooLarge(needed - recordOffset, RecordFrame.MAX_LENGTH);
        }
        if (needed > Integer.MAX_VALUE - RecordFrame.ALIGNMENT) {
            throw JournalException.tooLarge(needed, Integer.MAX_VALUE - RecordFrame.ALIGNMENT);
        }
        if (needed > bytes.length) {
            long grown = Math.min(Integer.MAX_VALUE - RecordFrame.ALIGNMENT, Math.max(needed, 2L * bytes.length));
            bytes = Arrays.copyOf(bytes, (int) grown);
        }
    }
}
