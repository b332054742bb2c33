package org.flopledger.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.flopledger.telemetry.StepColumn;
import org.jspecify.annotations.Nullable;

/**
 * Writes commits to segment files and keeps the chain. Says when something is on the disk only as far as {@link Storage.WritableFile#force}
 * has returned. Any failure of the storage leaves it unusable. Not thread-safe: the journal calls it under its lock.
 */
final class SegmentWriter {

    private final Storage storage;
    private final long segmentBytes;
    private final RecordHasher hasher = new RecordHasher();

    /** Taken in turns: the last record of the commit before may still be being hashed in the other one. */
    private CommitBuffer buffer = new CommitBuffer();

    private CommitBuffer spare = new CommitBuffer();
    private Map<StepColumn, SegmentDictionary> dictionaries;
    private SegmentSchema schema;
    private Storage.@Nullable WritableFile file;
    private int segment;
    private long length;
    private long writtenBytes;
    private long nextSequence;
    private RecordHasher.Pending previous;

    /** Goes on at the end of what a scan has found; writes nothing yet. */
    SegmentWriter(Storage storage, long segmentBytes, JournalScan.End end, LongFunction<List<String>> texts) {
        this.storage = storage;
        this.segmentBytes = segmentBytes;
        schema = end.schema();
        nextSequence = end.nextSequence();
        previous = RecordHasher.Pending.of(end.head());
        segment = end.segment() == null ? 0 : Segments.number(end.segment());
        length = end.offset();
        dictionaries = dictionariesOf(schema, texts);
    }

    long nextSequence() {
        return nextSequence;
    }

    /** Returns how many bytes of commits this writer has written. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Takes the open file of the segment that the scan ended in. */
    void resume(Storage.WritableFile open) {
        file = open;
    }

    /** Returns the file that commits go to now. */
    Storage.@Nullable WritableFile file() {
        return file;
    }

    /** Returns whether the next commit with these entries needs a new segment. */
    boolean needsNewSegment(List<JournalEntry> entries) {
        return file == null
                || length >= segmentBytes
                || schemaFor(entries).columns().size() > schema.columns().size();
    }

    private SegmentSchema schemaFor(List<JournalEntry> entries) {
        SegmentSchema needed = schema;
        for (JournalEntry entry : entries) {
            if (entry instanceof JournalSteps steps) {
                needed = needed.with(steps.batch());
            }
        }
        return needed;
    }

    /** Throws if a record of the entry may be too long; says nothing of the other entries of its commit. */
    void requireFits(JournalEntry entry) {
        long length;
        if (entry instanceof JournalSteps steps) {
            length = StepsSize.largestRecord(steps, schemaFor(List.of(entry)));
        } else {
            length = StepsSize.largestOverhead(schema) + ((JournalFact) entry).value().length;
        }
        if (length > RecordFrame.MAX_LENGTH) {
            throw JournalException.tooLarge(length, RecordFrame.MAX_LENGTH);
        }
    }

    /** Seals the segment, if one is open, and returns when it is on the disk. */
    void sealSegment() throws IOException {
        if (file != null) {
            byte[] mark = new byte[RecordFrame.PREFIX_LENGTH];
            ByteBuffer.wrap(mark).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Segments.END_MARK);
            file.write(mark, 0, mark.length);
            file.force();
            file.close();
            file = null;
        }
    }

    /**
     * Begins a new segment that can take the entries, and returns when it is on the disk. The segment before must be sealed.
     *
     * @param snapshot goes into the first commit of the segment; null for none
     */
    void beginSegment(List<JournalEntry> entries, @Nullable JournalFact snapshot) throws IOException {
        schema = schemaFor(entries);
        dictionaries = dictionariesOf(schema, id -> List.of());
        segment++;
        file = storage.create(Segments.name(segment));
        length = 0;
        long sequence = nextSequence;
        RecordHasher.Pending hash = previous;
        buffer.clear();
        buffer.beginRecord(new SegmentHeader(schema, snapshot != null).write());
        boolean isLast = dictionaries.isEmpty() && snapshot == null;
        hash = end(RecordKind.SEGMENT, isLast, sequence, sequence, hash);
        int left = dictionaries.size();
        for (SegmentDictionary dictionary : dictionaries.values()) {
            // Readers expect each dictionary once, if empty, before the first batch.
            dictionary.write(buffer, false);
            left--;
            isLast = left == 0 && snapshot == null;
            hash = end(RecordKind.DICTIONARY, isLast, ++sequence, nextSequence, hash);
        }
        if (snapshot != null) {
            buffer.beginRecord(flatbuffer(snapshot));
            hash = end(RecordKind.FACT, true, ++sequence, nextSequence, hash);
        }
        writeCommit(sequence + 1, hash);
        file.force();
        storage.forceNames();
    }

    /** Writes one commit; it is on the disk after the next {@link Storage.WritableFile#force}. */
    void write(List<JournalEntry> entries, long durable) throws IOException {
        long sequence = nextSequence;
        RecordHasher.Pending hash = previous;
        buffer.clear();
        try {
            for (int i = 0; i < entries.size(); i++) {
                boolean isLast = i == entries.size() - 1;
                if (entries.get(i) instanceof JournalSteps steps) {
                    StepsEncoder encoder = new StepsEncoder(steps, schema, dictionaries);
                    for (SegmentDictionary dictionary : dictionaries.values()) {
                        if (dictionary.hasUnwritten()) {
                            dictionary.write(buffer, true);
                            hash = end(RecordKind.DICTIONARY, false, sequence++, durable, hash);
                        }
                    }
                    encoder.write(buffer);
                    hash = end(RecordKind.STEPS, isLast, sequence++, durable, hash);
                } else if (entries.get(i) instanceof JournalFact fact) {
                    buffer.beginRecord(flatbuffer(fact));
                    hash = end(RecordKind.FACT, isLast, sequence++, durable, hash);
                }
            }
        } catch (JournalException e) {
            // Too large: nothing of it was written, and nothing may be remembered.
            dictionaries.values().forEach(SegmentDictionary::forgetCommit);
            throw e;
        }
        writeCommit(sequence, hash);
        dictionaries.values().forEach(SegmentDictionary::keepCommit);
    }

    /** Says that the writer ends in order; everything before must be on the disk. */
    void writeClosed() throws IOException {
        buffer.clear();
        buffer.beginRecord(ArrowMessages.emptyBatch(schema.empty(), RecordKind.CLOSED.name(), new byte[0]));
        writeCommit(nextSequence + 1, end(RecordKind.CLOSED, true, nextSequence, nextSequence, previous));
    }

    private RecordHasher.Pending end(
            RecordKind kind, boolean endsCommit, long sequence, long durable, RecordHasher.Pending before) {
        return buffer.endRecord(new RecordFrame(kind, endsCommit, sequence, durable, before.await()), hasher);
    }

    private ByteBuffer flatbuffer(JournalFact fact) {
        return ArrowMessages.emptyBatch(schema.empty(), fact.kind().name(), fact.value());
    }

    private void writeCommit(long sequenceAfter, RecordHasher.Pending hash) throws IOException {
        if (file == null) {
            throw new IllegalStateException("no segment is open");
        }
        file.write(buffer.bytes(), 0, buffer.size());
        length += buffer.size();
        writtenBytes += buffer.size();
        nextSequence = sequenceAfter;
        previous = hash;
        CommitBuffer writing = buffer;
        buffer = spare;
        spare = writing;
    }

    /** Ends the thread that hashes; the file is its owner's to close. */
    void close() {
        hasher.close();
    }

    private static Map<StepColumn, SegmentDictionary> dictionariesOf(
            SegmentSchema schema, LongFunction<List<String>> texts) {
        Map<StepColumn, SegmentDictionary> dictionaries = new EnumMap<>(StepColumn.class);
        for (StepColumn column : schema.textColumns()) {
            long id = SegmentSchema.dictionaryId(column);
            dictionaries.put(column, new SegmentDictionary(id, texts.apply(id)));
        }
        return dictionaries;
    }
}
