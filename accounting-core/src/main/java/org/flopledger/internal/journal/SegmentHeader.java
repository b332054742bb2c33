package org.flopledger.internal.journal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.flopledger.internal.journal.RecordFrame.Extent;
import org.flopledger.telemetry.StepBatch;
import org.jspecify.annotations.Nullable;

/**
 * What the first record of a segment says: an Arrow schema, and in its metadata the versions of the format and of the
 * columns, and whether the segment begins with a snapshot.
 *
 * @param schema the columns
 * @param hasSnapshot whether everything before this segment follows from the snapshot at its start
 */
record SegmentHeader(SegmentSchema schema, boolean hasSnapshot) {

    private static final String VERSION_KEY = "flopledger.journal";
    private static final String SNAPSHOT_KEY = "flopledger.snapshot";
    private static final String VERSION = "1";
    private static final String COLUMNS_VERSION = Integer.toString(StepBatch.SCHEMA_VERSION);

    /** Returns the flatbuffer of the first record. */
    ByteBuffer write() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(VERSION_KEY, VERSION);
        metadata.put(SNAPSHOT_KEY, Boolean.toString(hasSnapshot));
        metadata.put(StepBatch.SCHEMA_VERSION_KEY, COLUMNS_VERSION);
        return ArrowMessages.schema(schema.onDisk(metadata));
    }

    static SegmentHeader read(String file, byte[] bytes, Extent extent) {
        Schema schema = readSchema(file, bytes, extent);
        Map<String, String> metadata = schema.getCustomMetadata();
        requireVersion(file, "format", metadata.get(VERSION_KEY), VERSION);
        requireVersion(file, "step batch", metadata.get(StepBatch.SCHEMA_VERSION_KEY), COLUMNS_VERSION);
        SegmentSchema columns = SegmentSchema.ofDisk(schema);
        if (columns == null) {
            throw JournalException.corrupt(file, 0, "the schema is not one of step batches");
        }
        return new SegmentHeader(columns, Boolean.parseBoolean(metadata.get(SNAPSHOT_KEY)));
    }

    private static Schema readSchema(String file, byte[] bytes, Extent extent) {
        try {
            Message message = Message.getRootAsMessage(ArrowMessages.flatbuffer(bytes, extent));
            if (message.headerType() != MessageHeader.Schema) {
                throw JournalException.corrupt(file, 0, "the first record is no Arrow schema");
            }
            return Schema.convertSchema(
                    (org.apache.arrow.flatbuf.Schema) message.header(new org.apache.arrow.flatbuf.Schema()));
        } catch (IndexOutOfBoundsException
                | IllegalArgumentException
                | UnsupportedOperationException
                | NullPointerException e) {
            // Arrow's reader of schemas trusts its bytes; this is what it does when they were forged.
            throw new JournalException(
                    JournalException.Kind.CORRUPT,
                    "journal file " + file + ", offset 0: the Arrow schema is malformed",
                    e);
        }
    }

    private static void requireVersion(String file, String what, @Nullable String actual, String expected) {
        if (!expected.equals(actual)) {
            throw new JournalException(
                    JournalException.Kind.UNKNOWN_VERSION,
                    "journal file " + file + ": " + what + " version is " + actual + ", this library reads "
                            + expected);
        }
    }
}
