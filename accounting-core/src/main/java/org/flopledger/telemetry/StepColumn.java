package org.flopledger.telemetry;

import java.util.Locale;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * The columns of a step batch, in the order of its canonical schema.
 *
 * <p>One row is one observation of one optimizer step by one source. A null means unknown, never zero.
 *
 * <p>Named in rejections, and by anyone who fills a batch column by column.
 */
public enum StepColumn {
    /** Identity of the run: text. */
    RUN(Kind.TEXT, true),
    /** Start of the run that the step belongs to, counted from 0. */
    ATTEMPT(Kind.INT32, true),
    /** Optimizer step, 0 or more. */
    STEP(Kind.INT64, true),
    /** Who observed the step: a rank, a node, a log. */
    SOURCE(Kind.TEXT, true),
    /** Wall clock at the start of the step, microseconds since 1970 UTC. */
    STARTED_AT(Kind.TIMESTAMP, false),
    /** Wall clock at the end of the step, microseconds since 1970 UTC. */
    ENDED_AT(Kind.TIMESTAMP, false),
    /** Code of a {@link org.flopledger.units.Stage}. */
    STAGE(Kind.INT8, true),
    /** Key of the model description: text. */
    MODEL(Kind.TEXT, false),
    /** Tokens that this source saw go through the model, padding included. */
    TOKENS(Kind.INT64, false),
    /** Of the tokens, padding. */
    PADDING_TOKENS(Kind.INT64, false),
    /** Sequences (documents) in the step. */
    SEQUENCES(Kind.INT32, false),
    /** Sum over the sequences of their squared lengths. */
    SQUARED_LENGTHS(Kind.INT64, false),
    /** FLOP of this step as the framework reported them. */
    REPORTED_FLOP(Kind.DECIMAL, false),
    /** Devices that took part. */
    DEVICES(Kind.INT32, false),
    /** Seconds summed over devices. */
    DEVICE_SECONDS(Kind.FLOAT64, false),
    /** Part of the peak rate that was used, 0 to 1. */
    UTILISATION(Kind.FLOAT64, false),
    /** Energy in joules. */
    ENERGY_JOULES(Kind.FLOAT64, false),
    /** Parameters of the model. */
    TOTAL_PARAMETERS(Kind.INT64, false),
    /** Parameters that take part in one token. */
    ACTIVE_PARAMETERS(Kind.INT64, false),
    /** Parameters that are trained. */
    TRAINABLE_PARAMETERS(Kind.INT64, false),
    /** Whether mixture-of-experts layers were active. */
    MOE(Kind.BIT, false),
    /** Code of a {@link org.flopledger.units.PeftEvent}. */
    PEFT_EVENT(Kind.INT8, false),
    /** Code of a {@link org.flopledger.units.PeftTechnique}. */
    PEFT_METHOD(Kind.INT8, false),
    /**
     * Tokens that sampling produced in this step: forward-only work of the model. They are evidence, not a price: record the
     * sampling as a row of its own stage, whose tokens are what went through the model.
     */
    GENERATED_TOKENS(Kind.INT64, false);

    private final String columnName = name().toLowerCase(Locale.ROOT);
    private final Kind kind;
    private final boolean required;

    StepColumn(Kind kind, boolean required) {
        this.kind = kind;
        this.required = required;
    }

    /** Physical kinds of columns. {@code TEXT} is held as 32-bit dictionary indices. */
    enum Kind {
        TEXT(4, new ArrowType.Utf8()),
        INT8(1, new ArrowType.Int(8, true)),
        INT32(4, new ArrowType.Int(32, true)),
        INT64(8, new ArrowType.Int(64, true)),
        FLOAT64(8, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
        TIMESTAMP(8, new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
        DECIMAL(16, new ArrowType.Decimal(38, 0, 128)),
        BIT(0, new ArrowType.Bool());

        private final int width;

        @SuppressWarnings("ImmutableEnumChecker") // Arrow's types have no setter.
        private final ArrowType type;

        Kind(int width, ArrowType type) {
            this.width = width;
            this.type = type;
        }

        /** Returns the bytes of so many rows of values. */
        long bytes(int rows) {
            return width == 0 ? (rows + 7L) / 8 : (long) width * rows;
        }

        ArrowType type() {
            return type;
        }
    }

    /** Returns the name of the column in an Arrow schema. */
    public String columnName() {
        return columnName;
    }

    /** Returns whether a batch must have the column and a row must have a value in it. */
    public boolean isRequired() {
        return required;
    }

    Kind kind() {
        return kind;
    }
}
