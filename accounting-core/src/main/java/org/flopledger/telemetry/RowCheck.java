package org.flopledger.telemetry;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.flopledger.internal.kernel.RealRange;
import org.flopledger.telemetry.RowRejection.Reason;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** The rules for one value of one row; the column checks of {@link Validator} are short cuts for these. */
final class RowCheck {

    /** Columns that are always checked row by row: they are rare, or their rule is not an extreme of the column. */
    static final StepColumn[] BY_ROW = EnumSet.range(StepColumn.PADDING_TOKENS, StepColumn.GENERATED_TOKENS).stream()
            .filter(column ->
                    column != StepColumn.SEQUENCES && column != StepColumn.SQUARED_LENGTHS && column != StepColumn.MOE)
            .toArray(StepColumn[]::new);

    /** Reported FLOP are below 2^100 (1.3e30) a step: a million times what the largest runs take in all. */
    private static final int REPORTED_BITS_ABOVE_LONG = 36;

    /** Stands for a count of 2^63 or more. */
    static final long TOO_LARGE = Long.MIN_VALUE;

    /** Stands for a count of 2^31 or more where there is room for less. */
    static final int TOO_LARGE_INT = Integer.MIN_VALUE;

    private final StepBatch batch;
    private final Map<StepColumn, Integer> entries = new EnumMap<>(StepColumn.class);

    RowCheck(StepBatch batch) {
        this.batch = batch;
        count(StepColumn.RUN, batch.runs());
        count(StepColumn.SOURCE, batch.sources());
        count(StepColumn.MODEL, batch.models());
    }

    private void count(StepColumn column, List<String> texts) {
        entries.put(column, texts.size());
    }

    /** Returns the number of dictionary entries of a text column. */
    int entries(StepColumn column) {
        return entries.getOrDefault(column, 0);
    }

    /** Returns what is wrong with a row in one column, or null if nothing is. */
    @Nullable
    Reason fault(StepColumn column, int row) {
        if (!batch.isKnown(column, row)) {
            return column.isRequired() ? Reason.MISSING : null;
        }
        return switch (column) {
            case RUN, SOURCE, MODEL -> indexFault(column, row);
            case STAGE -> codeFault(column, row, Stage.values().length);
            case PEFT_EVENT -> codeFault(column, row, PeftEvent.values().length);
            case PEFT_METHOD -> codeFault(column, row, PeftTechnique.values().length);
            case STEP,
                    TOKENS,
                    SQUARED_LENGTHS,
                    TOTAL_PARAMETERS,
                    ACTIVE_PARAMETERS,
                    TRAINABLE_PARAMETERS,
                    GENERATED_TOKENS -> countFault(batch.longAt(column, row));
            case ATTEMPT, SEQUENCES, DEVICES -> {
                int value = batch.intAt(column, row);
                yield countFault(value == TOO_LARGE_INT ? TOO_LARGE : value);
            }
            case PADDING_TOKENS -> paddingFault(row);
            case REPORTED_FLOP -> reportedFault(row);
            case DEVICE_SECONDS, ENERGY_JOULES -> realFault(column, row, RealRange.MOST);
            case UTILISATION -> realFault(column, row, 1);
            case STARTED_AT, ENDED_AT, MOE -> null;
        };
    }

    private @Nullable Reason indexFault(StepColumn column, int row) {
        int index = batch.intAt(column, row);
        if (index == TextColumn.UNFIT) {
            return Reason.TEXT_LENGTH;
        }
        return index < 0 || index >= entries(column) ? Reason.INDEX_OUT_OF_RANGE : null;
    }

    private static @Nullable Reason countFault(long value) {
        if (value == TOO_LARGE) {
            return Reason.OUT_OF_RANGE;
        }
        return value < 0 ? Reason.NEGATIVE : null;
    }

    /** Returns the product, or, where that is 2^63 or more, a value that is rejected as out of range. */
    static long product(long a, long b) {
        boolean isTooLarge = a == TOO_LARGE || Math.multiplyHigh(a, b) != ((a * b) >> (Long.SIZE - 1));
        return isTooLarge ? TOO_LARGE : a * b;
    }

    private @Nullable Reason codeFault(StepColumn column, int row, int constants) {
        int code = batch.intAt(column, row);
        return code < 0 || code >= constants ? Reason.UNKNOWN_CODE : null;
    }

    private @Nullable Reason paddingFault(int row) {
        long padding = batch.longAt(StepColumn.PADDING_TOKENS, row);
        if (padding < 0) {
            return Reason.NEGATIVE;
        }
        return batch.isKnown(StepColumn.TOKENS, row) && padding > batch.longAt(StepColumn.TOKENS, row)
                ? Reason.ABOVE_TOKENS
                : null;
    }

    private @Nullable Reason reportedFault(int row) {
        long upper = batch.upperLongAt(StepColumn.REPORTED_FLOP, row);
        if (upper < 0) {
            return Reason.NEGATIVE;
        }
        return upper >>> REPORTED_BITS_ABOVE_LONG != 0 ? Reason.OUT_OF_RANGE : null;
    }

    private @Nullable Reason realFault(StepColumn column, int row, double most) {
        double value = batch.doubleAt(column, row);
        if (!Double.isFinite(value)) {
            return Reason.NOT_FINITE;
        }
        if (value < 0) {
            return Reason.NEGATIVE;
        }
        boolean inRange = value <= most && (value == 0 || value >= RealRange.LEAST);
        return inRange ? null : Reason.OUT_OF_RANGE;
    }
}
