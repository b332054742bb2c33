package org.flopledger.internal.journal;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.flopledger.internal.journal.ArrowMessages.Column;
import org.flopledger.internal.journal.ArrowMessages.Columns;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one segment: those that have held a value. A column that never did costs no byte; when it first does, a
 * new segment begins.
 *
 * @param columns in the order of {@link StepColumn}
 */
record SegmentSchema(List<StepColumn> columns) {

    private static final Schema STEPS = StepBatch.schema();

    SegmentSchema {
        columns = List.copyOf(columns);
    }

    /** Returns this schema with those columns of a batch that hold a value. */
    SegmentSchema with(StepBatch batch) {
        Set<StepColumn> all = EnumSet.noneOf(StepColumn.class);
        all.addAll(columns);
        for (StepColumn column : StepColumn.values()) {
            FieldVector vector = batch.root().getVector(column.columnName());
            if (vector != null && vector.getNullCount() < batch.rows()) {
                all.add(column);
            }
        }
        return all.size() == columns.size() ? this : new SegmentSchema(List.copyOf(all));
    }

    /** Returns a column as it is in memory: one of texts has the type of its codes. */
    static Field inMemory(StepColumn column) {
        return STEPS.findField(column.columnName());
    }

    /** Returns whether a column holds texts. */
    static boolean isText(StepColumn column) {
        return inMemory(column).getDictionary() != null;
    }

    /** Returns the id of the dictionary of a column of texts. */
    static long dictionaryId(StepColumn column) {
        return inMemory(column).getDictionary().getId();
    }

    /** Returns the columns that hold texts. */
    List<StepColumn> textColumns() {
        return columns.stream().filter(SegmentSchema::isText).toList();
    }

    /** Returns the schema of the columns in memory. */
    Schema inMemory() {
        return new Schema(columns.stream().map(SegmentSchema::inMemory).toList());
    }

    /** Returns the schema as Arrow writes it. */
    Schema onDisk(Map<String, String> metadata) {
        return new Schema(columns.stream().map(SegmentSchema::onDisk).toList(), metadata);
    }

    private static Field onDisk(StepColumn column) {
        Field field = inMemory(column);
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding == null) {
            return field;
        }
        return new Field(field.getName(), new FieldType(field.isNullable(), ArrowType.Utf8.INSTANCE, encoding), null);
    }

    /** Returns the schema that was written as this one, or null when it has a column that a step batch does not have. */
    static @Nullable SegmentSchema ofDisk(Schema schema) {
        List<StepColumn> columns = new ArrayList<>();
        for (Field field : schema.getFields()) {
            StepColumn found = null;
            for (StepColumn column : StepColumn.values()) {
                found = onDisk(column).equals(field) ? column : found;
            }
            if (found == null || columns.contains(found)) {
                return null;
            }
            columns.add(found);
        }
        return new SegmentSchema(columns);
    }

    /** Returns the columns of a batch without rows. */
    Columns empty() {
        return new Columns(
                0, columns.stream().map(column -> new Column(0, List.of(0, 0))).toList());
    }

    /** Returns the bytes of so many values of a column. */
    static int valueBytes(StepColumn column, int rows) {
        ArrowType type = inMemory(column).getType();
        return type instanceof ArrowType.Bool ? bitmapBytes(rows) : Math.multiplyExact(rows, width(column));
    }

    /** Returns the bytes of one value; 0 for a column of bits. */
    static int width(StepColumn column) {
        ArrowType type = inMemory(column).getType();
        if (type instanceof ArrowType.Int number) {
            return number.getBitWidth() / Byte.SIZE;
        }
        if (type instanceof ArrowType.Decimal decimal) {
            return decimal.getBitWidth() / Byte.SIZE;
        }
        return type instanceof ArrowType.Bool ? 0 : Long.BYTES;
    }

    static int bitmapBytes(int rows) {
        return (rows + 7) >>> 3;
    }
}
