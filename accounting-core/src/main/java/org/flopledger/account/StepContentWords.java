package org.flopledger.account;

import java.util.List;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;

/**
 * Shows the rows of a batch to the step histories: keys as numbers, and what a row says as words that are equal when the
 * rows are.
 *
 * <p>A null is a bit of the first word, and 0 in its own. Wall clock times are no content. One object is reused from batch to
 * batch; it holds about 8 bytes for each row and present column. Confined to one thread.
 */
final class StepContentWords {

    /** Bits of the columns that are known, the stage, and the small codes. */
    static final int FLAGS = 0;

    /** Number of the model, or 0 where none is known. */
    static final int MODEL = 1;

    static final int TOKENS = 2;
    static final int PADDING = 3;
    static final int SEQUENCES = 4;
    static final int SQUARED = 5;
    static final int REPORTED_LOW = 6;
    static final int REPORTED_HIGH = 7;
    static final int DEVICES = 8;

    /** Reals are kept as their bits. */
    static final int DEVICE_SECONDS = 9;

    static final int UTILISATION = 10;
    static final int ENERGY_JOULES = 11;

    /** The parameter counts follow one another. */
    static final int TOTAL_PARAMETERS = 12;

    static final int COUNT = 15;

    /** The parameter counts, in order of their words. */
    static final List<StepColumn> PARAMETERS =
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
            StepColumn.TRAINABLE_PARAMETERS);

    private final StepRows rows = new StepRows(COUNT);
    private final long[][] words = new long[COUNT][0];
    private int[] runs = new int[0];
    private int[] attempts = new int[0];
    private int[] sources = new int[0];
    private long[] steps = new long[0];

    /**
     * Returns the rows of a batch, valid until the next call.
     *
     * @param accept bits of the accepted rows, which the histories narrow
     */
    StepRows of(Validation validation, long[] accept, int[] runNumbers, int[] sourceNumbers, int[] modelNumbers) {
        StepBatch batch = validation.batch();
        int count = batch.rows();
        ensureRoom(count);
        for (int row = 0; row < count; row++) {
            if (validation.mask().isAccepted(row)) {
                runs[row] = runNumbers[batch.runIndex(row)];
                attempts[row] = batch.attempt(row);
                sources[row] = sourceNumbers[batch.sourceIndex(row)];
                steps[row] = batch.step(row);
                int model = batch.modelIndex(row);
                words[MODEL][row] = model < 0 ? 0 : modelNumbers[model] + 1L;
                words[FLAGS][row] = codes(batch, row);
            }
        }
        rows.batch(count, steps, accept);
        rows.runs(runs).attempts(attempts).sources(sources).words(MODEL, words[MODEL]);
        int word = TOKENS;
        for (StepColumn column : VALUES) {
            word += addColumn(validation, column, word);
        }
        rows.words(FLAGS, words[FLAGS]);
        return rows;
    }

    private static long codes(StepBatch batch, int row) {
        long codes = (long) batch.intAt(StepColumn.STAGE, row) << STAGE_SHIFT;
        if (has(batch, StepColumn.MOE, row)) {
            codes |= 1L << StepColumn.MOE.ordinal();
            codes |= (batch.bitAt(StepColumn.MOE, row) ? 1L : 0L) << MOE_SHIFT;
        }
        if (has(batch, StepColumn.PEFT_EVENT, row)) {
            codes |= 1L << StepColumn.PEFT_EVENT.ordinal();
            codes |= (long) (batch.intAt(StepColumn.PEFT_EVENT, row) & CODE_MASK) << PEFT_EVENT_SHIFT;
        }
        if (has(batch, StepColumn.PEFT_METHOD, row)) {
            codes |= 1L << StepColumn.PEFT_METHOD.ordinal();
            codes |= (long) (batch.intAt(StepColumn.PEFT_METHOD, row) & CODE_MASK) << PEFT_METHOD_SHIFT;
        }
        return codes;
    }

    private static boolean has(StepBatch batch, StepColumn column, int row) {
        return batch.data(column) != 0 && batch.isKnown(column, row);
    }

    /** Adds the words of a column; one that the batch lacks costs nothing. Returns how many words it takes. */
    private int addColumn(Validation validation, StepColumn column, int word) {
        StepBatch batch = validation.batch();
        boolean isWide = column == StepColumn.REPORTED_FLOP;
        int taken = isWide ? 2 : 1;
        if (batch.data(column) == 0) {
            for (int i = 0; i < taken; i++) {
                rows.word(word + i, 0);
            }
            return taken;
        }
        boolean isInt = column == StepColumn.SEQUENCES || column == StepColumn.DEVICES;
        long known = 1L << column.ordinal();
        long[] flags = words[FLAGS];
        for (int row = 0; row < batch.rows(); row++) {
            if (!validation.mask().isAccepted(row)) {
                continue;
            }
            boolean isKnown = batch.isKnown(column, row);
            flags[row] |= isKnown ? known : 0;
            words[word][row] = !isKnown ? 0 : isInt ? batch.intAt(column, row) : batch.longAt(column, row);
            if (isWide) {
                words[word + 1][row] = isKnown ? batch.upperLongAt(column, row) : 0;
            }
        }
        for (int i = 0; i < taken; i++) {
            rows.words(word + i, words[word + i]);
        }
        return taken;
    }

    private void ensureRoom(int count) {
        if (steps.length < count) {
            runs = new int[count];
            attempts = new int[count];
            sources = new int[count];
            steps = new long[count];
            for (int word = 0; word < COUNT; word++) {
                words[word] = new long[count];
            }
        }
    }

    /** Returns the columns with words of their own, in order of these; reported FLOP have two words, others one. */
    static List<StepColumn> columns() {
        return VALUES;
    }

    /** Returns whether flags are bits of columns, a stage, and codes of columns that are known. */
    static boolean hasOnlyKnownFlags(long flags) {
        long allowed = (long) CODE_MASK << STAGE_SHIFT;
        for (StepColumn column : VALUES) {
            allowed |= 1L << column.ordinal();
        }
        allowed |= codeBits(flags, StepColumn.MOE, 1, MOE_SHIFT);
        allowed |= codeBits(flags, StepColumn.PEFT_EVENT, CODE_MASK, PEFT_EVENT_SHIFT);
        allowed |= codeBits(flags, StepColumn.PEFT_METHOD, CODE_MASK, PEFT_METHOD_SHIFT);
        return (flags & ~allowed) == 0;
    }

    private static long codeBits(long flags, StepColumn column, long mask, int shift) {
        long known = 1L << column.ordinal();
        return (flags & known) == 0 ? 0 : known | mask << shift;
    }

    /** Returns the code of the stage in a content. */
    static int stage(StepContents contents, int content) {
        return (int) (contents.word(FLAGS, content) >>> STAGE_SHIFT) & CODE_MASK;
    }

    /** Returns the number of the model in a content, or -1. */
    static int model(StepContents contents, int content) {
        return (int) contents.word(MODEL, content) - 1;
    }

    /** Returns whether a content says that mixture-of-experts layers were active. */
    static boolean isMoe(StepContents contents, int content) {
        return (contents.word(FLAGS, content) >>> MOE_SHIFT & 1) != 0;
    }

    /** Returns the code of the PEFT event in a content. */
    static int peftEvent(StepContents contents, int content) {
        return (int) (contents.word(FLAGS, content) >>> PEFT_EVENT_SHIFT) & CODE_MASK;
    }

    /** Returns the code of the PEFT technique in a content. */
    static int peftMethod(StepContents contents, int content) {
        return (int) (contents.word(FLAGS, content) >>> PEFT_METHOD_SHIFT) & CODE_MASK;
    }

    /** Returns whether a column is known in a content. */
    static boolean isKnown(StepContents contents, int content, StepColumn column) {
        return (contents.word(FLAGS, content) >>> column.ordinal() & 1) != 0;
    }
}
