package org.flopledger.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.flopledger.telemetry.StepColumn;

/** The Parquet schema of a step table: the columns of a step batch in their order, codes and keys as text. */
final class StepParquetSchema {

    static final int DECIMAL_BYTES = 16;
    static final int DECIMAL_DIGITS = 38;

    private StepParquetSchema() {}

    static MessageType steps() {
        List<Type> fields = new ArrayList<>();
        for (StepColumn column : StepColumn.values()) {
            fields.add(field(column));
        }
        return new MessageType("step_batch", fields);
    }

    private static Type field(StepColumn column) {
        Type.Repetition repetition = column.isRequired() ? Type.Repetition.REQUIRED : Type.Repetition.OPTIONAL;
        String name = column.columnName();
        return switch (column) {
            case RUN, SOURCE, STAGE, MODEL, PEFT_EVENT, PEFT_METHOD -> text(repetition, name);
            case ATTEMPT, SEQUENCES, DEVICES -> new PrimitiveType(repetition, INT32, name);
            case STARTED_AT, ENDED_AT ->
                Types.primitive(INT64, repetition)
                        .as(timestampType(true, TimeUnit.MICROS))
                        .named(name);
            case REPORTED_FLOP -> flop(repetition, name);
            case DEVICE_SECONDS, UTILISATION, ENERGY_JOULES -> new PrimitiveType(repetition, DOUBLE, name);
            case MOE -> new PrimitiveType(repetition, BOOLEAN, name);
            default -> new PrimitiveType(repetition, INT64, name);
        };
    }

    static PrimitiveType text(Type.Repetition repetition, String name) {
        return Types.primitive(BINARY, repetition).as(stringType()).named(name);
    }

    /** Returns a field of whole FLOP below 10^38. */
    static PrimitiveType flop(Type.Repetition repetition, String name) {
        return Types.primitive(FIXED_LEN_BYTE_ARRAY, repetition)
                .length(DECIMAL_BYTES)
                .as(decimalType(0, DECIMAL_DIGITS))
                .named(name);
    }
}
