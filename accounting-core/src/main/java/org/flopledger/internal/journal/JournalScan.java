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

    private final Counted counted = new Counted();

    private @Nullable SegmentDecoder decoder;
    private long firstSequence;
    private long nextSequence;
    private RecordHash previous = RecordHash.NONE;
    private boolean closedInOrder = true;
    private Torn torn = Torn.NONE;
    private Commit last = Commit.NONE;
    private long provenOffset;
    private boolean endIsSealed;
    private Sought sought = new Sought(null);

    /** What was read and is whole. */
    private static final class Counted {
        private int segments;
        private long commits;
        private long records;
        private long bytes;

        void add(Commit commit) {
            segments += commit.start == 0 ? 1 : 0;
            commits++;
            records += commit.records;
            bytes += commit.end - commit.start;
        }
    }

    /** A whole commit: its bytes in a segment, and how many records they are. */
    private record Commit(@Nullable String segment, long start, long end, long records) {

        /** Where a journal without a commit ends. */
        static final Commit NONE = new Commit(null, 0, 0, 0);
    }

    /** The unfinished end of the last segment; no file where there is none. */
    private record Torn(@Nullable String file, long offset, long bytes) {

        static final Torn NONE = new Torn(null, 0, 0);
    }

    /** A hash that is looked for, if any, and the first record that has it. */
    private static final class Sought {
        private final @Nullable String hash;
        private long record = -1;

        Sought(@Nullable String hash) {
            this.hash = hash;
        }

        /** Digits are written only where one is looked for. */
        void look(RecordHash at, long number) {
            if (hash != null && record < 0 && at.toString().equals(hash)) {
                record = number;
            }
        }
    }

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
        sought = new Sought(hash);
        return this;
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
        sought.look(previous, nextSequence - 1);
        return new JournalRecovery(
                counted.segments,
                counted.commits,
                counted.records,
                counted.bytes,
                firstSequence,
                nextSequence,
                previous.toString(),
                closedInOrder,
                torn.file,
                torn.offset,
                torn.bytes,
                endIsSealed,
                // One in an unfinished end was never a head.
                sought.record < nextSequence ? sought.record : -1);
    }

    /** Returns where a writer goes on; after {@link #run}. */
    End end() {
        SegmentSchema schema = decoder == null
                ? new SegmentSchema(List.of())
                : decoder.header().schema();
        return new End(last.segment, last.end, provenOffset, endIsSealed, nextSequence, previous, schema);
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
            sought.look(frame.previous(), sequence - 1);
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
                endCommit(new Commit(name, commitStart, scanner.position(), commitRecords), sequence, hash.await());
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

    private void endCommit(Commit commit, long sequence, RecordHash hash) {
        counted.add(commit);
        last = commit;
        nextSequence = sequence;
        previous = hash;
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
        String safe = "; the " + counted.records + " records in " + counted.commits + " commits before offset "
                + commitEnd + " are safe";
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
        torn = new Torn(scanner.name(), commitEnd, scanner.fileSize() - commitEnd);
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
