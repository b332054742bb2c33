package org.flopledger.internal.history;

import static org.flopledger.internal.history.StepContentWords.COUNT;
import static org.flopledger.internal.history.StepContentWords.FLAGS;
import static org.flopledger.internal.history.StepContentWords.MODEL;
import static org.flopledger.internal.history.StepContentWords.TOKENS;

import java.util.Arrays;
import java.util.List;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;

/**
 * Shows the rows of one batch to the step histories: keys as numbers, contents as {@link StepContentWords}.
 *
 * <p>A column that all rows fill is copied as a whole, or is one constant; only where some rows lack a value, or were
 * rejected, is it read row by row. Confined to one thread.
 */
public final class BatchRows {

    private static final List<StepColumn> CODES =
            List.of(StepColumn.MOE, StepColumn.PEFT_EVENT, StepColumn.PEFT_METHOD);

    /** The arrays, kept from batch to batch: 8 bytes for each row and word, made as they are needed. */
    public static final class Room {
        private final StepRows rows = new StepRows(COUNT);
        private final long[][] words = new long[COUNT][0];
        private int[] runs = new int[0];
        private int[] attempts = new int[0];
        private int[] sources = new int[0];
        private int[] narrow = new int[0];
        private long[] steps = new long[0];

        private static int[] atLeast(int count, int[] array) {
            return array.length < count ? new int[count] : array;
        }

        private long[] word(int word, int count) {
            if (words[word].length < count) {
                words[word] = new long[count];
            }
            return words[word];
        }
    }

    private final Room room;
    private final StepRows rows;
    private final StepBatch batch;
    private final ColumnKernel kernel;
    private final AcceptMask mask;
    private final int count;
    private final boolean isAllAccepted;
    private final int[] extremes = new int[8];
    private final long[] wideExtremes = new long[2];

    /** The flags that all rows have. */
    private long commonFlags;

    /** Whether rows have others besides, in the first word. */
    private boolean flagsDiffer;

    private BatchRows(Room room, Validation validation) {
        this.room = room;
        rows = room.rows;
        batch = validation.batch();
        kernel = batch.kernel();
        mask = validation.mask();
        count = batch.rows();
        isAllAccepted = mask.allAccepted(0, count);
    }

    /**
     * Returns the rows of a batch, valid until the room is used again.
     *
     * @param accept bits of the accepted rows, which the histories narrow
     */
    public static StepRows of(
            Room room,
            Validation validation,
            long[] accept,
            int[] runNumbers,
            int[] sourceNumbers,
            int[] modelNumbers) {
        return new BatchRows(room, validation).read(accept, runNumbers, sourceNumbers, modelNumbers);
    }

    private StepRows read(long[] accept, int[] runNumbers, int[] sourceNumbers, int[] modelNumbers) {
        if (room.steps.length < count) {
            room.steps = new long[count];
        }
        kernel.copy64(batch.data(StepColumn.STEP), count, room.steps);
        rows.batch(count, room.steps, accept);
        if (isAllAccepted) {
            addKeys(runNumbers, sourceNumbers);
        } else {
            addAcceptedKeys(runNumbers, sourceNumbers);
        }
        addModels(modelNumbers);
        addCodes(StepColumn.STAGE);
        CODES.forEach(this::addCodes);
        int word = TOKENS;
        for (StepColumn column : StepContentWords.columns()) {
            word += addColumn(column, word);
        }
        if (flagsDiffer) {
            long[] flags = room.words[FLAGS];
            for (int row = 0; row < count; row++) {
                flags[row] |= commonFlags;
            }
            rows.words(FLAGS, flags);
        } else {
            rows.word(FLAGS, commonFlags);
        }
        return rows;
    }

    private void addKeys(int[] runNumbers, int[] sourceNumbers) {
        long run = batch.data(StepColumn.RUN);
        long attempt = batch.data(StepColumn.ATTEMPT);
        long source = batch.data(StepColumn.SOURCE);
        kernel.extremes32(run, attempt, source, run, count, extremes);
        if (isConstant(0)) {
            rows.run(runNumbers[extremes[0]]);
        } else {
            room.runs = Room.atLeast(count, room.runs);
            rows.runs(numbers(run, runNumbers, room.runs));
        }
        if (isConstant(1)) {
            rows.attempt(extremes[2]);
        } else {
            room.attempts = Room.atLeast(count, room.attempts);
            kernel.copy32(attempt, count, room.attempts);
            rows.attempts(room.attempts);
        }
        if (isConstant(2)) {
            rows.source(sourceNumbers[extremes[4]]);
        } else {
            room.sources = Room.atLeast(count, room.sources);
            rows.sources(numbers(source, sourceNumbers, room.sources));
        }
    }

    private boolean isConstant(int column) {
        return count > 0 && extremes[2 * column] == extremes[2 * column + 1];
    }

    private int[] numbers(long indices, int[] numbers, int[] out) {
        kernel.copy32(indices, count, out);
        for (int row = 0; row < count; row++) {
            out[row] = numbers[out[row]];
        }
        return out;
    }

    /** Reads the keys of accepted rows only: the others' indices may lead nowhere. */
    private void addAcceptedKeys(int[] runNumbers, int[] sourceNumbers) {
        room.runs = Room.atLeast(count, room.runs);
        room.attempts = Room.atLeast(count, room.attempts);
        room.sources = Room.atLeast(count, room.sources);
        for (int row = 0; row < count; row++) {
            if (mask.isAccepted(row)) {
                room.runs[row] = runNumbers[batch.runIndex(row)];
                room.attempts[row] = batch.attempt(row);
                room.sources[row] = sourceNumbers[batch.sourceIndex(row)];
            }
        }
        rows.runs(room.runs).attempts(room.attempts).sources(room.sources);
    }

    private void addModels(int[] modelNumbers) {
        long model = batch.data(StepColumn.MODEL);
        if (isNoneKnown(StepColumn.MODEL)) {
            rows.word(MODEL, 0);
            return;
        }
        if (isAllAccepted && isAllKnown(StepColumn.MODEL)) {
            kernel.extremes32(model, model, model, model, count, extremes);
            if (isConstant(0)) {
                rows.word(MODEL, modelNumbers[extremes[0]] + 1L);
                return;
            }
        }
        long[] words = room.word(MODEL, count);
        for (int row = 0; row < count; row++) {
            if (mask.isAccepted(row)) {
                int index = batch.modelIndex(row);
                words[row] = index < 0 ? 0 : modelNumbers[index] + 1L;
            }
        }
        rows.words(MODEL, words);
    }

    /** Adds the flags of a column of codes. */
    private void addCodes(StepColumn column) {
        if (isNoneKnown(column)) {
            return;
        }
        long known = column == StepColumn.STAGE ? 0 : StepContentWords.known(column);
        if (column != StepColumn.MOE && isAllKnown(column) && kernel.isConstant8(batch.data(column), count)) {
            commonFlags |= known | StepContentWords.code(column, batch.intAt(column, 0));
            return;
        }
        long[] flags = differingFlags();
        for (int row = 0; row < count; row++) {
            if (mask.isAccepted(row) && batch.isKnown(column, row)) {
                flags[row] |= known | StepContentWords.code(column, codeAt(column, row));
            }
        }
    }

    private int codeAt(StepColumn column, int row) {
        if (column == StepColumn.MOE) {
            return batch.bitAt(column, row) ? 1 : 0;
        }
        return batch.intAt(column, row);
    }

    private long[] differingFlags() {
        long[] flags = room.word(FLAGS, count);
        if (!flagsDiffer) {
            flagsDiffer = true;
            Arrays.fill(flags, 0, count, 0);
        }
        return flags;
    }

    /** Adds the words of a column of values; returns how many it takes. */
    private int addColumn(StepColumn column, int word) {
        boolean isWide = column == StepColumn.REPORTED_FLOP;
        if (isNoneKnown(column)) {
            rows.word(word, 0);
            if (isWide) {
                rows.word(word + 1, 0);
            }
        } else if (isWide || !isAllKnown(column)) {
            addRowByRow(column, word, isWide);
        } else {
            commonFlags |= StepContentWords.known(column);
            if (isNarrow(column)) {
                addNarrow(column, word);
            } else {
                addWhole(column, word);
            }
        }
        return isWide ? 2 : 1;
    }

    private static boolean isNarrow(StepColumn column) {
        return column == StepColumn.SEQUENCES || column == StepColumn.DEVICES;
    }

    private void addWhole(StepColumn column, int word) {
        kernel.extremes64(batch.data(column), count, wideExtremes);
        if (wideExtremes[0] == wideExtremes[1]) {
            rows.word(word, wideExtremes[0]);
        } else {
            long[] words = room.word(word, count);
            kernel.copy64(batch.data(column), count, words);
            rows.words(word, words);
        }
    }

    private void addNarrow(StepColumn column, int word) {
        room.narrow = Room.atLeast(count, room.narrow);
        kernel.copy32(batch.data(column), count, room.narrow);
        long[] words = room.word(word, count);
        int differences = 0;
        for (int row = 0; row < count; row++) {
            words[row] = room.narrow[row];
            differences |= room.narrow[row] ^ room.narrow[0];
        }
        if (differences == 0) {
            rows.word(word, words[0]);
        } else {
            rows.words(word, words);
        }
    }

    private void addRowByRow(StepColumn column, int word, boolean isWide) {
        long known = StepContentWords.known(column);
        boolean isNarrow = isNarrow(column);
        long[] flags = differingFlags();
        long[] lower = room.word(word, count);
        long[] upper = isWide ? room.word(word + 1, count) : lower;
        for (int row = 0; row < count; row++) {
            if (mask.isAccepted(row)) {
                boolean isKnown = batch.isKnown(column, row);
                flags[row] |= isKnown ? known : 0;
                if (isWide) {
                    upper[row] = isKnown ? batch.upperLongAt(column, row) : 0;
                }
                lower[row] = !isKnown ? 0 : isNarrow ? batch.intAt(column, row) : batch.longAt(column, row);
            }
        }
        rows.words(word, lower);
        if (isWide) {
            rows.words(word + 1, upper);
        }
    }

    private boolean isAllKnown(StepColumn column) {
        long bits = batch.validity(column);
        return count > 0 && batch.data(column) != 0 && (bits == 0 || kernel.allSet(bits, 0, count));
    }

    private boolean isNoneKnown(StepColumn column) {
        long bits = batch.validity(column);
        return batch.data(column) == 0 || (bits != 0 && kernel.noneSet(bits, 0, count));
    }
}
