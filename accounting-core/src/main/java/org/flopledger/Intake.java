package org.flopledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.internal.history.StepRepeats;
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
        List<RunFinding> findings = new ArrayList<>();
        List<Validation> parts = screening.isIdle() ? List.of(validation) : RunParts.of(validation, MOST_WATCHED);
        IngestResult.Repeats repeats = IngestResult.Repeats.NONE;
        for (Validation part : parts) {
            repeats = repeats.plus(take(part, findings));
        }
        RunParts.join(validation, parts);
        return new IngestResult(
                validation.batch().rows(), validation.mask().accepted(), validation.rejections(), repeats, findings);
    }

    private IngestResult.Repeats take(Validation validation, List<RunFinding> findings) {
        // Before rows are admitted: an admitted row may at once count as discarded, and is in no total yet.
        List<Screening.Watch> watched = screening.before(book, validation, runs::spec);
        StepRepeats repeats = book.admit(validation);
        if (validation.mask().accepted() > 0) {
            book.add(validation);
            Set<String> changed = Screening.touched(validation);
            for (Screening.Watch watch : watched) {
                if (changed.contains(watch.mark().run())) {
                    findings.addAll(screening.after(book, validation, watch));
                }
            }
        }
        return IngestResult.Repeats.of(repeats);
    }
}
