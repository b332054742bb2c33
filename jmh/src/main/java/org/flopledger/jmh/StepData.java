package org.flopledger.jmh;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.flopledger.telemetry.StepBatch;

/**
 * The same rows for every contender: step batches for us, and a query over {@code range} for DuckDB that gives equal values.
 *
 * <p>A row is a function of its number alone. Integer arithmetic stays below 2^63, so that Java and SQL agree.
 */
public final class StepData implements AutoCloseable {

    /** Runs in the data. */
    public static final int RUNS = 256;

    /** Rows of a batch: what a ledger would be handed at once. */
    public static final int BATCH_ROWS = 1 << 15;

    private static final List<String> COLUMNS =
            List.of("run", "attempt", "step", "source", "stage", "model", "tokens", "squared_lengths");

    private final List<AutoCloseable> owned = new ArrayList<>();
    private final List<StepBatch> batches = new ArrayList<>();
    private final BufferAllocator allocator;
    private final long rows;

    /** How runs follow each other. */
    public enum Order {
        /** Each run is one stretch of rows. */
        CLUSTERED,
        /** Every row is of a run at random. */
        INTERLEAVED;

        /** Returns the run of a row out of {@code rows}. */
        int run(long row, long rows) {
            return this == CLUSTERED
                    ? (int) (row * RUNS / rows)
                    : (int) (((row * row % 1_000_003) * 7919 + row * 48_271) % 2_147_483_647L % RUNS);
        }

        String sqlRun(long rows) {
            return this == CLUSTERED
                    ? "(i * " + RUNS + " // " + rows + ")::INTEGER"
                    : "(((i * i % 1000003) * 7919 + i * 48271) % 2147483647 % " + RUNS + ")::INTEGER";
        }
    }

    private StepData(BufferAllocator allocator, long rows) {
        this.allocator = allocator;
        this.rows = rows;
    }

    /** Returns so many rows in batches, in native memory. */
    public static StepData of(Order order, long rows) {
        BufferAllocator allocator = new RootAllocator();
        StepData data = new StepData(allocator, rows);
        data.owned.add(allocator);
        for (long from = 0; from < rows; from += BATCH_ROWS) {
            data.add(order, from, (int) Math.min(BATCH_ROWS, rows - from));
        }
        return data;
    }

    private void add(Order order, long from, int count) {
        List<FieldVector> vectors = new ArrayList<>();
        for (Field field : StepBatch.schema().getFields()) {
            if (COLUMNS.contains(field.getName())) {
                FieldVector vector = field.createVector(allocator);
                ((BaseFixedWidthVector) vector).allocateNew(count);
                vectors.add(vector);
            }
        }
        VectorSchemaRoot root = new VectorSchemaRoot(vectors);
        for (int i = 0; i < count; i++) {
            setRow(root, i, from + i, order.run(from + i, rows));
        }
        root.setRowCount(count);
        DictionaryProvider dictionaries = dictionaries(root);
        StepBatch batch = StepBatch.wrap(root, dictionaries);
        batches.add(batch);
        owned.add(0, root);
        owned.add(0, batch);
    }

    private static void setRow(VectorSchemaRoot root, int at, long row, int run) {
        ((IntVector) root.getVector("run")).set(at, run);
        ((IntVector) root.getVector("attempt")).set(at, run % 3);
        ((BigIntVector) root.getVector("step")).set(at, row);
        ((IntVector) root.getVector("source")).set(at, 0);
        ((TinyIntVector) root.getVector("stage")).set(at, 1 + run % 4);
        ((IntVector) root.getVector("model")).set(at, run % 8);
        long tokens = tokens(row);
        ((BigIntVector) root.getVector("tokens")).set(at, tokens);
        ((BigIntVector) root.getVector("squared_lengths")).set(at, tokens * 8192);
    }

    private static long tokens(long row) {
        return 4_194_304 - row * 48_271 % 65_521;
    }

    private DictionaryProvider dictionaries(VectorSchemaRoot root) {
        DictionaryProvider.MapDictionaryProvider provider = new DictionaryProvider.MapDictionaryProvider();
        for (String name : List.of("run", "source", "model")) {
            VarCharVector texts = new VarCharVector(name, allocator);
            texts.allocateNew();
            int entries = "source".equals(name) ? 1 : RUNS;
            for (int i = 0; i < entries; i++) {
                texts.setSafe(i, (name + "-" + i).getBytes(StandardCharsets.UTF_8));
            }
            texts.setValueCount(entries);
            owned.add(0, texts);
            provider.put(new Dictionary(texts, root.getVector(name).getField().getDictionary()));
        }
        return provider;
    }

    /** Returns the batches. */
    public List<StepBatch> batches() {
        return batches;
    }

    /** Returns the number of rows. */
    public long rows() {
        return rows;
    }

    /** Returns the native memory that the batches hold. */
    public long nativeBytes() {
        return allocator.getAllocatedMemory();
    }

    /** Returns the bytes of a row in the columns that a batch has: the values, and a validity bit for each of eight columns. */
    public static int bytesPerRow() {
        return 4 + 4 + 8 + 4 + 1 + 4 + 8 + 8 + 1;
    }

    /** Returns SQL that makes a table {@code steps} of equal rows; runs and models as their numbers. */
    public static String createTable(Order order, long rows) {
        return "CREATE OR REPLACE TABLE steps AS SELECT run, (run % 3)::INTEGER AS attempt, i AS step, "
                + "(1 + run % 4)::TINYINT AS stage, (run % 8)::INTEGER AS model, tokens, tokens * 8192 AS squared_lengths "
                + "FROM (SELECT i, " + order.sqlRun(rows)
                + " AS run, 4194304 - i * 48271 % 65521 AS tokens FROM range(" + rows + ") t(i))";
    }

    /** Returns SQL that asks of the table what a fold gives. */
    public static String groupBy() {
        return "SELECT run, attempt, stage, model, count(*), sum(tokens), sum(squared_lengths), min(step), max(step) "
                + "FROM steps GROUP BY run, attempt, stage, model ORDER BY run, attempt, stage, model";
    }

    @Override
    public void close() {
        AutoCloseables.closeNoChecked(() -> AutoCloseables.close(owned));
    }
}
