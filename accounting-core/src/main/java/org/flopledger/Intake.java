package org.flopledger;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.account.AccountBook;
import org.flopledger.telemetry.Validation;

/** Takes batches into the accounts, and has the rules read them before and after. Confined to the ledger's lock. */
final class Intake {

    /** A run that is watched has its account copied until the batch is in: so many at a time, whatever the batch. */
    private static final int MOST_WATCHED = 512;

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
            List<Validation> parts = screening.isIdle() ? List.of(validation) : RunParts.of(validation, MOST_WATCHED);
            parts.forEach(part -> add(part, findings));
        }
        return new IngestResult(validation.batch().rows(), accepted, validation.rejections(), repeats, findings);
    }

    private void add(Validation validation, List<RunFinding> findings) {
        List<Screening.Watch> watched = screening.before(book, validation, runs::spec);
        book.add(validation);
        for (Screening.Watch watch : watched) {
            findings.addAll(screening.after(book, validation, watch));
        }
    }
}
