package org.flopledger.spark;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.RunState;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Rows on the heap until there are enough of them for a batch: a task that Spark kills cannot free memory outside it. Confined to
 * one thread.
 */
final class TableRows {

    /** Rows of a batch. Spark holds up to 128 states a task: with more rows each would cost the heap too much. */
    static final int MOST_ROWS = 1024;

    private static final int FIRST_ROWS = 8;
    private static final StepColumn[] COLUMNS = StepColumn.values();

    /** One word for each column, and one more for the upper half of a decimal. The run's word holds which are known. */
    private static final int WORDS = COLUMNS.length + 1;

    private static final int KNOWN = StepColumn.RUN.ordinal();
    private static final int UPPER = COLUMNS.length;
    private static final BigInteger TOO_LARGE = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);

    private long[] words = new long[FIRST_ROWS * WORDS];
    private @Nullable String[] texts = new @Nullable String[FIRST_ROWS * COLUMNS.length];
    private int rows;

    /** Begins a row of which nothing is known. */
    void begin() {
        if ((rows + 1) * WORDS > words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
            texts = Arrays.copyOf(texts, 2 * texts.length);
        }
        words[rows * WORDS + KNOWN] = 0;
    }

    /** Sets a number, a truth as 0 or 1, or the bits of a double. */
    void word(StepColumn column, long value) {
        words[rows * WORDS + column.ordinal()] = value;
        known(column);
    }

    void text(StepColumn column, String text) {
        texts[rows * COLUMNS.length + column.ordinal()] = text;
        known(column);
    }

    /** Sets reported FLOP; a fraction or more than 127 bits is kept as what validation rejects. */
    void flop(BigDecimal value) {
        BigInteger whole = value.stripTrailingZeros().scale() <= 0 ? value.toBigInteger() : TOO_LARGE;
        BigInteger bits = whole.bitLength() > 126 ? TOO_LARGE : whole;
        word(StepColumn.REPORTED_FLOP, bits.longValue());
        words[rows * WORDS + UPPER] = bits.shiftRight(64).longValue();
    }

    private void known(StepColumn column) {
        words[rows * WORDS + KNOWN] |= 1L << column.ordinal();
    }

    /** Ends the row, and returns whether there are enough for a batch. */
    boolean end() {
        rows++;
        return rows == MOST_ROWS;
    }

    boolean isEmpty() {
        return rows == 0;
    }

    /** Adds the rows to a state, forgets them, and returns those that were refused, by column and reason. */
    List<RowRejection> moveTo(RunState state) {
        try (RootAllocator memory = new RootAllocator();
                StepBatchBuilder builder = StepBatch.builder(memory)) {
            for (int row = 0; row < rows; row++) {
                append(builder, row);
            }
            try (StepBatch batch = builder.build()) {
                return state.add(batch);
            }
        } finally {
            rows = 0;
        }
    }

    private void append(StepBatchBuilder builder, int row) {
        long known = words[row * WORDS + KNOWN];
        while (known != 0) {
            StepColumn column = COLUMNS[Long.numberOfTrailingZeros(known)];
            known &= known - 1;
            set(builder, column, row);
        }
        builder.append();
    }

    private void set(StepBatchBuilder builder, StepColumn column, int row) {
        long word = words[row * WORDS + column.ordinal()];
        switch (column) {
            case RUN -> builder.run(textAt(column, row));
            case SOURCE -> builder.source(textAt(column, row));
            case MODEL -> builder.model(textAt(column, row));
            case STAGE -> stage(builder, textAt(column, row));
            case PEFT_EVENT, PEFT_METHOD -> builder.value(column, textAt(column, row));
            case STEP -> builder.step(word);
            case TOKENS -> builder.tokens(word);
            case PADDING_TOKENS -> builder.paddingTokens(word);
            case SQUARED_LENGTHS -> builder.squaredLengths(word);
            case STARTED_AT -> builder.startedAtMicros(word);
            case ENDED_AT -> builder.endedAtMicros(word);
            case ATTEMPT, SEQUENCES, DEVICES -> narrow(builder, column, word);
            case REPORTED_FLOP -> reported(builder, words[row * WORDS + UPPER], word);
            case DEVICE_SECONDS -> builder.deviceSeconds(Double.longBitsToDouble(word));
            case UTILISATION -> builder.utilisation(Double.longBitsToDouble(word));
            case ENERGY_JOULES -> builder.energyJoules(Double.longBitsToDouble(word));
            case TOTAL_PARAMETERS -> builder.totalParameters(word);
            case ACTIVE_PARAMETERS -> builder.activeParameters(word);
            case TRAINABLE_PARAMETERS -> builder.trainableParameters(word);
            case GENERATED_TOKENS -> builder.generatedTokens(word);
            case MOE -> builder.moe(word != 0);
        }
    }

    private String textAt(StepColumn column, int row) {
        String text = texts[row * COLUMNS.length + column.ordinal()];
        return text == null ? "" : text;
    }

    private static void stage(StepBatchBuilder builder, String text) {
        for (Stage stage : Stage.values()) {
            if (stage.name().equals(text)) {
                builder.stage(stage);
                return;
            }
        }
        builder.value(StepColumn.STAGE, text);
    }

    private static void narrow(StepBatchBuilder builder, StepColumn column, long word) {
        if (word != (int) word) {
            builder.value(column, word);
            return;
        }
        switch (column) {
            case ATTEMPT -> builder.attempt((int) word);
            case SEQUENCES -> builder.sequences((int) word);
            default -> builder.devices((int) word);
        }
    }

    private static void reported(StepBatchBuilder builder, long high, long low) {
        if (high >= 0) {
            builder.reportedFlop(FlopCount.ofBits(high, low));
        } else {
            BigInteger bits = BigInteger.valueOf(high).shiftLeft(64).add(new BigInteger(Long.toUnsignedString(low)));
            builder.value(StepColumn.REPORTED_FLOP, new BigDecimal(bits));
        }
    }
}
