package org.flopledger.internal.book;

import java.util.OptionalInt;
import java.util.function.Predicate;
import org.flopledger.account.RunTotals;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;

/**
 * Finds the exact row of a batch at which a run passes a threshold.
 *
 * <p>Rows count in the order of the batch: the row found is the first for which the totals of what was there before, and of
 * all accepted rows of the run up to and including it, pass. Confined to one thread; costs nothing until it is asked.
 */
public final class CrossingSearch {

    private final LedgerAccounts before;
    private final Validation batch;
    private final String run;
    private final ModelFormulas formulas;

    /**
     * Prepares the search for one run.
     *
     * @param before the accounts without the batch; not changed
     * @param batch the batch
     * @param run the run
     * @param formulas as in {@link LedgerAccounts#fold}
     */
    public CrossingSearch(LedgerAccounts before, Validation batch, String run, ModelFormulas formulas) {
        this.before = before.copyOf(run);
        this.batch = batch.withMask(onlyRun(batch, run));
        this.run = run;
        this.formulas = formulas;
    }

    private static AcceptMask onlyRun(Validation validation, String run) {
        StepBatch batch = validation.batch();
        boolean[] isRun = new boolean[batch.runs().size()];
        for (int i = 0; i < isRun.length; i++) {
            isRun[i] = batch.runs().get(i).equals(run);
        }
        AcceptMask mask = validation.mask().copy();
        for (int row = 0; row < batch.rows(); row++) {
            if (mask.isAccepted(row) && !isRun[batch.runIndex(row)]) {
                mask.reject(row);
            }
        }
        return mask;
    }

    /**
     * Returns the first row at which the run's totals pass, by bisection on exact prefix totals: each half is folded once.
     *
     * @param passes whether totals pass; must stay true once it is, as any threshold on a sum does
     * @return the row; nothing if the run passes without the batch already, or not even with all of it
     */
    public OptionalInt firstRow(Predicate<RunTotals> passes) {
        if (passes.test(before.totals(run))
                || !passes.test(with(before, 0, batch.batch().rows()).totals(run))) {
            return OptionalInt.empty();
        }
        LedgerAccounts prefix = before;
        int from = 0;
        int to = batch.batch().rows();
        // The prefix does not pass; with the rows from..to it does.
        while (to - from > 1) {
            int middle = from + (to - from) / 2;
            LedgerAccounts longer = with(prefix, from, middle);
            if (passes.test(longer.totals(run))) {
                to = middle;
            } else {
                prefix = longer;
                from = middle;
            }
        }
        return OptionalInt.of(from);
    }

    /** Returns the run's totals including the rows up to and including {@code row}. */
    public RunTotals totalsAt(int row) {
        return with(before, 0, row + 1).totals(run);
    }

    private LedgerAccounts with(LedgerAccounts accounts, int from, int to) {
        LedgerAccounts copy = accounts.copyOf(run);
        copy.foldRange(batch, formulas, from, to);
        return copy;
    }
}
