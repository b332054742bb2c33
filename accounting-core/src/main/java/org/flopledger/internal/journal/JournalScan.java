package org.flopledger.internal.journal;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.internal.journal.RecordFrame.Extent;
import org.flopledger.journal.JournalRecovery;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal from front to back, checks every record and link, and hands whole commits to a replay.
 *
 * <p>Changes nothing. The end of the last segment may be unfinished; how much of it there is, is told. Any other fault is a
 * {@link JournalException} that says where, and what before it is safe. Confined to one thread.
 */
final class JournalScan implements AutoCloseable {

    /** The end of the last whole commit: where a writer goes on. */
    record End(
            @Nullable String segment,
            long offset,
            long provenOffset,
            boolean isSealed,
            long nextSequence,
            RecordHash head,
            SegmentSchema schema) {}

    private final Storage storage;
    private final BufferAllocator allocator;
    private final JournalReplay replay;

    /** Record from which on nothing is read. */
    private final long limit;

    private final RecordHasher hasher = new RecordHasher();

    private @Nullable SegmentDecoder decoder;
    private long nextSequence;
    private RecordHash previous = RecordHash.NONE;
    private long firstSequence;
    private long records;
    private long commits;
    private long bytes;
    private int segments;
    private boolean closedInOrder = true;
    private @Nullable String tornFile;
    private long tornOffset;
    private long tornBytes;
    private @Nullable String endSegment;
    private long endOffset;
    private long provenOffset;
    private boolean endIsSealed;
    private @Nullable String sought;
    private long soughtRecord = -1;

    JournalScan(Storage storage, BufferAllocator allocator, JournalReplay replay) {
        this(storage, allocator, replay, Long.MAX_VALUE);
    }

    /**
     * Makes a scan that ends early.
     *
     * @param limit number of the record before which it ends: the first of a commit, all before which are whole
     */
    JournalScan(Storage storage, BufferAllocator allocator, JournalReplay replay, long limit) {
        this.storage = storage;
        this.allocator = allocator;
        this.replay = replay;
        this.limit = limit;
    }

    /** Has the scan say which record has a hash, of 64 hexadecimal digits. */
    JournalScan seek(@Nullable String hash) {
        sought = hash;
        return this;
    }

    private void look(RecordHash hash, long record) {
        if (soughtRecord < 0 && hash.toString().equals(sought)) {
            soughtRecord = record;
        }
    }

    /**
     * Reads the journal.
     *
     * @param wholeHistory whether to begin with the oldest record from which the history can be read, not with the last snapshot
     */
    JournalRecovery run(boolean wholeHistory) throws IOException {
        List<String> names = Segments.list(storage);
        int first =
                wholeHistory ? Segments.oldestBeginning(storage, names) : Segments.lastSnapshot(storage, names, limit);
        for (int i = first; i < names.size() && (i == first || nextSequence < limit); i++) {
            readSegment(names.get(i), i == first, i == names.size() - 1);
        }
        if (sought != null) {
            look(previous, nextSequence - 1);
        }
        return new JournalRecovery(
                segments,
                commits,
                records,
                bytes,
                firstSequence,
                nextSequence,
                previous.toString(),
                closedInOrder,
                tornFile,
                tornOffset,
                tornBytes,
                endIsSealed,
                // One in an unfinished end was never a head.
                soughtRecord < nextSequence ? soughtRecord : -1);
    }

    /** Returns where a writer goes on; after {@link #run}. */
    End end() {
        SegmentSchema schema = decoder == null
                ? new SegmentSchema(List.of())
                : decoder.header().schema();
        return new End(endSegment, endOffset, provenOffset, endIsSealed, nextSequence, previous, schema);
    }

    /** Returns the texts a dictionary of the last segment holds. */
    List<String> texts(long dictionaryId) {
        return decoder == null ? List.of() : decoder.texts(dictionaryId);
    }

    private void readSegment(String name, boolean isFirst, boolean isLast) throws IOException {
        SegmentScanner scanner = new SegmentScanner(storage, name);
        SegmentScanner second = new SegmentScanner(storage, name);
        long commitStart = 0;
        long commitRecords = 0;
        long sequence = nextSequence;
        RecordHasher.Pending hash = RecordHasher.Pending.of(previous);
        for (Extent extent = scanner.peek(); extent != null; extent = peek(scanner, hash)) {
            RecordFrame frame = scanner.frame(extent);
            if (frame == null || (frame.kind() == RecordKind.SEGMENT) != (scanner.position() == 0)) {
                break;
            }
            if (isFirst && scanner.position() == 0) {
                sequence = startOf(name, frame, scanner, extent);
                hash = RecordHasher.Pending.of(frame.previous());
            }
            if (sequence >= limit) {
                return;
            }
            if (frame.sequence() != sequence || !frame.previous().equals(hash.await())) {
                break;
            }
            if (sought != null) {
                look(frame.previous(), sequence - 1);
            }
            if (frame.durable() == sequence) {
                provenOffset = scanner.position();
            }
            hash = hasher.begin(scanner.bytes(), extent.offset(), extent.length());
            scanner.advance(extent);
            sequence++;
            commitRecords++;
            if (frame.endsCommit()) {
                deliver(second, scanner.position());
                closedInOrder = frame.kind() == RecordKind.CLOSED;
                endCommit(name, commitStart, scanner.position(), commitRecords, sequence, hash.await());
                commitStart = scanner.position();
                commitRecords = 0;
            }
        }
        if (nextSequence < limit) {
            finish(scanner, commitStart, isLast);
        }
    }

    /** Goes on to the next record, when the bytes of the one before are no longer needed. */
    private static @Nullable Extent peek(SegmentScanner scanner, RecordHasher.Pending hash) throws IOException {
        RecordHash unused = hash.await();
        return scanner.peek();
    }

    private long startOf(String name, RecordFrame frame, SegmentScanner scanner, Extent extent) {
        firstSequence = frame.sequence();
        if (frame.sequence() != 0) {
            if (!SegmentHeader.read(name, scanner.bytes(), extent).hasSnapshot()) {
                throw JournalException.corrupt(
                        name, 0, "the segments before it are missing and it does not begin with a snapshot");
            }
        } else if (!frame.previous().equals(RecordHash.NONE)) {
            throw JournalException.corrupt(name, 0, "the first record names a record before it");
        }
        return frame.sequence();
    }

    private void endCommit(String name, long start, long end, long commitRecords, long sequence, RecordHash hash) {
        if (start == 0) {
            segments++;
        }
        commits++;
        records += commitRecords;
        bytes += end - start;
        nextSequence = sequence;
        previous = hash;
        endSegment = name;
        endOffset = end;
        endIsSealed = false;
    }

    /** Reads the records of a commit again, now that it is known to be whole, and hands them over. */
    private void deliver(SegmentScanner scanner, long end) throws IOException {
        while (scanner.position() < end) {
            Extent extent = scanner.peek();
            RecordKind kind = extent == null ? null : RecordFrame.kindOf(scanner.bytes(), extent);
            if (extent == null || kind == null) {
                throw JournalException.corrupt(
                        scanner.name(), scanner.position(), "the record changed while it was read");
            }
            if (kind == RecordKind.SEGMENT) {
                closeDecoder();
                decoder = SegmentDecoder.open(scanner.name(), scanner.bytes(), extent, allocator);
            } else if (decoder != null) {
                decoder.decode(kind, scanner.bytes(), extent, scanner.position(), replay);
            }
            scanner.advance(extent);
        }
        replay.commit();
    }

    private void finish(SegmentScanner scanner, long commitEnd, boolean isLast) throws IOException {
        boolean wholeCommits = scanner.position() == commitEnd && commitEnd > 0;
        if (wholeCommits && scanner.isAtEndMark() && commitEnd + RecordFrame.PREFIX_LENGTH == scanner.fileSize()) {
            endIsSealed = true;
            // Closed or not: another segment was to follow.
            closedInOrder &= !isLast;
            return;
        }
        if (isLast && wholeCommits && commitEnd == scanner.fileSize()) {
            return;
        }
        String safe =
                "; the " + records + " records in " + commits + " commits before offset " + commitEnd + " are safe";
        if (!isLast) {
            throw JournalException.corrupt(
                    scanner.name(), scanner.position(), "the segment is damaged and later segments follow it" + safe);
        }
        if (scanner.isProvenDurable(nextSequence)) {
            throw JournalException.corrupt(
                    scanner.name(),
                    scanner.position(),
                    "record " + nextSequence + " is damaged: a later record says that it was on the disk" + safe);
        }
        tornFile = scanner.name();
        tornOffset = commitEnd;
        tornBytes = scanner.fileSize() - commitEnd;
        closedInOrder = false;
    }

    @Override
    public void close() {
        hasher.close();
        closeDecoder();
    }

    private void closeDecoder() {
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
    }
}
