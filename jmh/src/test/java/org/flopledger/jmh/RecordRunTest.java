package org.flopledger.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.flopledger.account.CellTotals;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.junit.jupiter.api.Test;

/** What the recorder and merge benchmarks time is right. */
class RecordRunTest {

    @Test
    void everyStepTimedIsInTheSnapshotOnce() {
        try (RecordRun run = new RecordRun()) {
            for (int round = 0; round < 2; round++) {
                run.recordSteps();
                try (StepBatch batch = run.snapshot()) {
                    assertThat(batch.rows()).isEqualTo(RecordRun.STEPS);
                    assertThat(batch.validate().rejected()).isZero();
                    for (int row = 0; row < batch.rows(); row++) {
                        if (batch.step(row) != row || batch.longAt(StepColumn.TOKENS, row) != 512 * 8192) {
                            throw new AssertionError("row " + row + " is step " + batch.step(row) + " of "
                                    + batch.longAt(StepColumn.TOKENS, row) + " tokens");
                        }
                    }
                }
            }
        }
    }

    @Test
    void aStateMergedManyTimesIsThatManyTimesTheState() {
        byte[] state = RecordParts.state();
        CellTotals once = cell(LedgerAccounts.fromBytes(state));
        CellTotals often = cell(RecordParts.merged(state, 1000));

        assertThat(once.observations()).isEqualTo((1 << 20) / StepData.RUNS);
        assertThat(often.observations()).isEqualTo(1000 * once.observations());
        assertThat(often.tokens()).isEqualTo(once.tokens().multiply(BigInteger.valueOf(1000)));
        assertThat(often.squaredLengths()).isEqualTo(once.squaredLengths().multiply(BigInteger.valueOf(1000)));
        assertThat(often.lastStep()).isEqualTo(once.lastStep());
    }

    private static CellTotals cell(LedgerAccounts accounts) {
        return accounts.totals("run-0").cells().get(0);
    }
}
