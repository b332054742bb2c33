package org.flopledger.internal.history;

import java.util.List;
import org.flopledger.telemetry.StepColumn;

/**
 * The layout of a step's content: what a row says, as words that are equal when the rows are.
 *
 * <p>A null is a bit of the first word, and 0 in its own. Wall clock times are no content.
 */
public final class StepContentWords {

    /** Bits of the columns that are known, the stage, and the small codes. */
    public static final int FLAGS = 0;

    /** Number of the model, or 0 where none is known. */
    public static final int MODEL = 1;

    public static final int TOKENS = 2;
    public static final int PADDING = 3;
    public static final int SEQUENCES = 4;
    public static final int SQUARED = 5;
    public static final int REPORTED_LOW = 6;
    public static final int REPORTED_HIGH = 7;
    public static final int DEVICES = 8;

    /** Reals are kept as their bits. */
    public static final int DEVICE_SECONDS = 9;

    public static final int UTILISATION = 10;
    public static final int ENERGY_JOULES = 11;

    /** The parameter counts follow one another. */
    public static final int TOTAL_PARAMETERS = 12;

    public static final int GENERATED_TOKENS = 15;
    public static final int COUNT = 16;

    /** The parameter counts, in order of their words. */
    public static final List<StepColumn> PARAMETERS =
            List.of(StepColumn.TOTAL_PARAMETERS, StepColumn.ACTIVE_PARAMETERS, StepColumn.TRAINABLE_PARAMETERS);

    private static final int STAGE_SHIFT = 32;
    private static final int MOE_SHIFT = 40;
    private static final int PEFT_EVENT_SHIFT = 41;
    private static final int PEFT_METHOD_SHIFT = 49;
    private static final int CODE_MASK = 0xff;

    private static final List<StepColumn> VALUES = List.of(
            StepColumn.TOKENS,
            StepColumn.PADDING_TOKENS,
            StepColumn.SEQUENCES,
            StepColumn.SQUARED_LENGTHS,
            StepColumn.REPORTED_FLOP,
            StepColumn.DEVICES,
            StepColumn.DEVICE_SECONDS,
            StepColumn.UTILISATION,
            StepColumn.ENERGY_JOULES,
            StepColumn.TOTAL_PARAMETERS,
            StepColumn.ACTIVE_PARAMETERS,
            StepColumn.TRAINABLE_PARAMETERS,
            StepColumn.GENERATED_TOKENS);

    private StepContentWords() {}

    /** Returns the flag of a known column. */
    static long known(StepColumn column) {
        return 1L << column.ordinal();
    }

    /** Returns the flags of a code in a column: the stage, whether experts are active, the PEFT event or technique. */
    static long code(StepColumn column, int code) {
        return (long) (code & CODE_MASK) << shift(column);
    }

    /** Returns the code of a column that flags hold, as {@link #code} put it there; that of MOE is its lowest bit. */
    static int codeIn(long flags, StepColumn column) {
        return (int) (flags >>> shift(column)) & CODE_MASK;
    }

    private static int shift(StepColumn column) {
        return switch (column) {
            case STAGE -> STAGE_SHIFT;
            case MOE -> MOE_SHIFT;
            case PEFT_EVENT -> PEFT_EVENT_SHIFT;
            case PEFT_METHOD -> PEFT_METHOD_SHIFT;
            default -> throw new IllegalArgumentException("column " + column + " has no codes");
        };
    }

    /** Returns the columns with words of their own, in order of these; reported FLOP have two words, others one. */
    public static List<StepColumn> columns() {
        return VALUES;
    }

    /** Returns whether flags are bits of columns, a stage, and codes of columns that are known. */
    public static boolean hasOnlyKnownFlags(long flags) {
        long allowed = (long) CODE_MASK << STAGE_SHIFT;
        for (StepColumn column : VALUES) {
            allowed |= known(column);
        }
        allowed |= codeBits(flags, StepColumn.MOE, 1, MOE_SHIFT);
        allowed |= codeBits(flags, StepColumn.PEFT_EVENT, CODE_MASK, PEFT_EVENT_SHIFT);
        allowed |= codeBits(flags, StepColumn.PEFT_METHOD, CODE_MASK, PEFT_METHOD_SHIFT);
        return (flags & ~allowed) == 0;
    }

    private static long codeBits(long flags, StepColumn column, long mask, int shift) {
        long known = known(column);
        return (flags & known) == 0 ? 0 : known | mask << shift;
    }
}
