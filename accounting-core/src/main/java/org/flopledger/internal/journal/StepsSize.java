package org.flopledger.internal.journal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;

/** How long the records of a batch can become, estimated from above before they are written. */
final class StepsSize {

    /** What a flatbuffer holds whatever the columns, and the trailer. */
    private static final long FIXED_OVERHEAD = 1_024;

    /** A field node of 16 bytes, two buffers of 16, and the padding behind the buffers. */
    private static final long COLUMN_OVERHEAD = 16 + 2 * 16 + 2 * RecordFrame.ALIGNMENT;

    /** A character of UTF-16 becomes at most so many bytes of UTF-8. */
    private static final long CHARACTER_BYTES = 3;

    private StepsSize() {}

    /** Returns what a record takes besides its values. */
    static long largestOverhead(SegmentSchema schema) {
        return FIXED_OVERHEAD + COLUMN_OVERHEAD * schema.columns().size();
    }

    /** Returns the length of the longest record that the batch may need: its rows, or the texts of one column. */
    static long largestRecord(JournalSteps steps, SegmentSchema schema) {
        StepBatch batch = steps.batch();
        long rows = steps.accepted() == null ? batch.rows() : steps.accepted().accepted();
        long values = 0;
        long texts = 0;
        for (StepColumn column : schema.columns()) {
            FieldVector vector = batch.root().getVector(column.columnName());
            long bitmap = vector != null && vector.getNullCount() == 0 ? 0 : (rows + 7) / Byte.SIZE;
            int width = SegmentSchema.width(column);
            values += bitmap + (width == 0 ? (rows + 7) / Byte.SIZE : rows * width);
            if (SegmentSchema.isText(column)) {
                texts = Math.max(texts, textBytes(StepsEncoder.texts(batch, column)));
            }
        }
        return largestOverhead(schema) + Math.max(values, texts);
    }

    private static long textBytes(List<String> texts) {
        long offsets = Integer.BYTES * (texts.size() + 1L);
        long characters = 0;
        for (String text : texts) {
            characters += text.length();
        }
        if (offsets + CHARACTER_BYTES * characters <= RecordFrame.MAX_LENGTH / 2) {
            return offsets + CHARACTER_BYTES * characters;
        }
        // Near the limit it is worth the time to know.
        long bytes = 0;
        for (String text : texts) {
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
        }
        return offsets + bytes;
    }
}
