package org.flopledger.internal.book;

import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.StepContents;
import org.jspecify.annotations.Nullable;

/**
 * Sums what discarded steps had cost, from the contents that the histories keep, into the same kind of account that holds the
 * totals. Only what a FLOP figure needs is summed; which steps they were is in the history. Confined to one thread.
 */
final class DiscardedSums {

    private final LedgerAccounts accounts;

    DiscardedSums(LedgerAccounts accounts) {
        this.accounts = accounts;
    }

    /**
     * Adds steps of one content.
     *
     * @param run the run's name
     * @param model the model's name, or null
     */
    public void add(
            String run,
            @Nullable String model,
            int attempt,
            StepContents contents,
            int content,
            long steps,
            ModelFormulas formulas) {
        int cell = ContentSums.cell(accounts, run, model, attempt, contents, content);
        ContentSums.addCompute(accounts.table(), cell, contents, content, steps);
        if (model != null && ContentSums.hasAllInputs(contents, content)) {
            ContentSums.addPairs(accounts.table(), cell, contents, content, steps, formulas.masks(model));
        }
    }
}
