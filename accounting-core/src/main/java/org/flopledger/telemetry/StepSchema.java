package org.flopledger.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The canonical Arrow schema of a step batch, version 1. */
final class StepSchema {

    /** Version of the schema, kept in its metadata; it changes when a column changes its meaning. */
    static final int VERSION = 1;

    /** Metadata key that holds the version. */
    static final String VERSION_KEY = "flopledger.step_batch";

    private static final ArrowType INDEX = new ArrowType.Int(32, true);

    private StepSchema() {}

    /** Returns the schema: every {@link StepColumn} in order, text as dictionary indices of 32 bits. */
    static Schema arrow() {
        List<Field> fields = new ArrayList<>();
        for (StepColumn column : StepColumn.values()) {
            fields.add(field(column));
        }
        return new Schema(fields, Map.of(VERSION_KEY, Integer.toString(VERSION)));
    }

    static Field field(StepColumn column) {
        boolean nullable = !column.isRequired();
        if (column.kind() != StepColumn.Kind.TEXT) {
            return new Field(
                    column.columnName(), new FieldType(nullable, column.kind().type(), null), null);
        }
        return new Field(column.columnName(), new FieldType(nullable, INDEX, encoding(column)), null);
    }

    static DictionaryEncoding encoding(StepColumn column) {
        return new DictionaryEncoding(column.ordinal(), false, (ArrowType.Int) INDEX);
    }

    /** Refuses a schema that says it is of another version. */
    static void requireVersion(Schema schema) {
        Map<String, String> metadata = schema.getCustomMetadata();
        String version = metadata == null ? null : metadata.get(VERSION_KEY);
        if (version != null && !version.equals(Integer.toString(VERSION))) {
            throw new IllegalArgumentException(
                    "step batch schema has version " + version + ", must be " + VERSION + " or not say");
        }
    }
}
