package org.flopledger.journal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.flopledger.journal.ArrowMessages.Column;
import org.flopledger.journal.ArrowMessages.Columns;

/**
 * The columns of one segment: those that have held a value. A column that never did costs no byte; when it first does, a
 * new segment begins.
 *
 * @param fields the columns as in memory: a dictionary column has the type of its codes
 */
record SegmentSchema(List<Field> fields) {

    private static final ArrowType.Int CODE = new ArrowType.Int(32, true);

    SegmentSchema {
        fields = List.copyOf(fields);
    }

    /** Returns this schema with those columns of a batch that hold a value and are not in it; this very object if none. */
    SegmentSchema with(VectorSchemaRoot root) {
        List<Field> all = new ArrayList<>(fields);
        for (FieldVector vector : root.getFieldVectors()) {
            boolean isKnown = fields.stream().anyMatch(field -> field.getName().equals(vector.getName()));
            if (!isKnown && vector.getNullCount() < root.getRowCount()) {
                all.add(inMemory(vector.getField()));
            }
        }
        return all.size() == fields.size() ? this : new SegmentSchema(all);
    }

    /** Returns the schema as Arrow writes it, with the journal's words in its metadata. */
    Schema onDisk(Map<String, String> metadata) {
        List<Field> written = new ArrayList<>();
        for (Field field : fields) {
            DictionaryEncoding encoding = field.getDictionary();
            written.add(
                    encoding == null
                            ? field
                            : new Field(
                                    field.getName(),
                                    new FieldType(field.isNullable(), ArrowType.Utf8.INSTANCE, encoding),
                                    null));
        }
        return new Schema(written, new LinkedHashMap<>(metadata));
    }

    static SegmentSchema ofDisk(Schema schema) {
        return new SegmentSchema(
                schema.getFields().stream().map(SegmentSchema::inMemory).toList());
    }

    private static Field inMemory(Field field) {
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding == null) {
            return new Field(field.getName(), new FieldType(field.isNullable(), field.getType(), null), null);
        }
        DictionaryEncoding asCode = new DictionaryEncoding(encoding.getId(), false, CODE);
        return new Field(field.getName(), new FieldType(field.isNullable(), CODE, asCode), null);
    }

    /** Returns the columns of a batch without rows. */
    Columns empty() {
        return new Columns(
                0, fields.stream().map(field -> new Column(0, List.of(0, 0))).toList());
    }
}
