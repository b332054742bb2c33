package org.flopledger.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;

/**
 * Writes step batches as one Parquet file: ZSTD, row groups of some 64 MiB, the columns that {@code docs/parquet.md} lists.
 *
 * <p>Rows that are not valid are not written. The file can be read once the writer is closed. Confined to one thread.
 */
public final class StepParquetWriter implements AutoCloseable {

    private static final StepColumn[] COLUMNS = StepColumn.values();
    private static final Stage[] STAGES = Stage.values();
    private static final PeftEvent[] EVENTS = PeftEvent.values();
    private static final PeftTechnique[] TECHNIQUES = PeftTechnique.values();

    private final ParquetWriter<Row> out;
    private long rows;

    private record Row(StepBatch batch, int number) {}

    private StepParquetWriter(ParquetWriter<Row> out) {
        this.out = out;
    }

    /**
     * Returns a writer of a new file.
     *
     * @throws IOException if the file exists or cannot be made
     */
    public static StepParquetWriter create(Path file) throws IOException {
        return new StepParquetWriter(RowWriteSupport.open(
                new LocalOutputFile(file),
                StepParquetSchema.steps(),
                Map.of(StepBatch.SCHEMA_VERSION_KEY, Integer.toString(StepBatch.SCHEMA_VERSION)),
                StepParquetWriter::put));
    }

    /**
     * Writes the valid rows of a batch, and returns the others by column and reason.
     *
     * @param batch stays the caller's to close
     */
    public List<RowRejection> write(StepBatch batch) throws IOException {
        Validation validation = batch.validate();
        for (int row = 0; row < batch.rows(); row++) {
            if (validation.isAccepted(row)) {
                out.write(new Row(batch, row));
                rows++;
            }
        }
        return validation.rejections();
    }

    /** Returns how many rows were written. */
    public long rows() {
        return rows;
    }

    /** Finishes the file. */
    @Override
    public void close() throws IOException {
        out.close();
    }

    private static void put(RecordConsumer out, Row row) {
        for (StepColumn column : COLUMNS) {
            if (row.batch.data(column) != 0 && row.batch.isKnown(column, row.number)) {
                out.startField(column.columnName(), column.ordinal());
                put(out, column, row.batch, row.number);
                out.endField(column.columnName(), column.ordinal());
            }
        }
    }

    private static void put(RecordConsumer out, StepColumn column, StepBatch batch, int row) {
        switch (column) {
            case RUN -> text(out, batch.runs().get(batch.runIndex(row)));
            case SOURCE -> text(out, batch.sources().get(batch.sourceIndex(row)));
            case MODEL -> text(out, batch.models().get(batch.modelIndex(row)));
            case STAGE -> text(out, STAGES[batch.intAt(column, row)].name());
            case PEFT_EVENT -> text(out, EVENTS[batch.intAt(column, row)].name());
            case PEFT_METHOD -> text(out, TECHNIQUES[batch.intAt(column, row)].name());
            case ATTEMPT, SEQUENCES, DEVICES -> out.addInteger(batch.intAt(column, row));
            case REPORTED_FLOP ->
                out.addBinary(FlopDecimal.bytes(batch.upperLongAt(column, row), batch.longAt(column, row)));
            case DEVICE_SECONDS, UTILISATION, ENERGY_JOULES -> out.addDouble(batch.doubleAt(column, row));
            case MOE -> out.addBoolean(batch.bitAt(column, row));
            default -> out.addLong(batch.longAt(column, row));
        }
    }

    private static void text(RecordConsumer out, String text) {
        out.addBinary(Binary.fromString(text));
    }
}
