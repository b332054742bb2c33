package org.flopledger.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/**
 * Where the columns of a batch lie in memory, after their names, types and lengths were checked.
 *
 * <p>The buffers are held by reference count of their vectors, which the batch's owner keeps open.
 */
final class Columns implements AutoCloseable {

    private static final List<String> UTC = List.of("UTC", "Z", "+00:00", "Etc/UTC", "GMT");

    private final long[] data = new long[StepColumn.values().length];
    private final long[] validity = new long[StepColumn.values().length];
    private final Map<StepColumn, List<String>> texts = new EnumMap<>(StepColumn.class);
    private final List<AutoCloseable> copies = new ArrayList<>();

    private Columns() {}

    static Columns of(VectorSchemaRoot root, DictionaryProvider dictionaries, int rows) {
        Columns columns = new Columns();
        try {
            for (StepColumn column : StepColumn.values()) {
                FieldVector vector = find(root, column);
                if (vector == null) {
                    requireOptional(column);
                } else {
                    columns.add(column, vector, dictionaries, rows);
                }
            }
            return columns;
        } catch (IllegalArgumentException e) {
            columns.close();
            throw e;
        }
    }

    private static @Nullable FieldVector find(VectorSchemaRoot root, StepColumn column) {
        FieldVector found = null;
        for (FieldVector vector : root.getFieldVectors()) {
            if (vector.getName().equals(column.columnName())) {
                if (found != null) {
                    throw new IllegalArgumentException("column " + column.columnName() + ": found twice");
                }
                found = vector;
            }
        }
        return found;
    }

    private static void requireOptional(StepColumn column) {
        if (column.isRequired()) {
            throw new IllegalArgumentException("column " + column.columnName() + ": missing, but required");
        }
    }

    private void add(StepColumn column, FieldVector vector, DictionaryProvider dictionaries, int rows) {
        FieldVector values = vector;
        if (column.kind() == StepColumn.Kind.TEXT) {
            TextColumn text = TextColumn.of(column, vector, dictionaries, rows);
            texts.put(column, Collections.unmodifiableList(text.texts()));
            values = text.indices();
            if (text.isCopy()) {
                copies.add(values);
            }
        } else {
            requireType(column, vector);
        }
        data[column.ordinal()] =
                address(column, "values", values.getDataBuffer(), column.kind().bytes(rows), rows);
        boolean withoutBits =
                !values.getField().isNullable() && values.getValidityBuffer().capacity() == 0;
        validity[column.ordinal()] =
                withoutBits ? 0 : address(column, "validity bits", values.getValidityBuffer(), (rows + 7L) / 8, rows);
    }

    private static void requireType(StepColumn column, FieldVector vector) {
        ArrowType expected = column.kind().type();
        ArrowType actual = vector.getField().getType();
        if (vector.getField().getDictionary() != null || !matches(expected, actual)) {
            throw new IllegalArgumentException("column " + column.columnName() + ": type is " + actual + ", must be "
                    + expected + " and not dictionary encoded");
        }
    }

    private static boolean matches(ArrowType expected, ArrowType actual) {
        if (expected instanceof ArrowType.Timestamp wanted && actual instanceof ArrowType.Timestamp given) {
            return wanted.getUnit() == given.getUnit() && UTC.contains(given.getTimezone());
        }
        if (expected instanceof ArrowType.Decimal && actual instanceof ArrowType.Decimal given) {
            return given.getBitWidth() == 128 && given.getScale() == 0;
        }
        return expected.equals(actual);
    }

    static long address(StepColumn column, String what, ArrowBuf buffer, long bytes, int rows) {
        if (buffer.capacity() < bytes) {
            throw new IllegalArgumentException("column " + column.columnName() + ": buffer of " + what + " has "
                    + buffer.capacity() + " bytes, must be >= " + bytes + " for " + rows + " rows");
        }
        return buffer.memoryAddress();
    }

    long data(StepColumn column) {
        return data[column.ordinal()];
    }

    long validity(StepColumn column) {
        return validity[column.ordinal()];
    }

    boolean isKnown(StepColumn column, int row) {
        long bits = validity(column);
        return data(column) != 0 && (bits == 0 || (MemoryUtil.getByte(bits + (row >>> 3)) >>> (row & 7) & 1) != 0);
    }

    List<String> texts(StepColumn column) {
        return texts.getOrDefault(column, List.of());
    }

    @Override
    public void close() {
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(copies));
    }
}
