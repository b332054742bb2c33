package org.flopledger.jmh;

import java.util.Arrays;
import java.util.List;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;

/** What the fold benchmarks and the scoreboard time: the real path, and a pass that only reads the same columns. */
public final class FoldRun {

    private static final List<StepColumn> COLUMNS = List.of(
            StepColumn.RUN,
            StepColumn.ATTEMPT,
            StepColumn.STEP,
            StepColumn.SOURCE,
            StepColumn.STAGE,
            StepColumn.MODEL,
            StepColumn.TOKENS,
            StepColumn.SQUARED_LENGTHS);

    private FoldRun() {}

    /** Returns the account of all batches: validated, then folded. */
    public static LedgerAccounts fold(List<StepBatch> batches) {
        LedgerAccounts accounts = new LedgerAccounts();
        for (StepBatch batch : batches) {
            accounts.fold(batch.validate(), ModelFormulas.none());
        }
        return accounts;
    }

    /** Returns the account of the batches, over and over, until at least so many rows were folded. */
    static LedgerAccounts stream(List<StepBatch> batches, long rows) {
        LedgerAccounts accounts = new LedgerAccounts();
        long folded = 0;
        for (int i = 0; folded < rows; i++) {
            StepBatch batch = batches.get(i % batches.size());
            accounts.fold(batch.validate(), ModelFormulas.none());
            folded += batch.rows();
        }
        return accounts;
    }

    /** Returns how many rows {@link #stream} folds: whole batches of {@link StepData#BATCH_ROWS}. */
    static long streamed(long rows) {
        return (rows + StepData.BATCH_ROWS - 1) / StepData.BATCH_ROWS * StepData.BATCH_ROWS;
    }

    /**
     * Returns a number that depends on every byte of every column, validity bits included, by the fastest loops we know of:
     * several columns in one pass, a batch at a time.
     */
    public static long readOnly(List<StepBatch> batches) {
        long[] wide = new long[6];
        int[] narrow = new int[8];
        long seen = 0;
        for (StepBatch batch : batches) {
            ColumnKernel kernel = batch.kernel();
            seen ^= kernel.extremesAndSums(
                    batch.data(StepColumn.STEP),
                    batch.data(StepColumn.TOKENS),
                    batch.data(StepColumn.SQUARED_LENGTHS),
                    batch.rows(),
                    wide);
            kernel.extremes32(
                    batch.data(StepColumn.RUN),
                    batch.data(StepColumn.ATTEMPT),
                    batch.data(StepColumn.SOURCE),
                    batch.data(StepColumn.MODEL),
                    batch.rows(),
                    narrow);
            seen ^= Arrays.hashCode(wide) ^ Arrays.hashCode(narrow);
            seen ^= kernel.orAndSum64(batch.data(StepColumn.STAGE), batch.rows() / 8, wide) ^ wide[0];
            for (StepColumn column : COLUMNS) {
                seen += kernel.allSet(batch.validity(column), 0, batch.rows()) ? 1 : 0;
            }
        }
        return seen;
    }
}
