package org.flopledger.telemetry;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Reads step batches out of Arrow roots whose columns have the names of {@link StepBatch#schema} but other types: integers of any
 * width, timestamps of any unit (without a zone they are UTC), stages and PEFT codes as text, decimals as integers, text with
 * or without a dictionary. What a required column lacks is filled in by the defaults given here. Values are copied.
 *
 * <p>A value that fits no column's range is kept as one that validation rejects, for its row only. Immutable and thread-safe.
 *
 * <p>For tables that another tool wrote, without converting them first.
 */
public final class LenientArrow {

    private static final BigInteger MOST_FLOP = BigInteger.ONE.shiftLeft(127);

    private final @Nullable Integer attempt;
    private final @Nullable String source;
    private final @Nullable Stage stage;

    private LenientArrow(@Nullable Integer attempt, @Nullable String source, @Nullable Stage stage) {
        this.attempt = attempt;
        this.source = source;
        this.stage = stage;
    }

    /** Returns a reader without defaults: rows that lack what is required are rejected. */
    public static LenientArrow types() {
        return new LenientArrow(null, null, null);
    }

    /** Returns a reader that takes rows without an attempt for this one. */
    public LenientArrow withAttempt(int number) {
        return new LenientArrow(number, source, stage);
    }

    /** Returns a reader that takes rows without a source for this one's. */
    public LenientArrow withSource(String name) {
        return new LenientArrow(attempt, name, stage);
    }

    /** Returns a reader that takes rows without a stage for this one's. */
    public LenientArrow withStage(Stage known) {
        return new LenientArrow(attempt, source, known);
    }

    /**
     * Returns a batch of all rows; close it.
     *
     * @param modelOf the model of a run, for rows without one; may return null
     * @throws IllegalArgumentException if a column of a known name has a type that nothing of it can be read from
     */
    public StepBatch read(
            VectorSchemaRoot root,
            DictionaryProvider dictionaries,
            BufferAllocator allocator,
            Function<String, @Nullable String> modelOf) {
        StepSchema.requireVersion(root.getSchema());
        FieldVector[] vectors = new FieldVector[StepColumn.values().length];
        for (FieldVector vector : root.getFieldVectors()) {
            for (StepColumn column : StepColumn.values()) {
                if (column.columnName().equals(vector.getName())) {
                    vectors[column.ordinal()] = vector;
                }
            }
        }
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (int row = 0; row < root.getRowCount(); row++) {
                append(builder, vectors, dictionaries, row, modelOf);
            }
            return builder.build();
        }
    }

    private void append(
            StepBatchBuilder builder,
            @Nullable FieldVector[] vectors,
            DictionaryProvider dictionaries,
            int row,
            Function<String, @Nullable String> modelOf) {
        String run = null;
        boolean hasModel = false;
        boolean[] known = new boolean[vectors.length];
        for (StepColumn column : StepColumn.values()) {
            FieldVector vector = vectors[column.ordinal()];
            Object value = vector == null ? null : value(column, vector, dictionaries, row);
            if (value != null) {
                known[column.ordinal()] = true;
                set(builder, column, value);
                run = column == StepColumn.RUN ? value.toString() : run;
                hasModel |= column == StepColumn.MODEL;
            }
        }
        if (!known[StepColumn.ATTEMPT.ordinal()] && attempt != null) {
            builder.attempt(attempt);
        }
        if (!known[StepColumn.SOURCE.ordinal()] && source != null) {
            builder.source(source);
        }
        if (!known[StepColumn.STAGE.ordinal()] && stage != null) {
            builder.stage(stage);
        }
        String model = run == null || hasModel ? null : modelOf.apply(run);
        if (model != null) {
            builder.model(model);
        }
        builder.append();
    }

    private static @Nullable Object value(
            StepColumn column, FieldVector vector, DictionaryProvider dictionaries, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        if (vector instanceof TimeStampVector times) {
            return micros(column, times, row);
        }
        DictionaryEncoding encoding = vector.getField().getDictionary();
        if (encoding == null) {
            return vector.getObject(row);
        }
        Dictionary dictionary = dictionaries.lookup(encoding.getId());
        if (dictionary == null || !(vector.getObject(row) instanceof Number index)) {
            throw new IllegalArgumentException(
                    "column " + column.columnName() + ": dictionary " + encoding.getId() + " is not given");
        }
        boolean isThere = index.longValue() >= 0
                && index.longValue() < dictionary.getVector().getValueCount();
        // No entry is no text: rejected for its length.
        return isThere ? dictionary.getVector().getObject(index.intValue()) : "";
    }

    private static Long micros(StepColumn column, TimeStampVector times, int row) {
        long raw = times.get(row);
        TimeUnit unit = ((ArrowType.Timestamp) times.getField().getType()).getUnit();
        try {
            return switch (unit) {
                case SECOND -> Math.multiplyExact(raw, 1_000_000L);
                case MILLISECOND -> Math.multiplyExact(raw, 1_000L);
                case MICROSECOND -> raw;
                case NANOSECOND -> Math.floorDiv(raw, 1_000L);
            };
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "column " + column.columnName() + ": row " + row + " is " + raw + " " + unit
                            + ", out of the range of microseconds",
                    e);
        }
    }

    static void set(StepBatchBuilder builder, StepColumn column, Object value) {
        switch (column.kind()) {
            case TEXT -> builder.text(column, value.toString());
            case INT8 -> builder.code(column, code(column, value, constants(column)));
            case INT32 -> builder.integer(column, integer(column, value));
            case INT64 -> builder.number(column, whole(column, value));
            case TIMESTAMP -> builder.micros(column, whole(column, value));
            case FLOAT64 -> builder.real(column, number(column, value).doubleValue());
            case BIT -> builder.moe(value instanceof Boolean bit ? bit : whole(column, value) != 0);
            case DECIMAL -> reported(builder, column, value);
        }
    }

    private static Enum<?>[] constants(StepColumn column) {
        return switch (column) {
            case STAGE -> Stage.values();
            case PEFT_EVENT -> PeftEvent.values();
            default -> PeftTechnique.values();
        };
    }

    private static void reported(StepBatchBuilder builder, StepColumn column, Object value) {
        BigDecimal flop = value instanceof BigDecimal decimal
                ? decimal
                : new BigDecimal(number(column, value).toString());
        boolean isWhole = flop.stripTrailingZeros().scale() <= 0;
        BigInteger bits = isWhole && flop.precision() - flop.scale() < 60 ? flop.toBigInteger() : MOST_FLOP;
        if (bits.abs().compareTo(MOST_FLOP) >= 0) {
            bits = MOST_FLOP.subtract(BigInteger.ONE);
        }
        builder.reportedBits(bits.shiftRight(64).longValue(), bits.longValue());
    }

    private static int code(StepColumn column, Object value, Enum<?>[] constants) {
        if (value instanceof Number) {
            long code = whole(column, value);
            return code >= 0 && code < constants.length ? (int) code : -1;
        }
        String name = value.toString()
                .strip()
                .toUpperCase(Locale.ROOT)
                .replace('-', '_')
                .replace(' ', '_');
        return Arrays.stream(constants)
                .filter(constant -> constant.name().equals(name))
                .mapToInt(Enum::ordinal)
                .findFirst()
                .orElse(-1);
    }

    private static int integer(StepColumn column, Object value) {
        long whole = whole(column, value);
        return whole == (int) whole ? (int) whole : whole < 0 ? -1 : RowCheck.TOO_LARGE_INT;
    }

    private static long whole(StepColumn column, Object value) {
        Number number = number(column, value);
        if (number instanceof Double || number instanceof Float) {
            double real = number.doubleValue();
            // A fraction, or what is no number, is no count.
            return real == Math.rint(real) && Math.abs(real) < 0x1p63 ? (long) real : RowCheck.TOO_LARGE;
        }
        return number.longValue();
    }

    private static Number number(StepColumn column, Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException("column " + column.columnName() + ": cannot be read as a number");
    }
}
