package org.flopledger;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.AccountBook;
import org.flopledger.account.ModelFormulas;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.StepFormula;
import org.flopledger.journal.Journal;
import org.flopledger.journal.JournalException;
import org.flopledger.journal.JournalFact;
import org.flopledger.journal.JournalRecovery;
import org.flopledger.journal.JournalReplay;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.FlopCount;

/**
 * What the records of a ledger's directory say when all of them are read again, each checked against the one before it: totals
 * derived anew, findings, and whatever does not add up.
 *
 * <p>Reads only, needs no lock, and may run while another process writes: then it sees the commits that are whole at that
 * moment. Immutable and thread-safe.
 */
public final class LedgerAudit {

    private final JournalRecovery journal;
    private final Map<String, RunSpec> specs;
    private final List<RunAccount> runs;
    private final List<RunFinding> findings;
    private final List<String> profiles;
    private final long told;
    private final List<String> faults;

    private LedgerAudit(JournalRecovery journal, Reading reading) {
        this.journal = journal;
        specs = Map.copyOf(reading.specs);
        runs = reading.book.runs().stream().map(reading.book::account).toList();
        findings = List.copyOf(reading.findings);
        profiles = List.copyOf(reading.profiles);
        told = reading.told.size();
        List<String> all = new ArrayList<>(reading.faults);
        addFaults(reading.observations, all);
        faults = List.copyOf(all);
    }

    /**
     * Reads a ledger's directory.
     *
     * @throws LedgerException if it holds no ledger, or is damaged; the message says where and what is safe
     */
    public static LedgerAudit of(Path directory) {
        Reading reading = new Reading();
        return new LedgerAudit(read(directory, reading), reading);
    }

    /**
     * Takes the runs and the step observations of a ledger's directory into another ledger. What that one holds already
     * counts as repeated; its own rules find what there is to find.
     *
     * @return rows read, and how many of them were new, repeated or contradicted what was there
     * @throws LedgerException if the directory holds no ledger or is damaged, a run is known to the other ledger with other
     *     facts, or that ledger cannot go on; what was taken in until then stays
     */
    public static Copied copy(Path directory, ComputeLedger target) {
        Copying copying = new Copying(target);
        read(directory, copying);
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

    private static JournalRecovery read(Path directory, JournalReplay replay) {
        try (BufferAllocator allocator = new RootAllocator()) {
            return Journal.read(directory, true, allocator, replay);
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

    /** Returns the ids of the profiles that have been in force. */
    public List<String> profiles() {
        return profiles;
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
        if (journal.tornBytes() > 0) {
            all.add("journal file " + journal.tornFile() + ", offset " + journal.tornOffset() + ": "
                    + journal.tornBytes()
                    + " bytes of a commit that was never finished; the next writer cuts them off");
        }
    }

    /** Turns a fact that this library did not write into the ledger's failure. */
    private static LedgerException unreadable(JournalFact fact, RuntimeException cause) {
        return new LedgerException(
                ErrorCode.CORRUPT, "the journal holds a " + fact.kind() + " record that cannot be read", cause);
    }

    /** Derives everything from the records. */
    private static final class Reading implements JournalReplay {
        private final AccountBook book = new AccountBook();
        private final Map<String, RunSpec> specs = new LinkedHashMap<>();
        private final List<RunFinding> findings = new ArrayList<>();
        private final Set<String> findingKeys = new HashSet<>();
        private final Set<Long> told = new HashSet<>();
        private final List<String> profiles = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private ModelFormulas formulas = ModelFormulas.none();
        private long observations;

        @Override
        public void fact(JournalFact fact) {
            try {
                switch (fact.kind()) {
                    case RUN -> addRun(RunSpecJson.read(fact.text()));
                    case PROFILE -> profiles.add(fact.text());
                    case FINDING -> addFinding(FindingJson.read(fact.text()));
                    case DELIVERY -> addDelivery(Long.parseLong(fact.text()));
                    case MODEL, REJECTION, SNAPSHOT -> {
                        // Nothing of these enters a total.
                    }
                }
            } catch (IllegalArgumentException | DateTimeException e) {
                throw unreadable(fact, e);
            }
        }

        private void addRun(RunSpec spec) {
            specs.put(spec.id(), spec);
            String model = spec.model();
            if (model != null) {
                for (StepFormula formula : spec.formulas()) {
                    formulas = formulas.with(model, formula);
                }
                book.use(formulas);
            }
        }

        private void addFinding(RunFinding finding) {
            String key = finding.run() + "\n" + finding.finding().rule() + "\n"
                    + finding.finding().kind();
            if (!findingKeys.add(key)) {
                faults.add("a finding is recorded twice: " + finding.summary());
            }
            findings.add(finding);
        }

        private void addDelivery(long number) {
            if (number < 0 || number >= findings.size()) {
                faults.add("listeners were told of finding " + number + ", of which there is no record");
            } else {
                told.add(number);
            }
        }

        @Override
        public void steps(StepBatch batch) {
            Validation validation = batch.validate();
            int valid = validation.mask().accepted();
            AccountBook.Repeats repeats = book.admit(validation);
            int repeated = repeats.duplicates() + repeats.conflicts();
            if (valid < batch.rows() || repeated > 0) {
                faults.add("a recorded batch of " + batch.rows() + " rows has " + (batch.rows() - valid)
                        + " that are not valid and " + repeated + " that were recorded before");
            }
            book.add(validation);
            observations += validation.mask().accepted();
        }
    }

    /** Hands the records on to a ledger. */
    private static final class Copying implements JournalReplay {
        private final ComputeLedger target;
        private long rows;
        private long accepted;
        private long duplicates;
        private long conflicts;

        Copying(ComputeLedger target) {
            this.target = target;
        }

        @Override
        public void fact(JournalFact fact) {
            if (fact.kind() == JournalFact.Kind.RUN) {
                try {
                    target.run(RunSpecJson.read(fact.text()));
                } catch (IllegalArgumentException e) {
                    throw unreadable(fact, e);
                }
            }
        }

        @Override
        public void steps(StepBatch batch) {
            IngestResult result = target.ingest(batch);
            rows += result.rows();
            accepted += result.accepted();
            duplicates += result.repeats().duplicates();
            conflicts += result.repeats().conflicts();
        }
    }
}
