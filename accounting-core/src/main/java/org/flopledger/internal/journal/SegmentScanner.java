package org.flopledger.internal.journal;

import java.io.IOException;
import org.flopledger.internal.journal.RecordFrame.Extent;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment file from front to back, believing a record only when its length, its checksum, its
 * number and the hash of the record before it are right. Confined to one thread.
 */
final class SegmentScanner {

    private static final int WINDOW = 4 << 20;

    private final Storage storage;
    private final String name;
    private final long fileSize;
    private byte[] window = new byte[0];
    private long windowStart;
    private int windowSize;
    private long position;

    /** Opens a file at its start, as long as it is now. */
    SegmentScanner(Storage storage, String name) throws IOException {
        this.storage = storage;
        this.name = name;
        fileSize = storage.size(name);
    }

    String name() {
        return name;
    }

    long fileSize() {
        return fileSize;
    }

    /** Returns the offset behind the last record read. */
    long position() {
        return position;
    }

    /** Returns the array that holds the record read last; its place is given by its extent. */
    byte[] bytes() {
        return window;
    }

    /** Returns whether the end mark of an Arrow stream lies at the position. */
    boolean isAtEndMark() throws IOException {
        if (!isAvailable(position, RecordFrame.PREFIX_LENGTH)) {
            return false;
        }
        int at = (int) (position - windowStart);
        return RecordFrame.littleEndian(window).getLong(at) == Segments.END_MARK;
    }

    /** Returns where the record at the position lies in {@link #bytes}, or null when there is no whole sound record. */
    @Nullable
    Extent peek() throws IOException {
        return extentAt(position);
    }

    /** Returns the frame of a record found by {@link #peek}, or null when it is not to be believed. */
    @Nullable
    RecordFrame frame(Extent extent) {
        return RecordFrame.read(window, extent);
    }

    /** Goes on to the record behind this one. */
    void advance(Extent extent) {
        position += extent.length();
    }

    /**
     * Looks behind the position for a sound record that was written after record {@code sequence} was on the disk. Where
     * there is one, record {@code sequence} is damaged and not merely unfinished.
     */
    boolean isProvenDurable(long sequence) throws IOException {
        for (long at = position; at + RecordFrame.PREFIX_LENGTH <= fileSize; at += RecordFrame.ALIGNMENT) {
            Extent extent = extentAt(at);
            RecordFrame frame = extent == null ? null : frame(extent);
            if (frame != null && frame.durable() > sequence) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Extent extentAt(long at) throws IOException {
        if (!isAvailable(at, RecordFrame.PREFIX_LENGTH)) {
            return null;
        }
        int metadataLength = RecordFrame.metadataLength(window, (int) (at - windowStart));
        if (metadataLength < 0 || !isAvailable(at, RecordFrame.PREFIX_LENGTH + metadataLength)) {
            return null;
        }
        int trailer =
                (int) (at - windowStart) + RecordFrame.PREFIX_LENGTH + metadataLength - RecordFrame.TRAILER_LENGTH;
        int length = RecordFrame.recordLength(window, trailer, metadataLength);
        if (length < 0 || !isAvailable(at, length)) {
            return null;
        }
        return new Extent((int) (at - windowStart), length, metadataLength);
    }

    /** Makes the bytes available in the window; false when the file is shorter. */
    private boolean isAvailable(long at, int length) throws IOException {
        if (at + length > fileSize) {
            return false;
        }
        if (at >= windowStart && at + length <= windowStart + windowSize) {
            return true;
        }
        int wanted = (int) Math.min(Math.max(length, WINDOW), fileSize - at);
        if (wanted > window.length) {
            window = new byte[wanted];
        }
        windowStart = at;
        windowSize = storage.read(name, at, window, 0, wanted);
        return windowSize >= length;
    }
}
