package org.flopledger;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.account.AccountBook;
import org.flopledger.telemetry.Validation;

/** Takes batches into the accounts, and has the rules read them before and after. Confined to the ledger's lock. */
final class Intake {

    private final AccountBook book;
    private final RunRegister runs;
    private final Screening screening;

    Intake(LedgerState state, Screening screening) {
        book = state.book();
        runs = state.runs();
        this.screening = screening;
    }

    /** Adds the rows of a batch that are not held yet, and returns what became of all of them. */
    IngestResult take(Validation validation) {
        AccountBook.Repeats repeats = book.admit(validation);
        int accepted = validation.mask().accepted();
        List<RunFinding> findings = new ArrayList<>();
        if (accepted > 0) {
            List<Screening.Watch> watched = screening.before(book, validation, runs::spec);
            book.add(validation);
            for (Screening.Watch watch : watched) {
                findings.addAll(screening.after(book, validation, watch));
            }
        }
        return new IngestResult(validation.batch().rows(), accepted, validation.rejections(), repeats, findings);
    }
}
