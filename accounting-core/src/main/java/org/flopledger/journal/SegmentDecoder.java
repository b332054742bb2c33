package org.flopledger.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.flopledger.journal.RecordFrame.Extent;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment back into facts and batches.
 *
 * <p>A record's bytes are known to be the ones that were written. They may still have been written by a forger: every
 * length, offset and code is checked before it is used, and a fault is a {@link JournalException}, whatever the bytes.
 * Confined to one thread.
 */
final class SegmentDecoder implements AutoCloseable {

    /** What is wrong with a message; becomes a {@link JournalException} with file and offset. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    private final String file;
    private final SegmentHeader header;
    private final Map<Long, List<String>> texts = new HashMap<>();
    private final Map<Long, VarCharVector> dictionaryVectors = new HashMap<>();
    private final BufferAllocator allocator;
    private final VectorSchemaRoot root;
    private final MapDictionaryProvider dictionaries = new MapDictionaryProvider();

    private SegmentDecoder(String file, SegmentHeader header, BufferAllocator allocator) {
        this.file = file;
        this.header = header;
        this.allocator = allocator;
        root = VectorSchemaRoot.create(new Schema(header.schema().fields()), allocator);
        for (Field field : header.schema().fields()) {
            DictionaryEncoding encoding = field.getDictionary();
            if (encoding != null && !texts.containsKey(encoding.getId())) {
                VarCharVector vector = new VarCharVector(field.getName(), allocator);
                vector.allocateNew();
                texts.put(encoding.getId(), new ArrayList<>());
                dictionaryVectors.put(encoding.getId(), vector);
                dictionaries.put(new Dictionary(vector, encoding));
            }
        }
    }

    /** Opens a segment with its first record. */
    static SegmentDecoder open(String file, byte[] bytes, Extent extent, BufferAllocator allocator) {
        return new SegmentDecoder(file, SegmentHeader.read(file, bytes, extent), allocator);
    }

    SegmentHeader header() {
        return header;
    }

    /** Returns the texts of each dictionary column so far. */
    List<String> texts(long dictionaryId) {
        return texts.getOrDefault(dictionaryId, List.of());
    }

    /** Reads one record, whose bytes are sound, and hands what it holds to the replay. */
    void decode(RecordKind kind, byte[] bytes, Extent extent, long offset, JournalReplay replay) {
        JournalEntry entry;
        try {
            entry = entry(kind, bytes, extent);
        } catch (Malformed e) {
            throw JournalException.corrupt(file, offset, String.valueOf(e.getMessage()));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            // A flatbuffer whose inner offsets lead nowhere.
            throw new JournalException(
                    JournalException.Kind.CORRUPT,
                    "journal file " + file + ", offset " + offset + ": the Arrow message is malformed",
                    e);
        }
        if (entry instanceof JournalFact fact) {
            replay.fact(fact);
        } else if (entry instanceof JournalSteps steps) {
            replay.steps(steps);
        }
    }

    private @Nullable JournalEntry entry(RecordKind kind, byte[] bytes, Extent extent) throws Malformed {
        Message message = Message.getRootAsMessage(ArrowMessages.flatbuffer(bytes, extent));
        switch (kind) {
            case DICTIONARY -> readDictionary(message, bytes, extent);
            case STEPS -> {
                return readSteps(message, bytes, extent);
            }
            case FACT -> {
                return readFact(message);
            }
            case SEGMENT, CLOSED -> {
                // Nothing for a replay.
            }
        }
        return null;
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
        VarCharVector vector = batch == null ? null : dictionaryVectors.get(batch.id());
        if (batch == null || data == null || vector == null) {
            throw new Malformed("a dictionary record is for no dictionary of the segment");
        }
        int rows = rows(data, extent);
        require(data.buffersLength() == 3, "a dictionary record has " + data.buffersLength() + " buffers, expected 3");
        Extent offsets = buffer(data, 1, extent);
        Extent characters = buffer(data, 2, extent);
        require(offsets.length() / Integer.BYTES > rows || rows == 0, "a dictionary record has too few offsets");
        List<String> known = texts.get(batch.id());
        ByteBuffer view = RecordFrame.littleEndian(bytes);
        for (int row = 0; row < rows && known != null; row++) {
            int from = view.getInt(offsets.offset() + row * Integer.BYTES);
            int to = view.getInt(offsets.offset() + (row + 1) * Integer.BYTES);
            require(from >= 0 && from <= to && to <= characters.length(), "text " + row + " lies outside its record");
            vector.setSafe(known.size(), bytes, characters.offset() + from, to - from);
            known.add(new String(bytes, characters.offset() + from, to - from, StandardCharsets.UTF_8));
            vector.setValueCount(known.size());
        }
    }

    private JournalSteps readSteps(Message message, byte[] bytes, Extent extent) throws Malformed {
        require(message.headerType() == MessageHeader.RecordBatch, "a steps record holds another message");
        RecordBatch batch = (RecordBatch) message.header(new RecordBatch());
        int columns = header.schema().fields().size();
        if (batch == null || batch.nodesLength() != columns || batch.buffersLength() != 2 * columns) {
            throw new Malformed("a steps record does not have the columns of its segment");
        }
        int rows = rows(batch, extent);
        root.clear();
        for (int column = 0; column < columns; column++) {
            FieldNode node = batch.nodes(column);
            long nulls = node.nullCount();
            require(
                    node.length() == rows && nulls >= 0 && nulls <= rows,
                    "column " + column + " has another row count");
            load(
                    root.getVector(column),
                    new ArrowFieldNode(rows, nulls),
                    buffer(batch, 2 * column, extent),
                    buffer(batch, 2 * column + 1, extent),
                    bytes);
        }
        root.setRowCount(rows);
        return JournalSteps.of(root, dictionaries);
    }

    private void load(FieldVector vector, ArrowFieldNode node, Extent validity, Extent values, byte[] bytes)
            throws Malformed {
        int rows = node.getLength();
        int width = StepsEncoder.width(vector.getField());
        long expected = width == 0 ? StepsEncoder.bitmapLength(rows) : (long) rows * width;
        int bitmap = node.getNullCount() == 0 ? 0 : StepsEncoder.bitmapLength(rows);
        require(
                values.length() == expected,
                "column " + vector.getName() + " has " + values.length() + " bytes, expected " + expected);
        require(
                validity.length() == bitmap,
                "column " + vector.getName() + " has a bitmap of " + validity.length() + " bytes, expected " + bitmap);
        try (ArrowBuf validityBuffer = copy(bytes, validity);
                ArrowBuf valueBuffer = copy(bytes, values)) {
            vector.loadFieldBuffers(node, List.of(validityBuffer, valueBuffer));
        }
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding != null) {
            checkCodes((IntVector) vector, texts(encoding.getId()).size());
        }
    }

    private static void checkCodes(IntVector codes, int size) throws Malformed {
        for (int row = 0; row < codes.getValueCount(); row++) {
            if (!codes.isNull(row) && (codes.get(row) < 0 || codes.get(row) >= size)) {
                throw new Malformed("column " + codes.getName() + ": row " + row + " has code " + codes.get(row)
                        + ", the dictionary has " + size + " texts");
            }
        }
    }

    private ArrowBuf copy(byte[] bytes, Extent extent) {
        ArrowBuf buffer = allocator.buffer(extent.length());
        buffer.setBytes(0, bytes, extent.offset(), extent.length());
        buffer.writerIndex(extent.length());
        return buffer;
    }

    private static int rows(RecordBatch batch, Extent extent) throws Malformed {
        // A row takes a byte at the least, in the column of steps or the offsets of texts.
        require(
                batch.length() >= 0 && batch.length() <= extent.bodyLength(),
                "a batch of " + batch.length() + " rows in " + extent.bodyLength() + " bytes");
        return (int) batch.length();
    }

    private static Extent buffer(RecordBatch batch, int number, Extent extent) throws Malformed {
        Buffer buffer = batch.buffers(number);
        boolean fits = buffer.offset() >= 0
                && buffer.length() >= 0
                && buffer.length() <= extent.bodyLength()
                && buffer.offset() <= extent.bodyLength() - buffer.length();
        require(fits, "buffer " + number + " lies outside its record");
        return new Extent(extent.bodyOffset() + (int) buffer.offset(), (int) buffer.length(), 0);
    }

    private static void require(boolean condition, String fault) throws Malformed {
        if (!condition) {
            throw new Malformed(fault);
        }
    }

    @Override
    public void close() {
        root.close();
        dictionaryVectors.values().forEach(VarCharVector::close);
    }
}
