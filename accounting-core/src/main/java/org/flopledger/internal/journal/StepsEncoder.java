package org.flopledger.internal.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.flopledger.internal.journal.ArrowMessages.Column;
import org.flopledger.internal.journal.ArrowMessages.Columns;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.jspecify.annotations.Nullable;

/**
 * Writes the accepted rows of one batch as a record batch of its segment. Columns go straight from the batch into the
 * commit; rejected rows are left out on the way. Used once, by the writer.
 */
final class StepsEncoder {

    /** One column on its way: where it comes from, and its codes if it holds texts. */
    private static final class Source {
        private final StepColumn column;
        private final @Nullable FieldVector vector;
        private final int nulls;
        private final int @Nullable [] codes;

        Source(StepColumn column, @Nullable FieldVector vector, int nulls, int @Nullable [] codes) {
            this.column = column;
            this.vector = vector;
            this.nulls = nulls;
            this.codes = codes;
        }

        Column measured(int rows) {
            int bitmap = nulls == 0 ? 0 : SegmentSchema.bitmapBytes(rows);
            return new Column(nulls, List.of(bitmap, SegmentSchema.valueBytes(column, rows)));
        }
    }

    private final int rows;
    private final int @Nullable [] selection;
    private final List<Source> sources = new ArrayList<>();

    /** Measures a batch and enters its texts into the segment's dictionaries. */
    StepsEncoder(JournalSteps steps, SegmentSchema schema, Map<StepColumn, SegmentDictionary> dictionaries) {
        selection = steps.selection();
        rows = selection == null ? steps.batch().rows() : selection.length;
        for (StepColumn column : schema.columns()) {
            SegmentDictionary dictionary = dictionaries.get(column);
            FieldVector vector = steps.batch().root().getVector(column.columnName());
            int nulls = vector == null ? rows : nulls(vector);
            int[] codes = dictionary == null || vector == null ? null : codes(steps.batch(), column, dictionary);
            sources.add(new Source(column, vector, nulls, codes));
        }
    }

    private int nulls(FieldVector vector) {
        int nulls = vector.getNullCount();
        return selection == null || nulls == 0
                ? nulls
                : (int) IntStream.of(selection).filter(vector::isNull).count();
    }

    private int[] codes(StepBatch batch, StepColumn column, SegmentDictionary dictionary) {
        List<String> texts = texts(batch, column);
        // One higher, so that 0 says "not looked up yet".
        int[] known = new int[texts.size()];
        int[] codes = new int[rows];
        for (int i = 0; i < rows; i++) {
            int row = selection == null ? i : selection[i];
            if (batch.isKnown(column, row)) {
                int index = batch.intAt(column, row);
                if (known[index] == 0) {
                    known[index] = 1 + dictionary.code(texts.get(index));
                }
                codes[i] = known[index] - 1;
            }
        }
        return codes;
    }

    static List<String> texts(StepBatch batch, StepColumn column) {
        return switch (column) {
            case RUN -> batch.runs();
            case SOURCE -> batch.sources();
            case MODEL -> batch.models();
            default -> throw new IllegalStateException("column " + column.columnName() + " holds no texts");
        };
    }

    /** Writes the record, without its end. The texts it uses must have been written before. */
    void write(CommitBuffer target) {
        List<Column> columns =
                sources.stream().map(source -> source.measured(rows)).toList();
        target.beginRecord(ArrowMessages.recordBatch(new Columns(rows, columns)));
        for (Source source : sources) {
            if (source.nulls > 0) {
                int at = target.claim(SegmentSchema.bitmapBytes(rows));
                if (source.vector != null) {
                    copyBits(source.vector.getValidityBuffer(), target.bytes(), at);
                }
            }
            writeValues(source, target);
        }
    }

    private void writeValues(Source source, CommitBuffer target) {
        int at = target.claim(SegmentSchema.valueBytes(source.column, rows));
        FieldVector vector = source.vector;
        if (source.codes != null) {
            ByteBuffer bytes = RecordFrame.littleEndian(target.bytes());
            for (int i = 0; i < rows; i++) {
                bytes.putInt(at + i * Integer.BYTES, source.codes[i]);
            }
        } else if (vector instanceof BitVector) {
            copyBits(vector.getDataBuffer(), target.bytes(), at);
        } else if (vector != null) {
            copyValues(vector.getDataBuffer(), SegmentSchema.width(source.column), target.bytes(), at);
        }
    }

    private void copyValues(ArrowBuf from, int width, byte[] to, int at) {
        if (selection == null) {
            from.getBytes(0, to, at, rows * width);
            return;
        }
        for (int i = 0; i < rows; i++) {
            from.getBytes((long) selection[i] * width, to, at + i * width, width);
        }
    }

    private void copyBits(ArrowBuf from, byte[] to, int at) {
        for (int i = 0; i < rows; i++) {
            int row = selection == null ? i : selection[i];
            to[at + (i >>> 3)] |= (byte) ((from.getByte(row >>> 3) >>> (row & 7) & 1) << (i & 7));
        }
    }
}
