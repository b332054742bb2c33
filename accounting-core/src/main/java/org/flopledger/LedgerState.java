package org.flopledger;

import java.time.DateTimeException;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.flopledger.account.AccountBook;
import org.flopledger.journal.JournalFact;
import org.flopledger.journal.JournalReplay;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;

/**
 * What a ledger knows: accounts, runs, findings, profiles, and of which findings listeners were told.
 *
 * <p>Fed with the records of a journal it derives all of that from them: a ledger that is opened goes on with the result, an
 * audit reports it. Confined to the ledger's lock.
 */
final class LedgerState implements JournalReplay {

    private final AccountBook book = new AccountBook();
    private final RunRegister runs = new RunRegister(book);
    private final FindingLog findings = new FindingLog();
    private final Set<String> profiles = new LinkedHashSet<>();
    private final BitSet told = new BitSet();
    private final Consumer<String> onFault;
    private long observations;

    /**
     * Makes the state of an empty ledger.
     *
     * @param onFault is told, in a sentence, of each record that no ledger writes; such a record changes no total
     */
    LedgerState(Consumer<String> onFault) {
        this.onFault = onFault;
    }

    AccountBook book() {
        return book;
    }

    RunRegister runs() {
        return runs;
    }

    FindingLog findings() {
        return findings;
    }

    /** Returns the ids of the profiles that have been in force, in order. */
    Set<String> profiles() {
        return profiles;
    }

    /** Returns how many findings listeners were told of, as far as the records say. */
    int told() {
        return told.cardinality();
    }

    /** Returns how many step observations the records hold, each counted once. */
    long observations() {
        return observations;
    }

    /** Hands over the findings of which no record says that listeners were told, in order, for them to be told. */
    void untold(Deliveries deliveries) {
        List<RunFinding> all = findings.all();
        for (int number = told.nextClearBit(0); number < all.size(); number = told.nextClearBit(number + 1)) {
            deliveries.queue(number, 0, List.of(all.get(number)));
        }
        deliveries.release(0);
    }

    @Override
    public void fact(JournalFact fact) {
        try {
            switch (fact.kind()) {
                case RUN -> runs.register(RunSpecJson.read(fact.text()));
                case PROFILE -> profiles.add(fact.text());
                case FINDING -> recall(FindingJson.read(fact.text()));
                case DELIVERY -> recallTold(Long.parseLong(fact.text()));
                case SNAPSHOT -> restore();
                case MODEL, REJECTION -> {
                    // Nothing of these enters a total.
                }
            }
        } catch (IllegalArgumentException | DateTimeException | LedgerException e) {
            throw unreadable(fact, e);
        }
    }

    /** Refuses to go on: what came before a snapshot may be gone, and totals without it would be too small. */
    private static void restore() {
        throw new IllegalArgumentException("this version of the library reads no snapshots");
    }

    /** Returns the ledger's failure over a fact that this library did not write. */
    static LedgerException unreadable(JournalFact fact, RuntimeException cause) {
        return new LedgerException(
                ErrorCode.CORRUPT,
                "the journal holds a " + fact.kind() + " record that cannot be read: " + cause.getMessage(),
                cause);
    }

    private void recall(RunFinding finding) {
        if (!findings.add(finding)) {
            onFault.accept("a finding is recorded twice: " + finding.summary());
        }
    }

    private void recallTold(long number) {
        if (number < 0 || number >= findings.count()) {
            onFault.accept("listeners were told of finding " + number + ", of which there is no record");
        } else {
            told.set((int) number);
        }
    }

    @Override
    public void steps(StepBatch batch) {
        Validation validation = batch.validate();
        int valid = validation.mask().accepted();
        AccountBook.Repeats repeats = book.admit(validation);
        int repeated = repeats.duplicates() + repeats.conflicts();
        if (valid < batch.rows() || repeated > 0) {
            onFault.accept("a recorded batch of " + batch.rows() + " rows has " + (batch.rows() - valid)
                    + " that are not valid and " + repeated + " that were recorded before");
        }
        book.add(validation);
        observations += validation.mask().accepted();
    }
}
