package org.flopledger.spark;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Aggregator;
import org.flopledger.telemetry.StepColumn;
import org.jspecify.annotations.Nullable;

/**
 * Folds the step observations of one run into the bytes of its {@link org.flopledger.RunState}, for typed Datasets: {@code
 * steps.groupByKey(run).agg(new LedgerAggregator().toColumn())}. Columns are found by name, as by {@code ledger_build}.
 */
public final class LedgerAggregator extends Aggregator<Row, RunBuffer, byte[]> {

    private static final long serialVersionUID = 1L;

    private static final StepColumn[] COLUMNS = StepColumn.values();

    /** Makes an aggregator. */
    public LedgerAggregator() {}

    @Override
    public RunBuffer zero() {
        return new RunBuffer();
    }

    @Override
    public RunBuffer reduce(RunBuffer buffer, Row row) {
        TableRows rows = buffer.pending();
        rows.begin();
        String[] names = row.schema().fieldNames();
        for (int i = 0; i < names.length; i++) {
            StepColumn column = column(names[i]);
            if (column != null && !row.isNullAt(i)) {
                set(rows, column, row.get(i));
            }
        }
        buffer.endRow();
        return buffer;
    }

    private static @Nullable StepColumn column(String name) {
        for (StepColumn column : COLUMNS) {
            if (column.columnName().equals(name)) {
                return column;
            }
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.equals(name) ? null : column(lower);
    }

    private static void set(TableRows rows, StepColumn column, Object value) {
        boolean isName = column == StepColumn.RUN || column == StepColumn.SOURCE || column == StepColumn.MODEL;
        boolean isCode =
                column == StepColumn.STAGE || column == StepColumn.PEFT_EVENT || column == StepColumn.PEFT_METHOD;
        boolean isTime = column == StepColumn.STARTED_AT || column == StepColumn.ENDED_AT;
        if ((isName || isCode) && value instanceof String text) {
            rows.text(column, text);
        } else if (isTime) {
            rows.word(column, ChronoUnit.MICROS.between(Instant.EPOCH, instant(column, value)));
        } else if (isName) {
            throw unreadable(column, value);
        } else if (value instanceof BigDecimal decimal) {
            Values.decimal(rows, column, decimal);
        } else if (value instanceof Double || value instanceof Float) {
            Values.real(rows, column, ((Number) value).doubleValue());
        } else if (value instanceof Number number) {
            Values.whole(rows, column, number.longValue());
        } else if (value instanceof Boolean truth && column == StepColumn.MOE) {
            rows.word(column, truth ? 1 : 0);
        } else {
            throw unreadable(column, value);
        }
    }

    private static IllegalArgumentException unreadable(StepColumn column, Object value) {
        return new IllegalArgumentException(
                "column " + column.columnName() + " holds a " + value.getClass().getName() + ", which cannot be read");
    }

    private static Instant instant(StepColumn column, Object value) {
        if (value instanceof Timestamp time) {
            return time.toInstant();
        }
        if (value instanceof LocalDateTime time) {
            return time.toInstant(ZoneOffset.UTC);
        }
        if (value instanceof Instant time) {
            return time;
        }
        throw unreadable(column, value);
    }

    @Override
    public RunBuffer merge(RunBuffer buffer, RunBuffer other) {
        return buffer.merge(other);
    }

    @Override
    public byte[] finish(RunBuffer buffer) {
        return buffer.state().toBytes();
    }

    @Override
    public Encoder<RunBuffer> bufferEncoder() {
        return Encoders.javaSerialization(RunBuffer.class);
    }

    @Override
    public Encoder<byte[]> outputEncoder() {
        return Encoders.BINARY();
    }
}
