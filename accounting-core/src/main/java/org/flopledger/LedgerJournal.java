package org.flopledger;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.journal.Journal;
import org.flopledger.journal.JournalEntry;
import org.flopledger.journal.JournalException;
import org.flopledger.journal.JournalFact;
import org.flopledger.journal.JournalOptions;
import org.flopledger.journal.JournalReplay;
import org.flopledger.journal.JournalSteps;
import org.flopledger.telemetry.Rejection;
import org.flopledger.telemetry.Validation;

/**
 * What a ledger writes into its journal: one commit a batch, with everything the batch brought about.
 *
 * <p>Turns the journal's failures into the ledger's. Thread-safe as the journal is.
 */
final class LedgerJournal implements AutoCloseable {

    private final Journal journal;

    private LedgerJournal(Journal journal) {
        this.journal = journal;
    }

    static LedgerJournal open(Path directory, JournalOptions options, BufferAllocator allocator, JournalReplay replay) {
        try {
            return new LedgerJournal(Journal.open(directory, options, allocator, replay));
        } catch (JournalException e) {
            throw translated(e);
        }
    }

    /** Writes the description of a run and waits for the disk. */
    void run(RunSpec spec) {
        write(List.of(JournalFact.of(JournalFact.Kind.RUN, RunSpecJson.write(spec))), true);
    }

    /** Writes which profile's rules are in force. */
    void profile(String id) {
        write(List.of(JournalFact.of(JournalFact.Kind.PROFILE, id)), true);
    }

    /**
     * Writes the accepted rows of a batch, what was rejected and what was found, as one commit: all or nothing.
     *
     * @return the commit, for {@link #await}; 0 if there was nothing to write
     */
    long batch(Validation validation, int accepted, List<RunFinding> findings) {
        List<JournalEntry> entries = new ArrayList<>();
        if (accepted > 0) {
            entries.add(new JournalSteps(validation.batch(), validation.mask()));
        }
        for (Rejection rejection : validation.rejections()) {
            entries.add(JournalFact.of(
                    JournalFact.Kind.REJECTION,
                    rejection.code() + " " + rejection.count() + " " + rejection.firstRow()));
        }
        for (RunFinding finding : findings) {
            entries.add(JournalFact.of(JournalFact.Kind.FINDING, FindingJson.write(finding)));
        }
        return entries.isEmpty() ? 0 : write(entries, false);
    }

    /** Writes that listeners were told of a finding. Not waited for: after a crash they are told once more. */
    void delivered(long number) {
        write(List.of(JournalFact.of(JournalFact.Kind.DELIVERY, Long.toString(number))), false);
    }

    private long write(List<JournalEntry> entries, boolean wait) {
        try {
            long commit = journal.append(entries);
            if (wait) {
                journal.awaitDurable(commit);
            }
            return commit;
        } catch (JournalException e) {
            throw translated(e);
        }
    }

    /** Waits until a commit is as durable as the options promise. */
    void await(long commit) {
        try {
            journal.awaitDurable(commit);
        } catch (JournalException e) {
            throw translated(e);
        }
    }

    static LedgerException translated(JournalException e) {
        ErrorCode code = switch (e.kind()) {
            case LOCKED -> ErrorCode.LOCKED;
            case CORRUPT, UNKNOWN_VERSION -> ErrorCode.CORRUPT;
            case NOT_A_LEDGER -> ErrorCode.NOT_A_LEDGER;
            case INPUT_OUTPUT, STOPPED, TOO_LARGE -> ErrorCode.STORAGE_FAILED;
        };
        return new LedgerException(code, String.valueOf(e.getMessage()), e);
    }

    @Override
    public void close() {
        try {
            journal.close();
        } catch (JournalException e) {
            throw translated(e);
        }
    }
}
