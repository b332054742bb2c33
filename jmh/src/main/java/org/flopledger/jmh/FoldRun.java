package org.flopledger.jmh;

import java.util.List;
import org.flopledger.account.LedgerAccounts;
import org.flopledger.account.ModelFormulas;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;

/** What the fold benchmarks and the scoreboard time: the real path, and a pass that only reads the same columns. */
public final class FoldRun {

    private static final List<StepColumn> WIDE =
            List.of(StepColumn.STEP, StepColumn.TOKENS, StepColumn.SQUARED_LENGTHS);
    private static final List<StepColumn> NARROW =
            List.of(StepColumn.RUN, StepColumn.ATTEMPT, StepColumn.SOURCE, StepColumn.MODEL);

    private FoldRun() {}

    /** Returns the account of all batches: validated, then folded. */
    public static LedgerAccounts fold(List<StepBatch> batches) {
        LedgerAccounts accounts = new LedgerAccounts();
        for (StepBatch batch : batches) {
            accounts.fold(batch.validate(), ModelFormulas.none());
        }
        return accounts;
    }

    /** Returns a number that depends on every byte of every column, by the fastest loop we know of. */
    public static long readOnly(List<StepBatch> batches) {
        long[] sum = new long[2];
        long seen = 0;
        for (StepBatch batch : batches) {
            ColumnKernel kernel = batch.kernel();
            for (StepColumn column : WIDE) {
                seen ^= kernel.orAndSum64(batch.data(column), batch.rows(), sum) ^ sum[0];
            }
            for (StepColumn column : NARROW) {
                seen ^= kernel.orAndSum64(batch.data(column), batch.rows() / 2, sum) ^ sum[0];
            }
            seen ^= kernel.orAndSum64(batch.data(StepColumn.STAGE), batch.rows() / 8, sum) ^ sum[0];
        }
        return seen;
    }
}
