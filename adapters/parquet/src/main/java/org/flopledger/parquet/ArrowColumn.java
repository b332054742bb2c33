package org.flopledger.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** Copies the values of one Parquet column into an Arrow vector of the kind that its type has. Confined to one thread. */
final class ArrowColumn {

    private static final int MOST_DIGITS = 38;

    /** Sets one value that is not null. */
    private interface Copy {
        void value(FieldVector vector, ColumnReader reader, int row);
    }

    private final FieldVector vector;
    private final Copy copy;

    private ArrowColumn(FieldVector vector, Copy copy) {
        this.vector = vector;
        this.copy = copy;
    }

    /**
     * Returns a column of no rows.
     *
     * @throws IllegalArgumentException if the type is none that a step table can have
     */
    static ArrowColumn of(PrimitiveType type, BufferAllocator allocator) {
        String name = type.getName();
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            return decimal(type, decimal, allocator);
        }
        if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
            return timestamp(name, timestamp, allocator);
        }
        boolean isUnsigned = logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned();
        return switch (type.getPrimitiveTypeName()) {
            case INT32 ->
                isUnsigned
                        ? new ArrowColumn(
                                new UInt4Vector(name, allocator),
                                (vector, in, row) -> ((UInt4Vector) vector).setSafe(row, in.getInteger()))
                        : new ArrowColumn(
                                new IntVector(name, allocator),
                                (vector, in, row) -> ((IntVector) vector).setSafe(row, in.getInteger()));
            case INT64 ->
                isUnsigned
                        ? new ArrowColumn(
                                new UInt8Vector(name, allocator),
                                (vector, in, row) -> ((UInt8Vector) vector).setSafe(row, in.getLong()))
                        : new ArrowColumn(
                                new BigIntVector(name, allocator),
                                (vector, in, row) -> ((BigIntVector) vector).setSafe(row, in.getLong()));
            case DOUBLE ->
                new ArrowColumn(
                        new Float8Vector(name, allocator),
                        (vector, in, row) -> ((Float8Vector) vector).setSafe(row, in.getDouble()));
            case FLOAT ->
                new ArrowColumn(
                        new Float4Vector(name, allocator),
                        (vector, in, row) -> ((Float4Vector) vector).setSafe(row, in.getFloat()));
            case BOOLEAN ->
                new ArrowColumn(
                        new BitVector(name, allocator),
                        (vector, in, row) -> ((BitVector) vector).setSafe(row, in.getBoolean() ? 1 : 0));
            case BINARY ->
                new ArrowColumn(
                        new VarCharVector(name, allocator),
                        (vector, in, row) -> ((VarCharVector) vector)
                                .setSafe(row, in.getBinary().getBytes()));
            default -> throw unfit(type);
        };
    }

    private static ArrowColumn timestamp(String name, TimestampLogicalTypeAnnotation type, BufferAllocator allocator) {
        return switch (type.getUnit()) {
            case MILLIS ->
                new ArrowColumn(
                        new TimeStampMilliVector(name, allocator),
                        (vector, in, row) -> ((TimeStampMilliVector) vector).setSafe(row, in.getLong()));
            case MICROS ->
                new ArrowColumn(
                        new TimeStampMicroVector(name, allocator),
                        (vector, in, row) -> ((TimeStampMicroVector) vector).setSafe(row, in.getLong()));
            case NANOS ->
                new ArrowColumn(
                        new TimeStampNanoVector(name, allocator),
                        (vector, in, row) -> ((TimeStampNanoVector) vector).setSafe(row, in.getLong()));
        };
    }

    private static ArrowColumn decimal(
            PrimitiveType type, DecimalLogicalTypeAnnotation decimal, BufferAllocator allocator) {
        if (decimal.getPrecision() > MOST_DIGITS) {
            throw unfit(type);
        }
        int scale = decimal.getScale();
        var empty = new DecimalVector(type.getName(), allocator, decimal.getPrecision(), scale);
        return new ArrowColumn(empty, (vector, in, row) -> {
            BigInteger unscaled = switch (type.getPrimitiveTypeName()) {
                case INT32 -> BigInteger.valueOf(in.getInteger());
                case INT64 -> BigInteger.valueOf(in.getLong());
                default -> new BigInteger(in.getBinary().getBytes());
            };
            ((DecimalVector) vector).setSafe(row, new BigDecimal(unscaled, scale));
        });
    }

    private static IllegalArgumentException unfit(PrimitiveType type) {
        return new IllegalArgumentException(
                "column " + type.getName() + " is " + type
                        + ", must be an integer, a decimal of at most 38 digits, a floating-point number, a boolean, a timestamp or text");
    }

    FieldVector vector() {
        return vector;
    }

    /** Replaces the values by the next ones of the reader. */
    void fill(ColumnReader reader, int rows) {
        vector.reset();
        int most = reader.getDescriptor().getMaxDefinitionLevel();
        for (int row = 0; row < rows; row++) {
            if (reader.getCurrentDefinitionLevel() == most) {
                copy.value(vector, reader, row);
            }
            reader.consume();
        }
        while (vector.getValueCapacity() < rows) {
            vector.reAlloc();
        }
        vector.setValueCount(rows);
    }
}
