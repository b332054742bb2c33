package org.flopledger.telemetry;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Schema;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.internal.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * A batch of step observations, one row each, over Arrow columns.
 *
 * <p>Made by {@link StepBatchBuilder} or from any Arrow root with {@link #wrap}. Columns are found by name in any order; a
 * missing optional column is unknown in every row; columns with other names are never read. Types are checked once, here;
 * values by {@link #validate}.
 *
 * <p>Read only, and safe to read from several threads, until {@link #close}. What {@code wrap} was given stays the
 * caller's to close, after the batch.
 */
public final class StepBatch implements AutoCloseable {

    /** Most rows of one batch. */
    public static final int MAX_ROWS = 1 << 27;

    /** Version of the schema, kept in its metadata; it changes when a column changes its meaning. */
    public static final int SCHEMA_VERSION = StepSchema.VERSION;

    /** Metadata key that holds the version. */
    public static final String SCHEMA_VERSION_KEY = StepSchema.VERSION_KEY;

    private final VectorSchemaRoot root;
    private final DictionaryProvider dictionaries;
    private final int rows;
    private final Columns columns;
    private final AutoCloseable owned;
    private ColumnKernel kernel = Kernels.columnKernel(ArrowMemory.INSTANCE);
    private boolean closed;

    private StepBatch(
            VectorSchemaRoot root, DictionaryProvider dictionaries, int rows, Columns columns, AutoCloseable owned) {
        this.root = root;
        this.dictionaries = dictionaries;
        this.rows = rows;
        this.columns = columns;
        this.owned = owned;
    }

    /** Returns the canonical schema: every {@link StepColumn} in order, text as dictionary indices of 32 bits. */
    public static Schema schema() {
        return StepSchema.arrow();
    }

    /** Returns a builder whose memory comes from {@code allocator}, which the caller closes after the batches. */
    public static StepBatchBuilder builder(BufferAllocator allocator) {
        return new StepBatchBuilder(allocator);
    }

    /**
     * Returns a batch over a root's own memory. Only text columns that are not 32-bit dictionary indices are copied, to
     * memory of the root's allocator that {@link #close} frees.
     *
     * @param root the columns; stays the caller's, and must not change while the batch is open
     * @param dictionaries the dictionaries of encoded text columns
     * @throws IllegalArgumentException if a required column is missing, a column has another type or unit than
     *     {@link #schema}, a buffer is shorter than the row count, or a limit is passed
     */
    public static StepBatch wrap(VectorSchemaRoot root, DictionaryProvider dictionaries) {
        return open(root, dictionaries, () -> {});
    }

    static StepBatch open(VectorSchemaRoot root, DictionaryProvider dictionaries, AutoCloseable alsoOwned) {
        StepSchema.requireVersion(root.getSchema());
        int rows = root.getRowCount();
        if (rows > MAX_ROWS) {
            throw new IllegalArgumentException("step batch has " + rows + " rows, the limit is " + MAX_ROWS);
        }
        Columns columns = Columns.of(root, dictionaries, rows);
        return new StepBatch(root, dictionaries, rows, columns, () -> AutoCloseables.close(columns, alsoOwned));
    }

    /** Returns the number of rows. */
    public int rows() {
        return rows;
    }

    /** Returns the Arrow columns. Read only. */
    public VectorSchemaRoot root() {
        return root;
    }

    /** Returns the dictionaries of the Arrow columns. Read only. */
    public DictionaryProvider dictionaries() {
        return dictionaries;
    }

    /** Returns the runs that {@link #runIndex} points into. */
    public List<String> runs() {
        return columns.texts(StepColumn.RUN);
    }

    /** Returns the sources that {@link #sourceIndex} points into. */
    public List<String> sources() {
        return columns.texts(StepColumn.SOURCE);
    }

    /** Returns the model keys that {@link #modelIndex} points into. */
    public List<String> models() {
        return columns.texts(StepColumn.MODEL);
    }

    /** Returns the index of the row's run in {@link #runs}. The row must be accepted. */
    public int runIndex(int row) {
        return intAt(StepColumn.RUN, row);
    }

    /** Returns the index of the row's source in {@link #sources}. The row must be accepted. */
    public int sourceIndex(int row) {
        return intAt(StepColumn.SOURCE, row);
    }

    /** Returns the index of the row's model in {@link #models}, or -1 if it has none. The row must be accepted. */
    public int modelIndex(int row) {
        return isKnown(StepColumn.MODEL, row) ? intAt(StepColumn.MODEL, row) : -1;
    }

    /** Returns the row's attempt. The row must be accepted. */
    public int attempt(int row) {
        return intAt(StepColumn.ATTEMPT, row);
    }

    /** Returns the row's step. The row must be accepted. */
    public long step(int row) {
        return longAt(StepColumn.STEP, row);
    }

    /** Returns whether a row has a value in a column. */
    public boolean isKnown(StepColumn column, int row) {
        require(row);
        return columns.isKnown(column, row);
    }

    /** Returns an 8-bit or 32-bit value, or a dictionary index. Undefined where {@link #isKnown} is false. */
    public int intAt(StepColumn column, int row) {
        long address = address(column, row);
        return column.kind() == StepColumn.Kind.INT8 ? MemoryUtil.getByte(address) : MemoryUtil.getInt(address);
    }

    /** Returns a 64-bit value; of a decimal, its lower 64 bits. Undefined where {@link #isKnown} is false. */
    public long longAt(StepColumn column, int row) {
        return MemoryUtil.getLong(address(column, row));
    }

    /** Returns the upper 64 bits of a decimal. Undefined where {@link #isKnown} is false. */
    public long upperLongAt(StepColumn column, int row) {
        return MemoryUtil.getLong(address(column, row) + 8);
    }

    /** Returns a floating-point value. Undefined where {@link #isKnown} is false. */
    public double doubleAt(StepColumn column, int row) {
        return Double.longBitsToDouble(longAt(column, row));
    }

    /** Returns a bit. Undefined where {@link #isKnown} is false. */
    public boolean bitAt(StepColumn column, int row) {
        return (MemoryUtil.getByte(values(column, row) + (row >>> 3)) >>> (row & 7) & 1) != 0;
    }

    /** Returns which rows count, and the others by reason. Reads every column once. */
    public Validation validate() {
        requireOpen();
        return new Validator(this).validate();
    }

    /** Returns the native address of a column's values, or 0 if the batch lacks it. For kernels; no API. */
    public long data(StepColumn column) {
        return columns.data(column);
    }

    /** Returns the native address of a column's validity bits, or 0 if it has no nulls. For kernels; no API. */
    public long validity(StepColumn column) {
        return columns.validity(column);
    }

    /** Returns the kernels that fold this batch. No API. */
    public ColumnKernel kernel() {
        requireOpen();
        return kernel;
    }

    /** Folds with another form; for the tests that compare forms. */
    void use(ColumnKernel other) {
        kernel = other;
    }

    /** Frees what the batch owns; no effect the second time. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closeOwned(owned);
        }
    }

    static void closeOwned(@Nullable AutoCloseable owned) {
        AutoCloseables.closeNoChecked(owned);
    }

    private long address(StepColumn column, int row) {
        return values(column, row) + column.kind().bytes(1) * row;
    }

    private long values(StepColumn column, int row) {
        require(row);
        long address = data(column);
        if (address == 0) {
            throw new IllegalStateException("step batch has no column " + column.columnName());
        }
        return address;
    }

    private void require(int row) {
        if (row < 0 || row >= rows) {
            throw new IndexOutOfBoundsException("row " + row + " of a batch of " + rows);
        }
        requireOpen();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("step batch is closed");
        }
    }
}
