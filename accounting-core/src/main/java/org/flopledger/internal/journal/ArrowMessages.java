package org.flopledger.internal.journal;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;
import org.flopledger.internal.journal.RecordFrame.Extent;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the flatbuffers at the front of Arrow IPC messages.
 *
 * <p>Written here and not by Arrow's serializer, which has no place for metadata of a message and copies each column
 * through buffers of its own.
 */
final class ArrowMessages {

    /** Where the columns of a batch lie in the body of a message: a null count and some buffer lengths for each column. */
    record Columns(int rows, List<Column> columns) {}

    /** One column: how many nulls, and the length of each buffer in bytes. */
    record Column(int nulls, List<Integer> bufferLengths) {}

    private static final String KIND_KEY = "flopledger.kind";
    private static final String VALUE_KEY = "flopledger.value";

    private ArrowMessages() {}

    static ByteBuffer schema(Schema schema) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        return message(builder, MessageHeader.Schema, schema.getSchema(builder), 0, 0);
    }

    static ByteBuffer recordBatch(Columns columns) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        return message(builder, MessageHeader.RecordBatch, batch(builder, columns), bodyLength(columns), 0);
    }

    static ByteBuffer dictionaryBatch(long id, boolean isDelta, Columns columns) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int header = DictionaryBatch.createDictionaryBatch(builder, id, batch(builder, columns), isDelta);
        return message(builder, MessageHeader.DictionaryBatch, header, bodyLength(columns), 0);
    }

    /** An empty batch that says something in its metadata. */
    static ByteBuffer emptyBatch(Columns columns, String kind, byte[] value) {
        FlatBufferBuilder builder = new FlatBufferBuilder(1_024 + value.length);
        int batch = batch(builder, columns);
        int kindEntry = KeyValue.createKeyValue(builder, builder.createString(KIND_KEY), builder.createString(kind));
        int valueEntry = KeyValue.createKeyValue(
                builder, builder.createString(VALUE_KEY), builder.createString(ByteBuffer.wrap(value)));
        int metadata = Message.createCustomMetadataVector(builder, new int[] {kindEntry, valueEntry});
        return message(builder, MessageHeader.RecordBatch, batch, 0, metadata);
    }

    private static ByteBuffer message(FlatBufferBuilder builder, byte type, int header, long bodyLength, int metadata) {
        Message.startMessage(builder);
        Message.addVersion(builder, MetadataVersion.V5);
        Message.addHeaderType(builder, type);
        Message.addHeader(builder, header);
        Message.addBodyLength(builder, bodyLength);
        if (metadata != 0) {
            Message.addCustomMetadata(builder, metadata);
        }
        builder.finish(Message.endMessage(builder));
        return builder.dataBuffer();
    }

    private static int batch(FlatBufferBuilder builder, Columns columns) {
        int buffers = columns.columns().stream()
                .mapToInt(column -> column.bufferLengths().size())
                .sum();
        RecordBatch.startBuffersVector(builder, buffers);
        // A flatbuffer is written from its end.
        long offset = bodyLength(columns);
        for (int i = columns.columns().size() - 1; i >= 0; i--) {
            List<Integer> lengths = columns.columns().get(i).bufferLengths();
            for (int j = lengths.size() - 1; j >= 0; j--) {
                offset -= CommitBuffer.padded(lengths.get(j));
                Buffer.createBuffer(builder, offset, lengths.get(j));
            }
        }
        int buffersVector = builder.endVector();
        RecordBatch.startNodesVector(builder, columns.columns().size());
        for (int i = columns.columns().size() - 1; i >= 0; i--) {
            FieldNode.createFieldNode(
                    builder, columns.rows(), columns.columns().get(i).nulls());
        }
        int nodesVector = builder.endVector();
        RecordBatch.startRecordBatch(builder);
        RecordBatch.addLength(builder, columns.rows());
        RecordBatch.addNodes(builder, nodesVector);
        RecordBatch.addBuffers(builder, buffersVector);
        return RecordBatch.endRecordBatch(builder);
    }

    private static long bodyLength(Columns columns) {
        long length = 0;
        for (Column column : columns.columns()) {
            for (int buffer : column.bufferLengths()) {
                length += CommitBuffer.padded(buffer);
            }
        }
        return length;
    }

    /** Returns the flatbuffer of a record, without the trailer behind it. */
    static ByteBuffer flatbuffer(byte[] bytes, Extent extent) {
        int length = extent.metadataLength() - RecordFrame.TRAILER_LENGTH;
        return ByteBuffer.wrap(bytes, extent.metadataOffset(), length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the kind a message's metadata names, or null. */
    static @Nullable String kind(Message message) {
        byte[] kind = metadata(message, KIND_KEY);
        return kind == null ? null : new String(kind, StandardCharsets.UTF_8);
    }

    /** Returns the value in a message's metadata, or null. */
    static byte @Nullable [] value(Message message) {
        return metadata(message, VALUE_KEY);
    }

    private static byte @Nullable [] metadata(Message message, String key) {
        for (int i = 0; i < message.customMetadataLength(); i++) {
            KeyValue entry = message.customMetadata(i);
            if (entry != null && key.equals(entry.key())) {
                ByteBuffer value = entry.valueAsByteBuffer();
                byte[] bytes = new byte[value == null ? 0 : value.remaining()];
                if (value != null) {
                    value.get(bytes);
                }
                return bytes;
            }
        }
        return null;
    }
}
