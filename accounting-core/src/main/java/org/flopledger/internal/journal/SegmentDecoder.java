package org.flopledger.internal.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.eclipse.collections.impl.map.mutable.primitive.LongObjectHashMap;
import org.flopledger.internal.journal.RecordFrame.Extent;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;

/**
 * Reads the records of one segment back into facts and batches.
 *
 * <p>A record's bytes are known to be the ones that were written. They may still have been written by a forger: every
 * length, offset and code is checked before it is used, and a fault is a {@link JournalException}, whatever the bytes.
 * Confined to one thread.
 */
final class SegmentDecoder implements AutoCloseable {

    /** What is wrong with a message; becomes a {@link JournalException} with file and offset. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    private static final int LONGEST_TEXT = 4_096;

    private final String file;
    private final SegmentHeader header;
    private final LongObjectHashMap<List<String>> texts = new LongObjectHashMap<>();
    private final StepsDecoder steps;

    private SegmentDecoder(String file, SegmentHeader header, BufferAllocator allocator) {
        this.file = file;
        this.header = header;
        for (StepColumn column : header.schema().textColumns()) {
            texts.put(SegmentSchema.dictionaryId(column), new ArrayList<>());
        }
        steps = new StepsDecoder(header.schema(), this::texts, allocator);
    }

    /** Opens a segment with its first record. */
    static SegmentDecoder open(String file, byte[] bytes, Extent extent, BufferAllocator allocator) {
        return new SegmentDecoder(file, SegmentHeader.read(file, bytes, extent), allocator);
    }

    SegmentHeader header() {
        return header;
    }

    /** Returns the texts of a dictionary so far. */
    List<String> texts(long dictionaryId) {
        return texts.getIfAbsent(dictionaryId, List::of);
    }

    /** Reads one record, whose bytes are sound, and hands what it holds to the replay. */
    void decode(RecordKind kind, byte[] bytes, Extent extent, long offset, JournalReplay replay) {
        JournalFact fact = null;
        StepBatch batch = null;
        try {
            Message message = Message.getRootAsMessage(ArrowMessages.flatbuffer(bytes, extent));
            switch (kind) {
                case DICTIONARY -> readDictionary(message, bytes, extent);
                case STEPS -> batch = steps.read(message, bytes, extent);
                case FACT -> fact = readFact(message);
                case SEGMENT, CLOSED -> {
                    // Nothing for a replay.
                }
            }
        } catch (Malformed e) {
            throw JournalException.corrupt(file, offset, String.valueOf(e.getMessage()));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            // A flatbuffer whose inner offsets lead nowhere, or a batch that is none.
            throw new JournalException(
                    JournalException.Kind.CORRUPT,
                    "journal file " + file + ", offset " + offset + ": the Arrow message is malformed",
                    e);
        }
        if (fact != null) {
            replay.fact(fact);
        } else if (batch != null) {
            try (StepBatch open = batch) {
                replay.steps(open);
            }
        }
    }

    private static JournalFact readFact(Message message) throws Malformed {
        String name = ArrowMessages.kind(message);
        byte[] value = ArrowMessages.value(message);
        for (JournalFact.Kind kind : JournalFact.Kind.values()) {
            if (kind.name().equals(name) && value != null) {
                return JournalFact.of(kind, value);
            }
        }
        throw new Malformed("a fact has kind " + name + (value == null ? " and no value" : ""));
    }

    private void readDictionary(Message message, byte[] bytes, Extent extent) throws Malformed {
        require(message.headerType() == MessageHeader.DictionaryBatch, "a dictionary record holds another message");
        DictionaryBatch batch = (DictionaryBatch) message.header(new DictionaryBatch());
        RecordBatch data = batch == null ? null : batch.data();
        List<String> known = batch == null ? null : texts.get(batch.id());
        if (data == null || known == null) {
            throw new Malformed("a dictionary record is for no dictionary of the segment");
        }
        int rows = rows(data, extent);
        require(data.buffersLength() == 3, "a dictionary record has " + data.buffersLength() + " buffers, expected 3");
        Extent offsets = buffer(data, 1, extent);
        Extent characters = buffer(data, 2, extent);
        require(offsets.length() / Integer.BYTES > rows, "a dictionary record has too few offsets");
        ByteBuffer view = RecordFrame.littleEndian(bytes);
        for (int row = 0; row < rows; row++) {
            int from = view.getInt(offsets.offset() + row * Integer.BYTES);
            int to = view.getInt(offsets.offset() + (row + 1) * Integer.BYTES);
            require(from >= 0 && from <= to && to <= characters.length(), "text " + row + " lies outside its record");
            require(to > from && to - from <= LONGEST_TEXT, "text " + row + " has " + (to - from) + " bytes");
            known.add(new String(bytes, characters.offset() + from, to - from, StandardCharsets.UTF_8));
        }
    }

    static int rows(RecordBatch batch, Extent extent) throws Malformed {
        // A row takes a byte at the least, in the column of steps or the offsets of texts.
        require(
                batch.length() >= 0 && batch.length() <= extent.bodyLength(),
                "a batch of " + batch.length() + " rows in " + extent.bodyLength() + " bytes");
        return (int) batch.length();
    }

    static Extent buffer(RecordBatch batch, int number, Extent extent) throws Malformed {
        Buffer buffer = batch.buffers(number);
        boolean fits = buffer.offset() >= 0
                && buffer.length() >= 0
                && buffer.length() <= extent.bodyLength()
                && buffer.offset() <= extent.bodyLength() - buffer.length();
        require(fits, "buffer " + number + " lies outside its record");
        return new Extent(extent.bodyOffset() + (int) buffer.offset(), (int) buffer.length(), 0);
    }

    static void require(boolean condition, String fault) throws Malformed {
        if (!condition) {
            throw new Malformed(fault);
        }
    }

    @Override
    public void close() {
        steps.close();
    }
}
