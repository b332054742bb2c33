package org.flopledger.telemetry;

import static org.flopledger.internal.kernel.BlockSummaries.BLOCK_ROWS;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.collections.impl.map.mutable.primitive.IntObjectHashMap;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.internal.kernel.BlockSummaries;
import org.flopledger.internal.kernel.BlockSummaries.Figure;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.telemetry.RowRejection.Reason;
import org.flopledger.units.Stage;

/**
 * Checks a batch block by block, column by column, and keeps what the fold will want while the block is in cache. A block in
 * which a column check fails, or a hot column is partly filled, is checked again row by row.
 */
final class Validator {

    private static final StepColumn[] COLUMNS = StepColumn.values();
    private static final StepColumn[] REQUIRED = {
        StepColumn.RUN, StepColumn.ATTEMPT, StepColumn.STEP, StepColumn.SOURCE, StepColumn.STAGE
    };
    private static final StepColumn[] SUMMED = {
        StepColumn.TOKENS, StepColumn.SEQUENCES, StepColumn.SQUARED_LENGTHS, StepColumn.PADDING_TOKENS
    };
    private static final int RUN = 0;
    private static final int ATTEMPT = 1;
    private static final int SOURCE = 2;
    private static final int MODEL = 3;
    private static final Figure[] SUMS = {Figure.TOKENS, Figure.SEQUENCES, Figure.SQUARED_LENGTHS, Figure.PADDING};

    private final StepBatch batch;
    private final ColumnKernel kernel;
    private final RowCheck rowCheck;
    private final AcceptMask mask;
    private final BlockSummaries summaries;
    private final IntObjectHashMap<int[]> rejections = new IntObjectHashMap<>();
    private final Presence[] wholePresence = new Presence[COLUMNS.length];
    private final int[] extremes = new int[8];
    private final long[] sums = new long[6];

    Validator(StepBatch batch) {
        this.batch = batch;
        kernel = batch.kernel();
        rowCheck = new RowCheck(batch);
        mask = AcceptMask.all(batch.rows());
        summaries = new BlockSummaries(batch.rows());
        for (StepColumn column : COLUMNS) {
            wholePresence[column.ordinal()] = presenceIn(column, 0, batch.rows());
        }
    }

    Validation validate() {
        for (int block = 0; block < summaries.blocks(); block++) {
            int from = block * BLOCK_ROWS;
            int count = Math.min(BLOCK_ROWS, batch.rows() - from);
            if (!checkColumns(block, from, count)) {
                checkRows(from, count);
            }
        }
        return new Validation(batch, mask, found(), summaries);
    }

    /** Returns whether every row of a block is known to be good from whole columns alone. */
    private boolean checkColumns(int block, int from, int count) {
        for (StepColumn column : REQUIRED) {
            if (presence(column, from, count) != Presence.ALL) {
                return false;
            }
        }
        Presence model = presence(StepColumn.MODEL, from, count);
        if (model == Presence.MIXED || !keysAreGood(model == Presence.ALL, from, count)) {
            return false;
        }
        int present = sumColumns(block, from, count);
        if (present < 0 || !otherRowsAreGood(from, count)) {
            return false;
        }
        summaries.markClean(block, present | (model == Presence.ALL ? BlockSummaries.WITH_MODEL : 0));
        if (hasOneKey(from, count)) {
            int modelIndex = model == Presence.ALL ? extremes[2 * MODEL] : -1;
            summaries.markPlain(
                    block, extremes[2 * RUN], extremes[2 * ATTEMPT], batch.intAt(StepColumn.STAGE, from), modelIndex);
        }
        return true;
    }

    /** Checks run, attempt, source and model by their extremes, which stay for {@link #hasOneKey}, and the stage. */
    private boolean keysAreGood(boolean hasModel, int from, int count) {
        long run = at(StepColumn.RUN, from);
        long model = hasModel ? at(StepColumn.MODEL, from) : run;
        kernel.extremes32(run, at(StepColumn.ATTEMPT, from), at(StepColumn.SOURCE, from), model, count, extremes);
        return isWithin(RUN, rowCheck.entries(StepColumn.RUN))
                && extremes[2 * ATTEMPT] >= 0
                && isWithin(SOURCE, rowCheck.entries(StepColumn.SOURCE))
                && (!hasModel || isWithin(MODEL, rowCheck.entries(StepColumn.MODEL)))
                && kernel.allBelow8(at(StepColumn.STAGE, from), count, Stage.values().length);
    }

    private boolean isWithin(int column, int entries) {
        return extremes[2 * column] >= 0 && extremes[2 * column + 1] < entries;
    }

    private boolean hasOneKey(int from, int count) {
        return isConstant(RUN)
                && isConstant(ATTEMPT)
                && isConstant(MODEL)
                && kernel.isConstant8(at(StepColumn.STAGE, from), count);
    }

    private boolean isConstant(int column) {
        return extremes[2 * column] == extremes[2 * column + 1];
    }

    /**
     * Checks the steps and the columns that have a sum, and leaves first step, last step and sums in the block's summary.
     *
     * @return the bits of the sums that are there, or -1 if a row has to be looked at
     */
    private int sumColumns(int block, int from, int count) {
        int present = present(from, count);
        if (present < 0) {
            return -1;
        }
        boolean hasTokens = (present & Figure.TOKENS.bit()) != 0;
        boolean hasSquared = (present & Figure.SQUARED_LENGTHS.bit()) != 0;
        long or;
        if (hasTokens || hasSquared) {
            // A column that is not there is stood in for by the one that is, which is in the cache then.
            StepColumn first = hasTokens ? StepColumn.TOKENS : StepColumn.SQUARED_LENGTHS;
            StepColumn second = hasSquared ? StepColumn.SQUARED_LENGTHS : StepColumn.TOKENS;
            or = kernel.extremesAndSums(at(StepColumn.STEP, from), at(first, from), at(second, from), count, sums);
            summaries.putSum(block, Figure.TOKENS, sums[2], sums[3]);
            summaries.putSum(block, Figure.SQUARED_LENGTHS, sums[4], sums[5]);
        } else {
            kernel.extremes64(at(StepColumn.STEP, from), count, sums);
            or = 0;
        }
        or |= sums[0];
        summaries.put(block, Figure.FIRST_STEP, sums[0]);
        summaries.put(block, Figure.LAST_STEP, sums[1]);
        if ((present & Figure.SEQUENCES.bit()) != 0) {
            or |= kernel.orAndSum32(at(StepColumn.SEQUENCES, from), count, sums);
            summaries.putSum(block, Figure.SEQUENCES, sums[0], sums[1]);
        }
        if ((present & Figure.PADDING.bit()) != 0) {
            or |= kernel.orAndSum64(at(StepColumn.PADDING_TOKENS, from), count, sums);
            summaries.putSum(block, Figure.PADDING, sums[0], sums[1]);
        }
        return or < 0 ? -1 : present;
    }

    /** Returns the bits of the summed columns that all rows have, or -1 if one is partly filled. */
    private int present(int from, int count) {
        int bits = 0;
        for (int i = 0; i < SUMMED.length; i++) {
            Presence presence = presence(SUMMED[i], from, count);
            if (presence == Presence.MIXED) {
                return -1;
            }
            bits |= presence == Presence.ALL ? SUMS[i].bit() : 0;
        }
        return bits;
    }

    /** Looks at each row for the columns that have no column check, if any of them is there. */
    private boolean otherRowsAreGood(int from, int count) {
        for (StepColumn column : RowCheck.BY_ROW) {
            if (presence(column, from, count) != Presence.NONE) {
                for (int row = from; row < from + count; row++) {
                    if (rowCheck.fault(column, row) != null) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private void checkRows(int from, int count) {
        for (int row = from; row < from + count; row++) {
            for (StepColumn column : COLUMNS) {
                Reason fault = rowCheck.fault(column, row);
                if (fault != null) {
                    reject(row, column, fault);
                    break;
                }
            }
        }
    }

    private void reject(int row, StepColumn column, Reason reason) {
        mask.reject(row);
        int key = column.ordinal() * Reason.values().length + reason.ordinal();
        int[] counted = rejections.get(key);
        if (counted == null) {
            counted = new int[] {0, row};
            rejections.put(key, counted);
        }
        counted[0]++;
    }

    private List<RowRejection> found() {
        List<RowRejection> found = new ArrayList<>();
        Reason[] reasons = Reason.values();
        for (int key : rejections.keySet().toSortedArray()) {
            int[] counted = rejections.get(key);
            found.add(new RowRejection(
                    COLUMNS[key / reasons.length], reasons[key % reasons.length], counted[0], counted[1]));
        }
        return found;
    }

    private enum Presence {
        ALL,
        NONE,
        MIXED
    }

    /** Returns the presence of a column in a block; bitmaps are read again only where they are mixed. */
    private Presence presence(StepColumn column, int from, int count) {
        Presence whole = wholePresence[column.ordinal()];
        return whole == Presence.MIXED ? presenceIn(column, from, count) : whole;
    }

    private Presence presenceIn(StepColumn column, int from, int count) {
        if (batch.data(column) == 0) {
            return Presence.NONE;
        }
        long bits = batch.validity(column);
        if (bits == 0 || kernel.allSet(bits, from, count)) {
            return Presence.ALL;
        }
        return kernel.noneSet(bits, from, count) ? Presence.NONE : Presence.MIXED;
    }

    private long at(StepColumn column, int row) {
        return batch.data(column) + column.kind().bytes(1) * row;
    }
}
