package org.flopledger.internal.fold;

import java.util.Arrays;
import java.util.List;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.Inputs;
import org.flopledger.internal.cells.Names;
import org.flopledger.internal.cells.Numbering;
import org.flopledger.internal.kernel.BlockSummaries;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.internal.kernel.RowKeys;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;

/**
 * Finds the cells of a batch's rows.
 *
 * <p>Made for the dictionaries of one batch and good for every batch with equal ones, which is what a stream of batches has:
 * names are numbered once, and the cell last seen of each run stays known. Confined to one thread.
 */
final class BatchKeys {

    private final CellTable table;
    private final List<String> runTexts;
    private final List<String> modelTexts;
    private final Numbering runs;
    private final Numbering models;
    private final long[] lastKey;
    private final int[] lastCell;

    /** The columns of the cells that are remembered. */
    private int remembered = -1;

    BatchKeys(CellTable table, Names runNames, Names modelNames, StepBatch batch) {
        this.table = table;
        runTexts = batch.runs();
        modelTexts = batch.models();
        runs = new Numbering(runNames, runTexts);
        models = new Numbering(modelNames, modelTexts);
        lastKey = new long[runTexts.size()];
        lastCell = new int[runTexts.size()];
    }

    /** Returns whether these keys hold for a batch. */
    boolean areOf(StepBatch batch) {
        return runTexts.equals(batch.runs()) && modelTexts.equals(batch.models());
    }

    /** Returns the cell of a row. */
    int cellOf(StepBatch batch, int row, int inputs) {
        int model = batch.modelIndex(row);
        return table.cell(
                runs.number(batch.runIndex(row)),
                batch.attempt(row),
                batch.intAt(StepColumn.STAGE, row),
                model < 0 ? -1 : models.number(model),
                inputs);
    }

    /** Finds the cells of rows of a clean block, whose columns are {@code presence}. */
    void findCells(StepBatch batch, int presence, int from, int count, int[] cells) {
        boolean hasModels = (presence & BlockSummaries.WITH_MODEL) != 0;
        int inputs = presence & Inputs.ALL;
        if (remembered != (presence & (Inputs.ALL | BlockSummaries.WITH_MODEL))) {
            remembered = presence & (Inputs.ALL | BlockSummaries.WITH_MODEL);
            Arrays.fill(lastKey, -1L);
        }
        RowKeys keys = new RowKeys(
                batch.data(StepColumn.RUN),
                batch.data(StepColumn.ATTEMPT),
                batch.data(StepColumn.STAGE),
                hasModels ? batch.data(StepColumn.MODEL) : 0,
                lastKey,
                lastCell);
        ColumnKernel kernel = batch.kernel();
        int done = kernel.lookUpCells(keys, from, count, cells, 0);
        while (done < count) {
            int row = from + done;
            int model = batch.modelIndex(row);
            keys.remember(
                    batch.runIndex(row),
                    RowKeys.pack(
                            batch.attempt(row),
                            batch.intAt(StepColumn.STAGE, row),
                            model < 0 ? RowKeys.NO_MODEL : model),
                    cellOf(batch, row, inputs));
            done += kernel.lookUpCells(keys, row, count - done, cells, done);
        }
    }
}
