package org.flopledger.internal.fold;

import static org.flopledger.internal.kernel.BlockSummaries.BLOCK_ROWS;

import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.Inputs;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.internal.kernel.BlockSummaries;
import org.flopledger.internal.kernel.BlockSummaries.Figure;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;
import org.jspecify.annotations.Nullable;

/**
 * Folds rows of one validated batch into a table of cells. Confined to one thread.
 *
 * <p>Three ways, all with one result: a block whose keys are constant was summed while it was validated; a block of mixed
 * keys is folded column by column through the cell of each row; a block in which a row was rejected or a hot column is
 * partly filled goes row by row.
 */
final class BatchFold {

    private final CellTable table;
    private final StepBatch batch;
    private final AcceptMask mask;
    private final BlockSummaries blocks;
    private final ColumnKernel kernel;
    private final LedgerAccounts accounts;
    private @Nullable BatchKeys keys;
    private final ExtraColumns extras;
    private final boolean hasExtras;
    private int[] cells = new int[1];

    BatchFold(LedgerAccounts accounts, Validation validation, ModelFormulas formulas) {
        this.accounts = accounts;
        table = accounts.table();
        batch = validation.batch();
        mask = validation.mask();
        blocks = validation.blocks();
        kernel = batch.kernel();
        extras = new ExtraColumns(table, batch, formulas);
        hasExtras = extras.hasAny();
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
        if (!blocks.isClean(block) || !mask.allAccepted(from, to)) {
            foldRows(from, to);
            return;
        }
        boolean isWhole = from == block * BLOCK_ROWS && (count == BLOCK_ROWS || to == batch.rows());
        if (isWhole && blocks.isPlain(block)) {
            int cell = foldPlain(block, count);
            if (hasExtras) {
                extras.fold(from, count, cell);
            }
        } else {
            foldIndexed(blocks.presence(block), from, count);
            if (hasExtras) {
                extras.fold(from, count, cells);
            }
        }
    }

    /** Returns room for the cells of so many rows; a batch of plain blocks needs none. */
    private int[] cells(int count) {
        if (cells.length < count) {
            cells = new int[Math.min(BLOCK_ROWS, batch.rows())];
        }
        return cells;
    }

    /** Returns the keys of the batch, which plain blocks do without. */
    private BatchKeys keys() {
        BatchKeys found = keys;
        if (found == null) {
            found = accounts.keysOf(batch);
            keys = found;
        }
        return found;
    }

    private int foldPlain(int block, int count) {
        int inputs = blocks.presence(block);
        int model = blocks.model(block);
        int cell = table.cell(
                accounts.runNumber(batch.runs().get(blocks.run(block))),
                blocks.attempt(block),
                blocks.stage(block),
                model < 0 ? -1 : accounts.modelNumber(batch.models().get(model)),
                inputs & Inputs.ALL);
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
        keys().findCells(batch, inputs, from, count, cells(count));
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

    /** Folds one row at a time: for blocks with holes. */
    private void foldRows(int from, int to) {
        for (int row = from; row < to; row++) {
            if (mask.isAccepted(row)) {
                foldRow(row);
            }
        }
    }

    private void foldRow(int row) {
        int inputs = inputs(row);
        int cell = keys().cellOf(batch, row, inputs & Inputs.ALL);
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

    /** Returns which of the columns that are summed a row has. */
    private int inputs(int row) {
        int inputs = 0;
        for (int i = 0; i < Inputs.COLUMNS.size(); i++) {
            inputs |= batch.isKnown(Inputs.COLUMNS.get(i), row) ? 1 << i : 0;
        }
        return inputs;
    }

    private long at(StepColumn column, int row) {
        int width = column == StepColumn.SEQUENCES ? 4 : 8;
        return batch.data(column) + (long) width * row;
    }
}
