package org.flopledger.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.flopledger.telemetry.LenientArrow;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;

/**
 * Reads step tables from Parquet files: those of {@link StepParquetWriter}, and those of others whose columns have the names of a
 * step batch, with whatever integers, timestamps, decimals and text they hold. Other columns are never read.
 */
public final class StepParquet {

    /** Rows of a batch that is handed over. */
    private static final int BATCH_ROWS = 1 << 16;

    private StepParquet() {}

    /**
     * Reads a file and hands over its rows in batches, which are closed afterwards.
     *
     * @param reading what rows have that lack an attempt, a source or a stage
     * @param taker takes a batch, and must not keep it
     * @return how many rows were read
     * @throws IOException if the file cannot be read: it is damaged, passes a limit, is compressed by a codec other than ZSTD, Snappy
     *     and GZIP, or has a column of a step batch in a type that nothing of it can be read from
     */
    public static long read(Path file, BufferAllocator allocator, LenientArrow reading, Consumer<StepBatch> taker)
            throws IOException {
        try (ParquetSource source = ParquetSource.open(file)) {
            requireVersion(file, source.metadata(StepBatch.SCHEMA_VERSION_KEY));
            MessageType columns = columns(file, source.schema());
            source.select(columns);
            List<ArrowColumn> vectors = new ArrayList<>();
            try {
                for (Type type : columns.getFields()) {
                    vectors.add(ArrowColumn.of(type.asPrimitiveType(), allocator));
                }
                return read(source, columns, vectors, batch(allocator, vectors, reading, taker));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            } finally {
                vectors.forEach(column -> column.vector().close());
            }
        }
    }

    private static void requireVersion(Path file, @org.jspecify.annotations.Nullable String version)
            throws IOException {
        if (version != null && !version.equals(Integer.toString(StepBatch.SCHEMA_VERSION))) {
            throw new IOException(
                    file + ": has step batches of version " + version + ", must be " + StepBatch.SCHEMA_VERSION);
        }
    }

    private static MessageType columns(Path file, MessageType schema) throws IOException {
        List<Type> fields = new ArrayList<>();
        for (StepColumn column : StepColumn.values()) {
            if (schema.containsField(column.columnName())) {
                Type type = schema.getType(column.columnName());
                if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
                    throw new IOException(
                            file + ": column " + type.getName() + " is nested, must have one value a row");
                }
                fields.add(type);
            } else if (column == StepColumn.RUN || column == StepColumn.STEP) {
                throw new IOException(file + ": has no column " + column.columnName() + ", is no step table");
            }
        }
        return new MessageType(schema.getName(), fields);
    }

    /** Takes so many rows that lie in the vectors. */
    private interface Taker {
        void take(int rows);
    }

    private static Taker batch(
            BufferAllocator allocator, List<ArrowColumn> columns, LenientArrow reading, Consumer<StepBatch> taker) {
        List<FieldVector> vectors = columns.stream().map(ArrowColumn::vector).toList();
        var dictionaries = new DictionaryProvider.MapDictionaryProvider();
        return rows -> {
            // Not closed: the vectors are used again.
            VectorSchemaRoot root = new VectorSchemaRoot(
                    vectors.stream().map(FieldVector::getField).toList(), vectors, rows);
            try (StepBatch batch = reading.read(root, dictionaries, allocator, run -> null)) {
                taker.accept(batch);
            }
        };
    }

    private static long read(ParquetSource source, MessageType columns, List<ArrowColumn> vectors, Taker taker)
            throws IOException {
        long all = 0;
        ParquetSource.RowGroup group = source.next(columns);
        while (group != null) {
            for (long done = 0; done < group.rows(); ) {
                int rows = (int) Math.min(BATCH_ROWS, group.rows() - done);
                fill(source, group, vectors, rows);
                taker.take(rows);
                done += rows;
            }
            all += group.rows();
            group = source.next(columns);
        }
        return all;
    }

    private static void fill(ParquetSource source, ParquetSource.RowGroup group, List<ArrowColumn> vectors, int rows)
            throws IOException {
        try {
            for (int i = 0; i < vectors.size(); i++) {
                vectors.get(i).fill(group.columns().get(i), rows);
            }
        } catch (RuntimeException e) {
            throw source.broken(e);
        }
    }
}
