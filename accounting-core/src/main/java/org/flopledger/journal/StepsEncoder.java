package org.flopledger.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.flopledger.journal.ArrowMessages.Column;
import org.flopledger.journal.ArrowMessages.Columns;
import org.jspecify.annotations.Nullable;

/**
 * Writes the accepted rows of a batch as a record batch of its segment. Columns go straight from the batch into the commit;
 * rejected rows are left out on the way.
 */
final class StepsEncoder {

    private static final Set<Integer> INTEGER_BITS = Set.of(8, 16, 32, 64);

    private final SegmentSchema schema;
    private final Map<String, SegmentDictionary> dictionaries;

    StepsEncoder(SegmentSchema schema, Map<String, SegmentDictionary> dictionaries) {
        this.schema = schema;
        this.dictionaries = dictionaries;
    }

    /** One column on its way: where it comes from, and its codes if it is a dictionary column. */
    private static final class Source {
        private final @Nullable FieldVector vector;
        private final int width;
        private final int nulls;
        private final int @Nullable [] codes;

        Source(@Nullable FieldVector vector, int width, int nulls, int @Nullable [] codes) {
            this.vector = vector;
            this.width = width;
            this.nulls = nulls;
            this.codes = codes;
        }

        Column column(int rows) {
            int dataLength = width == 0 ? bitmapLength(rows) : Math.multiplyExact(rows, width);
            return new Column(nulls, List.of(nulls == 0 ? 0 : bitmapLength(rows), dataLength));
        }
    }

    /** A batch made ready: its texts are in the segment's dictionaries, its columns measured. */
    static final class Prepared {
        private final int rows;
        private final int @Nullable [] selection;
        private final List<Source> sources;

        private Prepared(int rows, int @Nullable [] selection, List<Source> sources) {
            this.rows = rows;
            this.selection = selection;
            this.sources = sources;
        }

        /** Writes the record, without its end. */
        void write(CommitBuffer target) {
            List<Column> columns =
                    sources.stream().map(source -> source.column(rows)).toList();
            target.beginRecord(ArrowMessages.recordBatch(new Columns(rows, columns)));
            for (int i = 0; i < columns.size(); i++) {
                Source source = sources.get(i);
                if (source.nulls > 0) {
                    writeValidity(source, target);
                }
                writeValues(source, columns.get(i).bufferLengths().get(1), target);
            }
        }

        private void writeValidity(Source source, CommitBuffer target) {
            int at = target.claim(bitmapLength(rows));
            if (source.vector != null) {
                copyBits(source.vector.getValidityBuffer(), target.bytes(), at);
            }
        }

        private void writeValues(Source source, int length, CommitBuffer target) {
            int at = target.claim(length);
            FieldVector vector = source.vector;
            if (source.codes != null) {
                ByteBuffer codes = RecordFrame.littleEndian(target.bytes());
                for (int i = 0; i < rows; i++) {
                    codes.putInt(at + i * Integer.BYTES, source.codes[i]);
                }
            } else if (vector instanceof BitVector) {
                copyBits(vector.getDataBuffer(), target.bytes(), at);
            } else if (vector != null) {
                copyValues(vector.getDataBuffer(), source.width, target.bytes(), at);
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

    /** Measures a batch and enters its texts into the segment's dictionaries. */
    Prepared prepare(JournalSteps steps) {
        int[] selection = steps.selection();
        int rows = selection == null ? steps.root().getRowCount() : selection.length;
        List<Source> sources = new ArrayList<>();
        for (Field field : schema.fields()) {
            sources.add(source(field, steps, selection, rows));
        }
        return new Prepared(rows, selection, sources);
    }

    private Source source(Field field, JournalSteps steps, int @Nullable [] selection, int rows) {
        FieldVector vector = steps.root().getVector(field.getName());
        if (vector == null) {
            return new Source(null, width(field), rows, null);
        }
        int nulls = vector.getNullCount();
        if (selection != null && nulls > 0) {
            nulls = (int) IntStream.of(selection).filter(vector::isNull).count();
        }
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding == null) {
            return new Source(vector, width(field), nulls, null);
        }
        int[] every = selection == null ? IntStream.range(0, rows).toArray() : selection;
        VarCharVector texts =
                (VarCharVector) steps.dictionaries().lookup(encoding.getId()).getVector();
        SegmentDictionary dictionary = dictionaries.get(field.getName());
        if (dictionary == null) {
            throw new IllegalStateException("segment has no dictionary for column " + field.getName());
        }
        return new Source(vector, Integer.BYTES, nulls, dictionary.codes((BaseIntVector) vector, texts, every));
    }

    /** Returns whether columns of this type are held at all. */
    static boolean isHeld(Field field) {
        return width(field) >= 0;
    }

    /** Bytes of one value; 0 for a column of bits, -1 for a type that is not held. */
    static int width(Field field) {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.Int number) {
            return number.getIsSigned() && INTEGER_BITS.contains(number.getBitWidth()) ? number.getBitWidth() / 8 : -1;
        }
        if (type instanceof ArrowType.Decimal decimal) {
            return decimal.getBitWidth() == 128 ? 16 : -1;
        }
        if (type instanceof ArrowType.FloatingPoint real) {
            return real.getPrecision() == FloatingPointPrecision.DOUBLE ? 8 : -1;
        }
        return type instanceof ArrowType.Timestamp ? 8 : type instanceof ArrowType.Bool ? 0 : -1;
    }

    static int bitmapLength(int rows) {
        return (rows + 7) >>> 3;
    }
}
