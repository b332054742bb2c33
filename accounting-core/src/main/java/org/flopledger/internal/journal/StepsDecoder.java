package org.flopledger.internal.journal;

import static org.flopledger.internal.journal.SegmentDecoder.require;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongFunction;
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
import org.flopledger.internal.journal.RecordFrame.Extent;
import org.flopledger.internal.journal.SegmentDecoder.Malformed;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;

/**
 * Reads the record batches of one segment into one set of vectors, batch after batch. The dictionaries of a batch hold the
 * texts it uses and no others, so a batch costs its rows, not all that the segment has named. Confined to one thread.
 */
final class StepsDecoder implements AutoCloseable {

    private final SegmentSchema schema;
    private final LongFunction<List<String>> texts;
    private final BufferAllocator allocator;
    private final VectorSchemaRoot root;
    private final MapDictionaryProvider dictionaries = new MapDictionaryProvider();

    StepsDecoder(SegmentSchema schema, LongFunction<List<String>> texts, BufferAllocator allocator) {
        this.schema = schema;
        this.texts = texts;
        this.allocator = allocator;
        root = VectorSchemaRoot.create(schema.inMemory(), allocator);
        for (StepColumn column : schema.textColumns()) {
            DictionaryEncoding encoding = SegmentSchema.inMemory(column).getDictionary();
            dictionaries.put(new Dictionary(new VarCharVector(column.columnName(), allocator), encoding));
        }
    }

    /** Returns a batch, which lives until the next one is read. */
    StepBatch read(Message message, byte[] bytes, Extent extent) throws Malformed {
        require(message.headerType() == MessageHeader.RecordBatch, "a steps record holds another message");
        RecordBatch batch = (RecordBatch) message.header(new RecordBatch());
        int columns = schema.columns().size();
        if (batch == null || batch.nodesLength() != columns || batch.buffersLength() != 2 * columns) {
            throw new Malformed("a steps record does not have the columns of its segment");
        }
        int rows = SegmentDecoder.rows(batch, extent);
        root.clear();
        for (int i = 0; i < columns; i++) {
            StepColumn column = schema.columns().get(i);
            FieldNode node = batch.nodes(i);
            long nulls = node.nullCount();
            require(
                    node.length() == rows && nulls >= 0 && nulls <= rows,
                    "column " + column.columnName() + " has another number of rows");
            Extent validity = SegmentDecoder.buffer(batch, 2 * i, extent);
            Extent values = SegmentDecoder.buffer(batch, 2 * i + 1, extent);
            load(column, new ArrowFieldNode(rows, nulls), validity, values, bytes);
        }
        root.setRowCount(rows);
        return StepBatch.wrap(root, dictionaries);
    }

    private void load(StepColumn column, ArrowFieldNode node, Extent validity, Extent values, byte[] bytes)
            throws Malformed {
        int rows = node.getLength();
        requireLength(column, "values", values, SegmentSchema.valueBytes(column, rows));
        requireLength(column, "bitmap", validity, node.getNullCount() == 0 ? 0 : SegmentSchema.bitmapBytes(rows));
        FieldVector vector = root.getVector(column.columnName());
        try (ArrowBuf validityBuffer = copy(bytes, validity);
                ArrowBuf valueBuffer = copy(bytes, values)) {
            vector.loadFieldBuffers(node, List.of(validityBuffer, valueBuffer));
        }
        if (SegmentSchema.isText(column)) {
            useTexts((IntVector) vector, SegmentSchema.dictionaryId(column));
        }
    }

    private static void requireLength(StepColumn column, String what, Extent actual, int expected) throws Malformed {
        require(
                actual.length() == expected,
                "column " + column.columnName() + ": " + what + " of " + actual.length() + " bytes, expected "
                        + expected);
    }

    private ArrowBuf copy(byte[] bytes, Extent extent) {
        ArrowBuf buffer = allocator.buffer(extent.length());
        buffer.setBytes(0, bytes, extent.offset(), extent.length());
        buffer.writerIndex(extent.length());
        return buffer;
    }

    /** Replaces the segment's codes by codes of the texts that this batch uses. */
    private void useTexts(IntVector codes, long dictionaryId) throws Malformed {
        List<String> known = texts.apply(dictionaryId);
        VarCharVector used = (VarCharVector) dictionaries.lookup(dictionaryId).getVector();
        used.clear();
        used.allocateNew();
        int[] own = new int[known.size()];
        int count = 0;
        for (int row = 0; row < codes.getValueCount(); row++) {
            if (codes.isNull(row)) {
                continue;
            }
            int code = codes.get(row);
            if (code < 0 || code >= own.length) {
                throw new Malformed("column " + codes.getName() + ": row " + row + " has code " + code + " of "
                        + own.length + " texts");
            }
            // One higher, so that 0 says "not used yet".
            if (own[code] == 0) {
                used.setSafe(count, known.get(code).getBytes(StandardCharsets.UTF_8));
                own[code] = ++count;
            }
            codes.set(row, own[code] - 1);
        }
        used.setValueCount(count);
    }

    @Override
    public void close() {
        root.close();
        for (StepColumn column : schema.textColumns()) {
            dictionaries.lookup(SegmentSchema.dictionaryId(column)).getVector().close();
        }
    }
}
