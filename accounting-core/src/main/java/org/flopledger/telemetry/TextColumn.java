package org.flopledger.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.flopledger.internal.kernel.RowKeys;
import org.jspecify.annotations.Nullable;

/**
 * A text column as 32-bit indices into a list of texts. Indices of 32 bits are taken as they are; narrower ones, wider ones,
 * plain text, and those of a dictionary with an entry that is empty, null or too long are copied.
 *
 * @param indices the indices: the given vector, or a copy that the batch closes
 * @param texts what they point into; no entry is empty
 * @param isCopy whether {@code indices} is a copy
 */
record TextColumn(FieldVector indices, List<String> texts, boolean isCopy) {

    /** Stands for a text that is empty or too long, in place of an index. */
    static final int UNFIT = Integer.MIN_VALUE;

    private static final int MAX_TEXT_BYTES = 4096;
    private static final int MAX_ENTRIES = RowKeys.MODEL_LIMIT;

    /** Returns whether a text may be an entry. */
    static boolean isFit(String text) {
        int length = text.length();
        return length > 0
                && length <= MAX_TEXT_BYTES
                && (length * 3 <= MAX_TEXT_BYTES || text.getBytes(StandardCharsets.UTF_8).length <= MAX_TEXT_BYTES);
    }

    static TextColumn of(StepColumn column, FieldVector vector, DictionaryProvider dictionaries, int rows) {
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding == null) {
            return plain(column, vector, rows);
        }
        Dictionary dictionary = dictionaries.lookup(encoding.getId());
        if (dictionary == null) {
            throw new IllegalArgumentException(
                    "column " + column.columnName() + ": dictionary " + encoding.getId() + " is not given");
        }
        List<String> texts = new ArrayList<>();
        int[] places = entries(column, dictionary.getVector(), texts);
        if (places.length == texts.size() && (vector instanceof IntVector || vector instanceof UInt4Vector)) {
            return new TextColumn(vector, texts, false);
        }
        if (vector instanceof BaseIntVector indices) {
            return new TextColumn(copied(column, vector, indices, places, rows), texts, true);
        }
        throw wrongType(column, vector);
    }

    /** Adds the entries that are fit to a list, and returns for each entry its place there, or {@link #UNFIT}. */
    private static int[] entries(StepColumn column, FieldVector entries, List<String> texts) {
        int count = entries.getValueCount();
        if (count > MAX_ENTRIES) {
            throw new IllegalArgumentException("column " + column.columnName() + ": dictionary has " + count
                    + " entries, the limit is " + MAX_ENTRIES);
        }
        TextReader reader = TextReader.of(column, entries, count);
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            String text = reader.read(i);
            boolean isFit = text != null && !text.isEmpty();
            places[i] = isFit ? texts.size() : UNFIT;
            if (isFit) {
                texts.add(text);
            }
        }
        return places;
    }

    private static TextColumn plain(StepColumn column, FieldVector vector, int rows) {
        TextReader reader = TextReader.of(column, vector, rows);
        IntVector indices = copyOf(column, vector, rows);
        try {
            Map<String, Integer> known = new HashMap<>();
            for (int row = 0; row < rows; row++) {
                String text = reader.read(row);
                if (text != null) {
                    indices.set(row, text.isEmpty() ? UNFIT : known.computeIfAbsent(text, absent -> known.size()));
                }
            }
            if (known.size() > MAX_ENTRIES) {
                throw new IllegalArgumentException("column " + column.columnName() + ": " + known.size()
                        + " different texts, the limit is " + MAX_ENTRIES);
            }
            String[] texts = new String[known.size()];
            known.forEach((text, index) -> texts[index] = text);
            return new TextColumn(indices, List.of(texts), true);
        } catch (IllegalArgumentException e) {
            indices.close();
            throw e;
        }
    }

    private static IntVector copied(
            StepColumn column, FieldVector vector, BaseIntVector indices, int[] places, int rows) {
        int width = ((BaseFixedWidthVector) vector).getTypeWidth();
        Columns.address(column, "values", vector.getDataBuffer(), (long) width * rows, rows);
        Columns.address(column, "validity bits", vector.getValidityBuffer(), (rows + 7L) / 8, rows);
        IntVector copy = copyOf(column, vector, rows);
        for (int row = 0; row < rows; row++) {
            if (!vector.isNull(row)) {
                long index = indices.getValueAsLong(row);
                // An index without an entry stays out of range: validation names it.
                copy.set(row, index < 0 || index >= places.length ? -1 : places[(int) index]);
            }
        }
        return copy;
    }

    private static IntVector copyOf(StepColumn column, FieldVector vector, int rows) {
        Field field = new Field(column.columnName(), FieldType.nullable(StepColumn.Kind.INT32.type()), null);
        IntVector copy = new IntVector(field, vector.getAllocator());
        copy.allocateNew(Math.max(rows, 1));
        copy.zeroVector();
        copy.setValueCount(rows);
        return copy;
    }

    private static IllegalArgumentException wrongType(StepColumn column, FieldVector vector) {
        return new IllegalArgumentException("column " + column.columnName() + ": type is "
                + vector.getField().getType() + ", must be Utf8, LargeUtf8, or a dictionary of either");
    }

    /** Reads texts out of a vector whose offsets and lengths it checks. */
    private interface TextReader {

        /** Returns a text, an empty one if it is empty or too long, or null. */
        @Nullable
        String read(int index);

        static TextReader of(StepColumn column, FieldVector vector, int count) {
            if (!(vector instanceof VarCharVector) && !(vector instanceof LargeVarCharVector)) {
                throw wrongType(column, vector);
            }
            boolean large = vector instanceof LargeVarCharVector;
            long offsetBytes = count == 0 ? 0 : (large ? 8L : 4L) * (count + 1L);
            Columns.address(column, "offsets", vector.getOffsetBuffer(), offsetBytes, count);
            Columns.address(column, "validity bits", vector.getValidityBuffer(), (count + 7L) / 8, count);
            ArrowBuf offsets = vector.getOffsetBuffer();
            return index -> {
                if (vector.isNull(index)) {
                    return null;
                }
                long start = large ? offsets.getLong(8L * index) : offsets.getInt(4L * index);
                long end = large ? offsets.getLong(8L * index + 8) : offsets.getInt(4L * index + 4);
                return read(column, vector, start, end);
            };
        }

        private static String read(StepColumn column, FieldVector vector, long start, long end) {
            long length = end - start;
            if (start < 0 || length < 0 || end > vector.getDataBuffer().capacity()) {
                throw new IllegalArgumentException("column " + column.columnName() + ": text from byte " + start
                        + " to " + end + " is outside its buffer of "
                        + vector.getDataBuffer().capacity());
            }
            if (length > MAX_TEXT_BYTES) {
                return "";
            }
            byte[] bytes = new byte[(int) length];
            vector.getDataBuffer().getBytes(start, bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
