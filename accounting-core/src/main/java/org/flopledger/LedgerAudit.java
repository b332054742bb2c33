package org.flopledger;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.journal.Journal;
import org.flopledger.internal.journal.JournalException;
import org.flopledger.internal.journal.JournalFact;
import org.flopledger.internal.journal.JournalReplay;
import org.flopledger.journal.JournalRecovery;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * What the records of a ledger's directory say when all of them are read again, each checked against the one before it: totals
 * derived anew, findings, and whatever does not add up. Snapshots among the records must say what the records before them do.
 *
 * <p>Reads only, needs no lock, and may run while another process writes: then it sees the commits that are whole at that
 * moment. Immutable and thread-safe.
 */
public final class LedgerAudit {

    private final JournalRecovery journal;
    private final Map<String, RunSpec> specs;
    private final List<RunAccount> runs;
    private final List<RunFinding> findings;
    private final List<Retraction> retractions;
    private final List<String> profiles;
    private final long told;
    private final boolean beginsWithSnapshot;
    private final List<String> faults;

    private LedgerAudit(JournalRecovery journal, LedgerState state, List<String> recordFaults) {
        this.journal = journal;
        specs = state.runs().all();
        runs = state.book().runs().stream().map(state.book()::account).toList();
        findings = state.findings().all();
        retractions = state.retractions();
        profiles = List.copyOf(state.profiles());
        told = state.told();
        beginsWithSnapshot = state.snapshotBytes() > 0;
        List<String> all = new ArrayList<>(recordFaults);
        addFaults(state.observations(), all);
        faults = List.copyOf(all);
    }

    /**
     * Reads a ledger's directory.
     *
     * @throws LedgerException if it holds no ledger, or is damaged; the message says where and what is safe
     */
    public static LedgerAudit of(Path directory) {
        return of(directory, null);
    }

    /**
     * Reads a ledger's directory and looks for an earlier head: {@link JournalRecovery#soughtRecord} of {@link #journal} says
     * where it is.
     *
     * @param earlierHead hash of the last record at some time, as {@link JournalRecovery#headHash} said it then, or null
     */
    public static LedgerAudit of(Path directory, @Nullable String earlierHead) {
        List<String> recordFaults = new ArrayList<>();
        LedgerState state = new LedgerState(recordFaults::add);
        return new LedgerAudit(read(directory, earlierHead, state), state, recordFaults);
    }

    /**
     * Takes the runs and the step observations of a ledger's directory into another ledger. What that one holds already
     * counts as repeated; its own rules find what there is to find.
     *
     * @return rows read, and how many of them were new, repeated or contradicted what was there
     * @throws LedgerException if the directory holds no ledger or is damaged, or was compacted, for then some observations are
     *     there as a snapshot only, which cannot be taken in; if a run is known to the other ledger with other facts, or that
     *     ledger cannot go on: what was taken in until then stays
     */
    public static Copied copy(Path directory, ComputeLedger target) {
        Copying copying = new Copying(target);
        read(directory, null, copying);
        return new Copied(copying.rows, copying.accepted, copying.duplicates, copying.conflicts);
    }

    /**
     * What became of the observations of one ledger in another.
     *
     * @param rows observations read
     * @param accepted observations that were new
     * @param duplicates observations that the other ledger held already
     * @param conflicts observations that the other ledger held with other content; its own stays
     */
    public record Copied(long rows, long accepted, long duplicates, long conflicts) {}

    private static JournalRecovery read(Path directory, @Nullable String sought, JournalReplay replay) {
        try (BufferAllocator allocator = new RootAllocator()) {
            return Journal.read(directory, true, sought, allocator, replay);
        } catch (JournalException e) {
            throw LedgerJournal.translated(e);
        }
    }

    /** Returns what was read, and the hash of the last record. */
    public JournalRecovery journal() {
        return journal;
    }

    /** Returns the accounts of all runs with an observation, in order of arrival. */
    public List<RunAccount> runs() {
        return runs;
    }

    /** Returns how each run was described, by identity. */
    public Map<String, RunSpec> specs() {
        return specs;
    }

    /** Returns the findings, in order. */
    public List<RunFinding> findings() {
        return findings;
    }

    /** Returns how many of the findings listeners were told of. */
    public long told() {
        return told;
    }

    /** Returns what was taken back, in order. */
    public List<Retraction> retractions() {
        return retractions;
    }

    /** Returns the ids of the profiles that have been in force. */
    public List<String> profiles() {
        return profiles;
    }

    /**
     * Returns whether the records before a compaction are gone, so that everything is derived from the snapshot they left and the
     * records after it. The snapshot itself is then checked for conservation only.
     */
    public boolean beginsWithSnapshot() {
        return beginsWithSnapshot;
    }

    /** Returns what does not add up, in sentences; empty if everything does. */
    public List<String> faults() {
        return faults;
    }

    private void addFaults(long observations, List<String> all) {
        long counted = 0;
        for (RunAccount run : runs) {
            counted += run.totals().observations();
            FlopCount total = run.total().bounds().best();
            FlopCount parts =
                    run.retained().bounds().best().plus(run.discarded().bounds().best());
            if (!parts.equals(total)) {
                all.add("run '" + run.run() + "': retained and discarded make " + parts + " FLOP, the total is "
                        + total);
            }
        }
        if (counted != observations) {
            all.add("the accounts hold " + counted + " observations, the records " + observations);
        }
        String torn = journal.torn();
        if (torn != null) {
            all.add(torn + "; the next writer cuts them off");
        }
    }

    /** Hands the records on to a ledger. */
    private static final class Copying implements JournalReplay {
        private final ComputeLedger target;
        private long rows;
        private long accepted;
        private long duplicates;
        private long conflicts;
        private boolean hasRecords;

        Copying(ComputeLedger target) {
            this.target = target;
        }

        @Override
        public void fact(JournalFact fact) {
            if (fact.kind() == JournalFact.Kind.RUN) {
                try {
                    target.run(RunSpecJson.read(fact.text()));
                } catch (IllegalArgumentException e) {
                    throw LedgerState.unreadable(fact, e);
                }
            }
            if (fact.kind() == JournalFact.Kind.RETRACTION) {
                try {
                    target.retractAgain(RetractionJson.read(fact.text()).retraction());
                } catch (IllegalArgumentException | DateTimeException e) {
                    throw LedgerState.unreadable(fact, e);
                }
            }
            if (fact.kind() == JournalFact.Kind.SNAPSHOT && !hasRecords) {
                throw new LedgerException(
                        ErrorCode.COMPACTED,
                        "the ledger was compacted: observations before its first record are there as a snapshot only and"
                                + " cannot be copied; copy a ledger that has all its records");
            }
            hasRecords = true;
        }

        @Override
        public void steps(StepBatch batch) {
            hasRecords = true;
            IngestResult result = target.ingest(batch);
            rows += result.rows();
            accepted += result.accepted();
            duplicates += result.repeats().duplicates();
            conflicts += result.repeats().conflicts();
        }
    }
}
