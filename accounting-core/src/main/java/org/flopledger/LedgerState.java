package org.flopledger;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.flopledger.account.CellTotals;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.internal.book.StepSpan;
import org.flopledger.internal.history.StepRepeats;
import org.flopledger.internal.journal.JournalFact;
import org.flopledger.internal.journal.JournalReplay;
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
    private final List<Retraction> retractions = new ArrayList<>();
    private long observations;
    private long records;
    private int snapshotBytes;

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

    /** Returns the highest attempt of which a step of a run is held, or -1. */
    int highestAttempt(String run) {
        return book.account(run).totals().cells().stream()
                .mapToInt(CellTotals::attempt)
                .max()
                .orElse(-1);
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
                case SNAPSHOT -> recallSnapshot(fact.bytes());
                case RETRACTION -> recall(RetractionJson.read(fact.text()));
                case MODEL, REJECTION -> {
                    // Nothing of these enters a total.
                }
            }
        } catch (IllegalArgumentException | DateTimeException | LedgerException e) {
            throw unreadable(fact, e);
        }
        records++;
    }

    /** Begins with a snapshot where there is nothing before it; elsewhere it must say what the records before it do. */
    private void recallSnapshot(byte[] bytes) {
        LedgerSnapshot snapshot = LedgerSnapshot.read(bytes);
        if (records == 0) {
            snapshotBytes = bytes.length;
            restore(snapshot);
            return;
        }
        String difference = LedgerSnapshot.bytesOf(this, Integer.MAX_VALUE)
                .map(LedgerSnapshot::read)
                .map(snapshot::differenceFrom)
                .orElse(null);
        if (difference != null) {
            onFault.accept("a snapshot after " + observations
                    + " observations holds another state than the records before it: other " + difference);
        }
    }

    private void restore(LedgerSnapshot snapshot) {
        // Runs first: the accounts are then priced once, as they are restored.
        for (String run : snapshot.runs()) {
            runs.register(RunSpecJson.read(run));
        }
        profiles.addAll(snapshot.profiles());
        for (int number = 0; number < snapshot.findings().size(); number++) {
            RunFinding finding = FindingJson.read(snapshot.findings().get(number));
            recall(finding);
            if (snapshot.lapsed().get(number)) {
                findings.lapse(FindingLog.keyOf(finding));
            }
        }
        snapshot.retractions()
                .forEach(text -> retractions.add(RetractionJson.read(text).retraction()));
        told.or(snapshot.told());
        snapshot.restore(book);
        for (String run : book.runs()) {
            observations += book.account(run).totals().observations();
        }
    }

    /** Returns what was taken back, in order. */
    List<Retraction> retractions() {
        return List.copyOf(retractions);
    }

    /** Takes steps out of the accounts and remembers that; returns how many observations there were. */
    long retract(RetractionJson.Entry entry) {
        Retraction retraction = entry.retraction();
        long taken = takeBack(retraction);
        observations -= retraction.keepsSteps() ? 0 : taken;
        remember(entry);
        return taken;
    }

    /** Takes steps, or their figures, out of the accounts; returns of how many observations. */
    long takeBack(Retraction retraction) {
        StepSpan steps = new StepSpan(
                retraction.run(),
                retraction.attempt(),
                retraction.source(),
                retraction.firstStep(),
                retraction.lastStep());
        return retraction.keepsSteps() ? book.stripFigures(steps) : book.retract(steps);
    }

    /** Remembers what was taken out of the accounts. */
    void remember(RetractionJson.Entry entry) {
        retractions.add(entry.retraction());
        entry.lapsed().forEach(findings::lapse);
    }

    private void recall(RetractionJson.Entry entry) {
        long taken = retract(entry);
        if (taken != entry.retraction().observations()) {
            onFault.accept("a retraction of " + entry.retraction().observations() + " observations finds " + taken);
        }
    }

    /** Returns the length of the snapshot that the records begin with, or 0. */
    int snapshotBytes() {
        return snapshotBytes;
    }

    /** Returns the numbers of the findings that listeners were told of. */
    BitSet toldNumbers() {
        return (BitSet) told.clone();
    }

    /** Writes into a journal which profiles' rules are in force, where its records do not say so yet. */
    void putInForce(Set<String> ids, LedgerJournal journal) {
        for (String id : ids) {
            if (!profiles.contains(id)) {
                journal.profile(id);
                profiles.add(id);
            }
        }
    }

    /** Returns the ledger's failure over a fact that this library did not write. */
    static LedgerException unreadable(JournalFact fact, RuntimeException cause) {
        return new LedgerException(
                LedgerException.Code.CORRUPT,
                "the journal holds a " + fact.kind() + " record that cannot be read: " + cause.getMessage(),
                cause);
    }

    private void recall(RunFinding finding) {
        if (!findings.add(finding)) {
            onFault.accept("a finding is recorded twice: " + finding.summary());
        }
    }

    /** Remembers that listeners were told of a finding. */
    void recallTold(long number) {
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
        StepRepeats repeats = book.admit(validation);
        int repeated = repeats.duplicates() + repeats.conflicts();
        if (valid < batch.rows() || repeated > 0) {
            onFault.accept("a recorded batch of " + batch.rows() + " rows has " + (batch.rows() - valid)
                    + " that are not valid and " + repeated + " that were recorded before");
        }
        book.add(validation);
        observations += validation.mask().accepted();
        records++;
    }
}
