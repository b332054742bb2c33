package org.flopledger.account;

import static org.flopledger.internal.kernel.BlockSummaries.BLOCK_ROWS;

import java.util.Arrays;
import org.flopledger.internal.kernel.BlockSummaries;
import org.flopledger.internal.kernel.BlockSummaries.Figure;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.internal.kernel.RowKeys;
import org.flopledger.telemetry.AcceptMask;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;

/**
 * Folds rows of one validated batch into a table of cells. Confined to one thread.
 *
 * <p>Three ways, all with one result: a block whose keys are constant was summed while it was validated; a block of mixed
 * keys is folded column by column through the cell of each row; a block in which a row was rejected or a hot column is
 * partly filled goes row by row.
 */
final class BatchFold {

    private static final int WITH_MODEL = 1 << 8;

    private final CellTable table;
    private final StepBatch batch;
    private final AcceptMask mask;
    private final BlockSummaries blocks;
    private final ColumnKernel kernel;
    private final Numbering runs;
    private final Numbering models;
    private final ExtraColumns extras;
    private final boolean hasExtras;
    private final RowKeys keysWithModel;
    private final RowKeys keysWithoutModel;
    private final int[] cells;
    private int cached = -1;

    BatchFold(LedgerAccounts accounts, Validation validation, ModelFormulas formulas) {
        table = accounts.table();
        batch = validation.batch();
        mask = validation.mask();
        blocks = validation.blocks();
        kernel = batch.kernel();
        runs = new Numbering(accounts.runNames(), batch.runs());
        models = new Numbering(accounts.modelNames(), batch.models());
        extras = new ExtraColumns(table, batch, formulas);
        hasExtras = extras.hasAny();
        cells = new int[Math.min(BLOCK_ROWS, batch.rows())];
        long[] lastKey = new long[batch.runs().size()];
        int[] lastCell = new int[batch.runs().size()];
        keysWithModel = keys(batch, batch.data(StepColumn.MODEL), lastKey, lastCell);
        keysWithoutModel = keys(batch, 0, lastKey, lastCell);
    }

    private static RowKeys keys(StepBatch batch, long model, long[] lastKey, int[] lastCell) {
        return new RowKeys(
                batch.data(StepColumn.RUN),
                batch.data(StepColumn.ATTEMPT),
                batch.data(StepColumn.STAGE),
                model,
                lastKey,
                lastCell);
    }

    /** Folds the accepted rows {@code from} (included) to {@code to} (excluded). */
    void fold(int from, int to) {
        int start = from;
        while (start < to) {
            int block = start / BLOCK_ROWS;
            int end = Math.min((block + 1) * BLOCK_ROWS, to);
            foldBlock(block, start, end);
            start = end;
        }
    }

    private void foldBlock(int block, int from, int to) {
        int count = to - from;
        if (!mask.allAccepted(from, to)) {
            foldRows(from, to);
            return;
        }
        boolean isWhole = from == block * BLOCK_ROWS && (count == BLOCK_ROWS || to == batch.rows());
        if (isWhole && blocks.isPlain(block)) {
            int cell = foldPlain(block, from, count);
            if (hasExtras) {
                Arrays.fill(cells, 0, count, cell);
            }
        } else {
            int inputs = inputs(from, count);
            if (inputs < 0) {
                foldRows(from, to);
                return;
            }
            foldIndexed(inputs, from, count);
        }
        if (hasExtras) {
            extras.fold(from, count, cells);
        }
    }

    private int foldPlain(int block, int from, int count) {
        int inputs = blocks.presence(block);
        int cell = cell(from, inputs & Inputs.ALL);
        table.addRows(cell, count, blocks.low(block, Figure.FIRST_STEP), blocks.low(block, Figure.LAST_STEP));
        addSum(block, cell, inputs, Figure.TOKENS, Lanes.TOKENS);
        addSum(block, cell, inputs, Figure.SEQUENCES, Lanes.SEQUENCES);
        addSum(block, cell, inputs, Figure.SQUARED_LENGTHS, Lanes.SQUARED);
        if (addSum(block, cell, inputs, Figure.PADDING, Lanes.PADDING)) {
            table.hotLanes()[cell * Lanes.HOT + Lanes.PADDING_ROWS] += count;
        }
        return cell;
    }

    private boolean addSum(int block, int cell, int inputs, Figure figure, int lane) {
        if ((inputs & figure.bit()) == 0) {
            return false;
        }
        table.addSum(cell, lane, blocks.low(block, figure), blocks.units(block, figure));
        return true;
    }

    private void foldIndexed(int inputs, int from, int count) {
        findCells(inputs & Inputs.ALL, from, count);
        long[] hot = table.hotLanes();
        long steps = at(StepColumn.STEP, from);
        long tokens = at(StepColumn.TOKENS, from);
        long squared = at(StepColumn.SQUARED_LENGTHS, from);
        boolean hasBoth = (inputs & Inputs.TOKENS) != 0 && (inputs & Inputs.SQUARED) != 0;
        if (hasBoth) {
            kernel.scatterHot(steps, tokens, squared, cells, count, hot, Lanes.HOT, table);
        } else {
            kernel.scatterCount(cells, count, hot, Lanes.HOT, Lanes.ROWS);
            kernel.scatterExtremes64(steps, cells, count, hot, Lanes.HOT, Lanes.FIRST_STEP);
        }
        if ((inputs & Inputs.TOKENS) != 0 && !hasBoth) {
            kernel.scatterAdd64(tokens, cells, count, hot, Lanes.HOT, Lanes.TOKENS, table);
        }
        if ((inputs & Inputs.SQUARED) != 0 && !hasBoth) {
            kernel.scatterAdd64(squared, cells, count, hot, Lanes.HOT, Lanes.SQUARED, table);
        }
        if ((inputs & Inputs.SEQUENCES) != 0) {
            kernel.scatterAdd32(at(StepColumn.SEQUENCES, from), cells, count, hot, Lanes.HOT, Lanes.SEQUENCES, table);
        }
        if ((inputs & Inputs.PADDING) != 0) {
            kernel.scatterAdd64(
                    at(StepColumn.PADDING_TOKENS, from), cells, count, hot, Lanes.HOT, Lanes.PADDING, table);
            kernel.scatterCount(cells, count, hot, Lanes.HOT, Lanes.PADDING_ROWS);
        }
    }

    private void findCells(int inputs, int from, int count) {
        boolean hasModels = isAllKnown(StepColumn.MODEL, from, count);
        RowKeys keys = hasModels ? keysWithModel : keysWithoutModel;
        int caching = hasModels ? inputs | WITH_MODEL : inputs;
        if (caching != cached) {
            keys.forget();
            cached = caching;
        }
        int done = kernel.lookUpCells(keys, from, count, cells, 0);
        while (done < count) {
            int row = from + done;
            int run = batch.runIndex(row);
            int model = batch.modelIndex(row);
            keys.remember(
                    run,
                    RowKeys.pack(batch.attempt(row), stage(row), model < 0 ? RowKeys.NO_MODEL : model),
                    cell(row, inputs));
            done += kernel.lookUpCells(keys, row, count - done, cells, done);
        }
    }

    /** Folds one row at a time: for blocks with holes. */
    private void foldRows(int from, int to) {
        for (int row = from; row < to; row++) {
            if (mask.isAccepted(row)) {
                foldRow(row);
            }
        }
    }

    private void foldRow(int row) {
        int inputs = inputs(row, 1);
        int cell = cell(row, inputs & Inputs.ALL);
        long step = batch.step(row);
        table.addRows(cell, 1, step, step);
        if ((inputs & Inputs.TOKENS) != 0) {
            table.addSum(cell, Lanes.TOKENS, batch.longAt(StepColumn.TOKENS, row), 0);
        }
        if ((inputs & Inputs.SEQUENCES) != 0) {
            table.addSum(cell, Lanes.SEQUENCES, batch.intAt(StepColumn.SEQUENCES, row), 0);
        }
        if ((inputs & Inputs.SQUARED) != 0) {
            table.addSum(cell, Lanes.SQUARED, batch.longAt(StepColumn.SQUARED_LENGTHS, row), 0);
        }
        if ((inputs & Inputs.PADDING) != 0) {
            table.addSum(cell, Lanes.PADDING, batch.longAt(StepColumn.PADDING_TOKENS, row), 0);
            table.hotLanes()[cell * Lanes.HOT + Lanes.PADDING_ROWS]++;
        }
        cells[0] = cell;
        extras.fold(row, 1, cells);
    }

    /** Returns which hot columns all of some rows have, or -1 if some of the rows have one and others not. */
    private int inputs(int from, int count) {
        int inputs = 0;
        for (int i = 0; i < Inputs.COLUMNS.size(); i++) {
            StepColumn column = Inputs.COLUMNS.get(i);
            if (isAllKnown(column, from, count)) {
                inputs |= 1 << i;
            } else if (!isNoneKnown(column, from, count)) {
                return -1;
            }
        }
        boolean hasMixedModels =
                !isAllKnown(StepColumn.MODEL, from, count) && !isNoneKnown(StepColumn.MODEL, from, count);
        return hasMixedModels ? -1 : inputs;
    }

    private boolean isAllKnown(StepColumn column, int from, int count) {
        long bits = batch.validity(column);
        return batch.data(column) != 0 && (bits == 0 || kernel.allSet(bits, from, count));
    }

    private boolean isNoneKnown(StepColumn column, int from, int count) {
        long bits = batch.validity(column);
        return batch.data(column) == 0 || (bits != 0 && kernel.noneSet(bits, from, count));
    }

    private int cell(int row, int inputs) {
        int model = batch.modelIndex(row);
        int run = runs.number(batch.runIndex(row));
        return table.cell(run, batch.attempt(row), stage(row), model < 0 ? -1 : models.number(model), inputs);
    }

    private int stage(int row) {
        return batch.intAt(StepColumn.STAGE, row);
    }

    private long at(StepColumn column, int row) {
        int width = column == StepColumn.SEQUENCES ? 4 : 8;
        return batch.data(column) + (long) width * row;
    }
}
