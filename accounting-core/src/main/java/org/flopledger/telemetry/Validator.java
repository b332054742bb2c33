package org.flopledger.telemetry;

import static org.flopledger.internal.kernel.BlockSummaries.BLOCK_ROWS;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.flopledger.internal.kernel.BlockSummaries;
import org.flopledger.internal.kernel.BlockSummaries.Figure;
import org.flopledger.internal.kernel.ColumnKernel;
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
    private static final Figure[] SUMS = {Figure.TOKENS, Figure.SEQUENCES, Figure.SQUARED_LENGTHS, Figure.PADDING};

    private final StepBatch batch;
    private final ColumnKernel kernel;
    private final RowCheck rowCheck;
    private final AcceptMask mask;
    private final BlockSummaries summaries;
    private final TreeMap<Integer, int[]> rejections = new TreeMap<>();
    private final long[] sum = new long[2];
    private boolean hasOneKey;

    Validator(StepBatch batch) {
        this.batch = batch;
        kernel = batch.kernel();
        rowCheck = new RowCheck(batch);
        mask = AcceptMask.all(batch.rows());
        summaries = new BlockSummaries(batch.rows());
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
        hasOneKey = true;
        if (!requiredAreGood(block, from, count)) {
            return false;
        }
        Presence model = presence(StepColumn.MODEL, from, count);
        if (model == Presence.MIXED || (model == Presence.ALL && !keyIsGood(StepColumn.MODEL, from, count))) {
            return false;
        }
        int sums = sumColumns(block, from, count);
        if (sums < 0 || !otherRowsAreGood(from, count)) {
            return false;
        }
        if (hasOneKey) {
            summaries.markPlain(block, sums);
        }
        return true;
    }

    private boolean requiredAreGood(int block, int from, int count) {
        for (StepColumn column : REQUIRED) {
            if (presence(column, from, count) != Presence.ALL) {
                return false;
            }
        }
        return keyIsGood(StepColumn.RUN, from, count)
                && keyIsGood(StepColumn.ATTEMPT, from, count)
                && keyIsGood(StepColumn.STAGE, from, count)
                && sourceIsGood(from, count)
                && stepsAreGood(block, from, count);
    }

    /** Checks a key column: where it is constant, and it mostly is, one row stands for all. */
    private boolean keyIsGood(StepColumn column, int from, int count) {
        if (kernel.isConstant(at(column, from), (int) column.kind().bytes(1), count)) {
            return rowCheck.fault(column, from) == null;
        }
        hasOneKey = false;
        return switch (column) {
            case ATTEMPT -> kernel.or32(at(column, from), count) >= 0;
            case STAGE -> kernel.allBelow8(at(column, from), count, Stage.values().length);
            default -> indicesAreGood(column, from, count);
        };
    }

    private boolean sourceIsGood(int from, int count) {
        return kernel.isConstant(at(StepColumn.SOURCE, from), 4, count)
                ? rowCheck.fault(StepColumn.SOURCE, from) == null
                : indicesAreGood(StepColumn.SOURCE, from, count);
    }

    private boolean indicesAreGood(StepColumn column, int from, int count) {
        int largest = kernel.largestUnsigned32(at(column, from), count);
        return largest >= 0 && largest < rowCheck.entries(column);
    }

    /** Sums the columns that have a sum; returns the bits of those that are there, or -1 if a row has to be looked at. */
    private int sumColumns(int block, int from, int count) {
        int bits = 0;
        for (int i = 0; i < SUMMED.length; i++) {
            StepColumn column = SUMMED[i];
            Presence presence = presence(column, from, count);
            if (presence == Presence.MIXED) {
                return -1;
            }
            if (presence == Presence.ALL) {
                if (!sumColumn(column, from, count)) {
                    return -1;
                }
                summaries.putSum(block, SUMS[i], sum);
                bits |= SUMS[i].bit();
            }
        }
        return bits;
    }

    private boolean sumColumn(StepColumn column, int from, int count) {
        if (column.kind() == StepColumn.Kind.INT64) {
            return kernel.orAndSum64(at(column, from), count, sum) >= 0;
        }
        return kernel.orAndSum32(at(column, from), count, sum) >= 0;
    }

    /** Checks the steps, and leaves the first and last of the block in its summary. */
    private boolean stepsAreGood(int block, int from, int count) {
        kernel.extremes64(at(StepColumn.STEP, from), count, sum);
        summaries.put(block, Figure.FIRST_STEP, sum[0]);
        summaries.put(block, Figure.LAST_STEP, sum[1]);
        return sum[0] >= 0;
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
                RejectionReason fault = rowCheck.fault(column, row);
                if (fault != null) {
                    reject(row, column, fault);
                    break;
                }
            }
        }
    }

    private void reject(int row, StepColumn column, RejectionReason reason) {
        mask.reject(row);
        int key = column.ordinal() * RejectionReason.values().length + reason.ordinal();
        rejections.computeIfAbsent(key, absent -> new int[] {0, row})[0]++;
    }

    private List<Rejection> found() {
        List<Rejection> found = new ArrayList<>();
        RejectionReason[] reasons = RejectionReason.values();
        rejections.forEach((key, counted) -> found.add(
                new Rejection(COLUMNS[key / reasons.length], reasons[key % reasons.length], counted[0], counted[1])));
        return found;
    }

    private enum Presence {
        ALL,
        NONE,
        MIXED
    }

    private Presence presence(StepColumn column, int from, int count) {
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
