package org.flopledger.internal.book;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.RunHistory;
import org.flopledger.internal.history.StepContent;
import org.flopledger.internal.history.StepContents;

/**
 * Counts pairs under attention masks again from the steps that a book holds, for the models whose masks have changed.
 *
 * <p>So the figures of a book depend on its observations and formulas alone, not on which came first.
 */
final class PairRecount {

    private final AccountBook book;
    private final Set<String> models;

    private PairRecount(AccountBook book, Set<String> models) {
        this.book = book;
        this.models = models;
    }

    /** Recounts what another set of formulas than the book's counted. */
    static void run(AccountBook book, ModelFormulas before) {
        if (!before.hasMasks() && !book.formulas().hasMasks()) {
            return;
        }
        Set<String> changed = new HashSet<>();
        for (String model : book.totals().modelNames().all()) {
            if (!before.hasSameMasks(book.formulas(), model)) {
                changed.add(model);
            }
        }
        if (!changed.isEmpty()) {
            new PairRecount(book, changed).run();
        }
    }

    private void run() {
        Set<String> runs = clear(book.totals());
        clear(book.discarded());
        runs.forEach(this::count);
    }

    /** Forgets the pairs of the models; returns the runs that use them. */
    private Set<String> clear(LedgerAccounts accounts) {
        Set<String> runs = new HashSet<>();
        CellTable table = accounts.table();
        for (int cell = 1; cell < table.end(); cell++) {
            int model = table.model(cell);
            if (model >= 0 && models.contains(accounts.modelNames().name(model))) {
                table.clearPairs(cell);
                runs.add(accounts.runNames().name(table.run(cell)));
            }
        }
        return runs;
    }

    private void count(String run) {
        RunHistory history = book.history(run);
        StepContents contents = history.contents();
        history.forEach((attempt, source, first, last, content, discarded) -> {
            StepContent counted = contents.at(content);
            String model = book.modelOf(counted);
            if (model != null && models.contains(model) && ContentSums.hasAllInputs(counted)) {
                List<AttentionMask> masks = book.formulas().masks(model);
                for (LedgerAccounts accounts :
                        discarded ? List.of(book.totals(), book.discarded()) : List.of(book.totals())) {
                    int cell = ContentSums.cell(accounts, run, model, attempt, counted);
                    ContentSums.addPairs(accounts.table(), cell, counted, last - first + 1, masks);
                }
            }
        });
    }
}
