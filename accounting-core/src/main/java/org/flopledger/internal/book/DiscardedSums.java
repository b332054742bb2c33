package org.flopledger.internal.book;

import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.cells.Names;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.StepContent;

/**
 * Sums what discarded steps had cost, from the contents that the histories keep, into the same kind of account that holds the
 * totals. Only what a FLOP figure needs is summed; which steps they were is in the history. Confined to one thread.
 */
final class DiscardedSums {

    private final LedgerAccounts accounts;
    private final Names models;

    /** Sums into accounts; {@code models} names the models of the contents. */
    DiscardedSums(LedgerAccounts accounts, Names models) {
        this.accounts = accounts;
        this.models = models;
    }

    /** Adds steps of one content of a run. */
    void add(String run, int attempt, StepContent content, long steps, ModelFormulas formulas) {
        String model = content.model() < 0 ? null : models.name(content.model());
        int cell = ContentSums.cell(accounts, run, model, attempt, content);
        ContentSums.addCompute(accounts.table(), cell, content, steps);
        if (model != null && ContentSums.hasAllInputs(content)) {
            ContentSums.addPairs(accounts.table(), cell, content, steps, formulas.masks(model));
        }
    }
}
