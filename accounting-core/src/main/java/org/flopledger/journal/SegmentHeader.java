package org.flopledger.journal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.flopledger.journal.RecordFrame.Extent;

/**
 * What the first record of a segment says: an Arrow schema, and in its metadata the version of the format and whether the
 * segment begins with a snapshot.
 *
 * @param schema the columns
 * @param hasSnapshot whether everything before this segment follows from the snapshot at its start
 */
record SegmentHeader(SegmentSchema schema, boolean hasSnapshot) {

    private static final String VERSION_KEY = "flopledger.journal";
    private static final String SNAPSHOT_KEY = "flopledger.snapshot";
    private static final String VERSION = "1";

    /** Returns the flatbuffer of the first record. */
    ByteBuffer write() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(VERSION_KEY, VERSION);
        metadata.put(SNAPSHOT_KEY, Boolean.toString(hasSnapshot));
        return ArrowMessages.schema(schema.onDisk(metadata));
    }

    static SegmentHeader read(String file, byte[] bytes, Extent extent) {
        Schema schema;
        try {
            Message message = Message.getRootAsMessage(ArrowMessages.flatbuffer(bytes, extent));
            if (message.headerType() != MessageHeader.Schema) {
                throw JournalException.corrupt(file, 0, "the first record is no Arrow schema");
            }
            org.apache.arrow.flatbuf.Schema written =
                    (org.apache.arrow.flatbuf.Schema) message.header(new org.apache.arrow.flatbuf.Schema());
            schema = Schema.convertSchema(written);
        } catch (IndexOutOfBoundsException
                | IllegalArgumentException
                | UnsupportedOperationException
                | NullPointerException e) {
            // Arrow's reader of schemas trusts its bytes; this is all it does when they were forged.
            throw new JournalException(
                    JournalException.Kind.CORRUPT,
                    "journal file " + file + ", offset 0: the Arrow schema is malformed",
                    e);
        }
        Map<String, String> metadata = schema.getCustomMetadata();
        if (!VERSION.equals(metadata.get(VERSION_KEY))) {
            throw new JournalException(
                    JournalException.Kind.UNKNOWN_VERSION,
                    "journal file " + file + ": format version is " + metadata.get(VERSION_KEY)
                            + ", this library reads " + VERSION);
        }
        SegmentSchema columns = SegmentSchema.ofDisk(schema);
        for (Field field : columns.fields()) {
            if (!StepsEncoder.isHeld(field)) {
                throw JournalException.corrupt(
                        file,
                        0,
                        "column " + field.getName() + " has type " + field.getType() + ", which no journal holds");
            }
        }
        return new SegmentHeader(columns, Boolean.parseBoolean(metadata.get(SNAPSHOT_KEY)));
    }
}
