package org.flopledger.parquet;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import org.flopledger.RunSpec;
import org.flopledger.RunState;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * What one run has cost, as a row of a table of totals.
 *
 * @param run identity of the run
 * @param attempts how many attempts reported a step
 * @param observations step observations, each counted once
 * @param covered how many of them the total covers; the others are unknown, not zero
 * @param total model FLOP of all that ran
 * @param executed FLOP that ran, with activation recomputation
 * @param retained best figure of the steps whose updates survive
 * @param discarded best figure of the steps that a later attempt threw away
 * @param tokens tokens of the observations that had them
 * @param state the mergeable state, see {@link RunState#toBytes}; null if it is kept elsewhere
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes of a file; equality compares what they hold.
public record TotalsRow(
        String run,
        int attempts,
        long observations,
        long covered,
        FlopBounds total,
        FlopCount executed,
        FlopCount retained,
        FlopCount discarded,
        BigInteger tokens,
        byte @Nullable [] state) {

    /**
     * Returns the row of a state.
     *
     * @param spec how the run is described, to price its steps; null for what was reported alone
     * @throws IllegalStateException if the state has no total
     */
    public static TotalsRow of(RunState state, @Nullable RunSpec spec) {
        return of(state.account(spec), state.toBytes());
    }

    /** Returns the row of an account, without its state. */
    public static TotalsRow of(RunAccount account) {
        return of(account, null);
    }

    private static TotalsRow of(RunAccount account, byte @Nullable [] state) {
        ComputeFigure total = account.total();
        return new TotalsRow(
                account.run(),
                account.attempts(),
                total.observations(),
                total.covered(),
                total.bounds(),
                total.executed(),
                account.retained().bounds().best(),
                account.discarded().bounds().best(),
                account.totals().tokens(),
                state);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TotalsRow row
                && run.equals(row.run)
                && attempts == row.attempts
                && observations == row.observations
                && covered == row.covered
                && total.equals(row.total)
                && executed.equals(row.executed)
                && retained.equals(row.retained)
                && discarded.equals(row.discarded)
                && tokens.equals(row.tokens)
                && Arrays.equals(state, row.state);
    }

    @Override
    public int hashCode() {
        return Objects.hash(run, total, Arrays.hashCode(state));
    }
}
