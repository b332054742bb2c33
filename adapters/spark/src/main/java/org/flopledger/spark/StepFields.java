package org.flopledger.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.flopledger.telemetry.StepColumn;

/**
 * The columns of a step table among the fields of a struct, found by name. Integers of any width, decimals, floats, both kinds of
 * timestamp and text are read; fields of other names never are. Confined to one thread, but for its making.
 */
final class StepFields implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Texts that are kept, so that a column of few values makes few strings. */
    private static final int MOST_TEXTS = 4096;

    private enum Kind {
        BYTE,
        SHORT,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        BOOLEAN,
        DECIMAL,
        TEXT
    }

    private record Field(int ordinal, StepColumn column, Kind kind, int precision, int scale) implements Serializable {}

    private final int width;
    private final Field[] fields;
    private transient Map<UTF8String, String> texts = new HashMap<>();

    private StepFields(int width, Field[] fields) {
        this.width = width;
        this.fields = fields;
    }

    /**
     * Returns how to read a struct.
     *
     * @throws IllegalArgumentException if it lacks a column that every row needs, or has one in a type that cannot be read
     */
    static StepFields of(StructType struct) {
        List<Field> fields = new ArrayList<>();
        for (StepColumn column : StepColumn.values()) {
            int ordinal = indexOf(struct, column.columnName());
            if (ordinal >= 0) {
                DataType type = struct.fields()[ordinal].dataType();
                Kind kind = kind(column, type);
                int precision = type instanceof DecimalType decimal ? decimal.precision() : 0;
                int scale = type instanceof DecimalType decimal ? decimal.scale() : 0;
                fields.add(new Field(ordinal, column, kind, precision, scale));
            } else if (column.isRequired()) {
                throw new IllegalArgumentException("the struct has no field " + column.columnName()
                        + ", which every step observation has; it has " + List.of(struct.fieldNames()));
            }
        }
        return new StepFields(struct.length(), fields.toArray(new Field[0]));
    }

    private static int indexOf(StructType struct, String name) {
        String[] names = struct.fieldNames();
        for (int i = 0; i < names.length; i++) {
            if (names[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    private static Kind kind(StepColumn column, DataType type) {
        Kind kind = kind(type);
        boolean isName = column == StepColumn.RUN || column == StepColumn.SOURCE || column == StepColumn.MODEL;
        boolean isCode =
                column == StepColumn.STAGE || column == StepColumn.PEFT_EVENT || column == StepColumn.PEFT_METHOD;
        boolean isTime = column == StepColumn.STARTED_AT || column == StepColumn.ENDED_AT;
        boolean isNumber = kind != Kind.TEXT && (kind != Kind.BOOLEAN || column == StepColumn.MOE);
        boolean isFit =
                isName ? kind == Kind.TEXT : isTime ? kind == Kind.LONG : isNumber || (isCode && kind == Kind.TEXT);
        if (kind == null || !isFit) {
            throw new IllegalArgumentException("field " + column.columnName() + " is " + type.sql() + ", must be "
                    + (isName ? "text" : isTime ? "a timestamp or microseconds since 1970" : "a number or a boolean"));
        }
        return kind;
    }

    private static @org.jspecify.annotations.Nullable Kind kind(DataType type) {
        if (type instanceof StringType) {
            return Kind.TEXT;
        }
        if (type instanceof LongType || type instanceof TimestampType || type instanceof TimestampNTZType) {
            return Kind.LONG;
        }
        if (type instanceof IntegerType) {
            return Kind.INT;
        }
        if (type instanceof ShortType) {
            return Kind.SHORT;
        }
        if (type instanceof ByteType) {
            return Kind.BYTE;
        }
        if (type instanceof DoubleType) {
            return Kind.DOUBLE;
        }
        if (type instanceof FloatType) {
            return Kind.FLOAT;
        }
        if (type instanceof BooleanType) {
            return Kind.BOOLEAN;
        }
        return type instanceof DecimalType ? Kind.DECIMAL : null;
    }

    /** Returns how many fields the struct has. */
    int width() {
        return width;
    }

    /** Adds a row. */
    void read(InternalRow row, RunBuffer into) {
        TableRows rows = into.pending();
        rows.begin();
        for (Field field : fields) {
            if (!row.isNullAt(field.ordinal)) {
                read(row, field, rows);
            }
        }
        into.endRow();
    }

    private void read(InternalRow row, Field field, TableRows into) {
        int at = field.ordinal;
        switch (field.kind) {
            case TEXT -> into.text(field.column, text(row.getUTF8String(at)));
            case LONG -> Values.whole(into, field.column, row.getLong(at));
            case INT -> Values.whole(into, field.column, row.getInt(at));
            case SHORT -> Values.whole(into, field.column, row.getShort(at));
            case BYTE -> Values.whole(into, field.column, row.getByte(at));
            case DOUBLE -> Values.real(into, field.column, row.getDouble(at));
            case FLOAT -> Values.real(into, field.column, row.getFloat(at));
            case BOOLEAN -> into.word(field.column, row.getBoolean(at) ? 1 : 0);
            case DECIMAL -> {
                Decimal value = row.getDecimal(at, field.precision, field.scale);
                Values.decimal(into, field.column, value.toJavaBigDecimal());
            }
        }
    }

    private String text(UTF8String text) {
        Map<UTF8String, String> known = texts;
        if (known == null) {
            known = new HashMap<>();
            texts = known;
        }
        String seen = known.get(text);
        if (seen == null) {
            if (known.size() == MOST_TEXTS) {
                known.clear();
            }
            seen = text.toString();
            // The engine's own bytes change with the next row.
            known.put(text.copy(), seen);
        }
        return seen;
    }
}
