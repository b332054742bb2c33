package org.flopledger.parquet;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/** Writes and reads tables of totals as Parquet files, one row a run; {@code docs/parquet.md} lists the columns. */
public final class TotalsParquet {

    private static final String VERSION_KEY = "flopledger.totals";
    private static final String VERSION = "1";
    private static final MessageType SCHEMA = schema();

    private TotalsParquet() {}

    private static MessageType schema() {
        Type.Repetition required = Type.Repetition.REQUIRED;
        return new MessageType(
                "run_totals",
                StepParquetSchema.text(required, "run"),
                new PrimitiveType(required, PrimitiveTypeName.INT32, "attempts"),
                new PrimitiveType(required, PrimitiveTypeName.INT64, "observations"),
                new PrimitiveType(required, PrimitiveTypeName.INT64, "covered"),
                StepParquetSchema.flop(required, "low"),
                StepParquetSchema.flop(required, "best"),
                StepParquetSchema.flop(required, "high"),
                StepParquetSchema.flop(required, "executed"),
                StepParquetSchema.flop(required, "retained"),
                StepParquetSchema.flop(required, "discarded"),
                StepParquetSchema.flop(required, "tokens"),
                new PrimitiveType(Type.Repetition.OPTIONAL, PrimitiveTypeName.BINARY, "state"));
    }

    /**
     * Writes a new file.
     *
     * @throws IOException if the file exists or cannot be made
     * @throws ArithmeticException if a sum has more than 38 digits
     */
    public static void write(Path file, List<TotalsRow> rows) throws IOException {
        try (ParquetWriter<TotalsRow> out = RowWriteSupport.open(
                new LocalOutputFile(file), SCHEMA, Map.of(VERSION_KEY, VERSION), TotalsParquet::put)) {
            for (TotalsRow row : rows) {
                out.write(row);
            }
        }
    }

    private static void put(RecordConsumer out, TotalsRow row) {
        int field = 0;
        put(out, field++, () -> out.addBinary(Binary.fromString(row.run())));
        put(out, field++, () -> out.addInteger(row.attempts()));
        put(out, field++, () -> out.addLong(row.observations()));
        put(out, field++, () -> out.addLong(row.covered()));
        for (FlopCount flop : List.of(
                row.total().low(),
                row.total().best(),
                row.total().high(),
                row.executed(),
                row.retained(),
                row.discarded())) {
            put(out, field++, () -> out.addBinary(FlopDecimal.bytes(flop)));
        }
        put(out, field++, () -> out.addBinary(FlopDecimal.bytes(row.tokens())));
        byte[] state = row.state();
        if (state != null) {
            put(out, field, () -> out.addBinary(Binary.fromConstantByteArray(state)));
        }
    }

    private static void put(RecordConsumer out, int field, Runnable value) {
        String name = SCHEMA.getFieldName(field);
        out.startField(name, field);
        value.run();
        out.endField(name, field);
    }

    /**
     * Reads what {@link #write} wrote, or another writer of the same columns.
     *
     * @throws IOException if the file is damaged or no table of totals
     */
    public static List<TotalsRow> read(Path file) throws IOException {
        try (ParquetSource source = ParquetSource.open(file)) {
            if (!VERSION.equals(source.metadata(VERSION_KEY))
                    || !source.schema().equals(SCHEMA)) {
                throw new IOException(file + ": is no table of totals of version " + VERSION);
            }
            List<TotalsRow> rows = new ArrayList<>();
            ParquetSource.RowGroup group = source.next(SCHEMA);
            while (group != null) {
                for (long row = 0; row < group.rows(); row++) {
                    rows.add(row(source, group.columns()));
                }
                group = source.next(SCHEMA);
            }
            return rows;
        }
    }

    private static TotalsRow row(ParquetSource source, List<ColumnReader> columns) throws IOException {
        try {
            TotalsRow row = new TotalsRow(
                    columns.get(0).getBinary().toStringUsingUTF8(),
                    columns.get(1).getInteger(),
                    columns.get(2).getLong(),
                    columns.get(3).getLong(),
                    new FlopBounds(flop(columns.get(4)), flop(columns.get(5)), flop(columns.get(6))),
                    flop(columns.get(7)),
                    flop(columns.get(8)),
                    flop(columns.get(9)),
                    new BigInteger(columns.get(10).getBinary().getBytes()),
                    state(columns.get(11)));
            columns.forEach(ColumnReader::consume);
            return row;
        } catch (RuntimeException e) {
            throw source.broken(e);
        }
    }

    private static FlopCount flop(ColumnReader column) {
        return FlopCount.of(new BigInteger(column.getBinary().getBytes()));
    }

    private static byte @Nullable [] state(ColumnReader column) {
        boolean isKnown =
                column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel();
        return isKnown ? column.getBinary().getBytes() : null;
    }
}
