package org.flopledger;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.journal.JournalException;
import org.flopledger.internal.journal.JournalReader;
import org.flopledger.internal.journal.JournalReplay;
import org.flopledger.journal.JournalRecovery;
import org.flopledger.review.Facts;
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
    private final Map<String, RunAccount> runs;
    private final Map<String, Set<String>> sources;
    private final List<RunFinding> findings;
    private final List<Retraction> retractions;
    private final List<String> profiles;
    private final long told;
    private final boolean beginsWithSnapshot;
    private final List<String> faults;

    private LedgerAudit(JournalRecovery journal, LedgerState state, List<String> recordFaults) {
        this.journal = journal;
        specs = state.runs().all();
        runs = new LinkedHashMap<>();
        state.book().runs().forEach(run -> runs.put(run, state.book().account(run)));
        sources = state.book().runs().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), run -> state.book().sources(run)));
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
        return copy(directory, target, run -> true);
    }

    /**
     * Takes the runs of a ledger's directory into another ledger, but the step observations of some of them only, and only what
     * was taken back of those. An observation left out counts as repeated.
     *
     * @param wanted says of which runs observations are taken in
     * @see #copy(Path, ComputeLedger)
     */
    public static Copied copy(Path directory, ComputeLedger target, Predicate<String> wanted) {
        var copying = new LedgerCopy(target, wanted);
        read(directory, null, copying);
        return copying.copied();
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
            return JournalReader.read(directory, true, sought, allocator, replay);
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
        return List.copyOf(runs.values());
    }

    /** Returns the account of a run, or null if no observation of it is held. */
    public @Nullable RunAccount account(String run) {
        return runs.get(run);
    }

    /** Returns what rules may know of a run: what was said of it, and what it has cost; null if no observation of it is held. */
    public @Nullable Facts facts(String run) {
        RunAccount account = runs.get(run);
        return account == null ? null : RunReview.facts(account, specs.get(run));
    }

    /** Returns who observed steps of a run; empty if nobody did. */
    public Set<String> sources(String run) {
        return sources.getOrDefault(run, Set.of());
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
        for (RunAccount run : runs.values()) {
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
}
