package org.flopledger;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.internal.journal.Journal;
import org.flopledger.internal.journal.JournalEntry;
import org.flopledger.internal.journal.JournalException;
import org.flopledger.internal.journal.JournalFact;
import org.flopledger.internal.journal.JournalSteps;
import org.flopledger.internal.kernel.AcceptMask;
import org.flopledger.journal.JournalOptions;
import org.flopledger.telemetry.RowRejection;
import org.flopledger.telemetry.Validation;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger writes into its journal: one commit a batch, with everything the batch brought about.
 *
 * <p>Turns the journal's failures into the ledger's, and stops at the first: the accounts may then be ahead of what is on the
 * disk. Thread-safe as the journal is.
 */
final class LedgerJournal implements AutoCloseable {

    /** A snapshot is one record; this much leaves room for what a record has besides. */
    static final int MOST_SNAPSHOT_BYTES = 255 << 20;

    private final Journal journal;
    private final Snapshots snapshots;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable LedgerException> failure = new AtomicReference<>();
    private volatile Consumer<LedgerException> onFailure = e -> {};

    /** Goes on with an open journal, which was replayed into the state. */
    LedgerJournal(Journal journal, JournalOptions options, LedgerState state) {
        this.journal = journal;
        snapshots = new Snapshots(
                state, this, options.snapshotBytes(), journal.recovery().bytes(), MOST_SNAPSHOT_BYTES);
    }

    /** Opens the journal of a directory, which is made if it is not there, and replays what it holds into a state. */
    static LedgerJournal open(
            LedgerBuilder.JournalOpener opener,
            Path directory,
            JournalOptions options,
            BufferAllocator allocator,
            LedgerState state) {
        try {
            return new LedgerJournal(opener.open(directory, options, allocator, state), options, state);
        } catch (JournalException e) {
            throw translated(e);
        }
    }

    /** Tells who is to be told of the first failure; called where it happens, so it must return at once. */
    void onFailure(Consumer<LedgerException> listener) {
        onFailure = listener;
        journal.onStop(e -> {
            LedgerException unused = stop(e);
        });
    }

    /** Goes on with another state of the same records, for snapshots. */
    void use(LedgerState other) {
        snapshots.use(other);
    }

    /** Returns what the records say: all of them, or only those that are on the disk for certain. */
    LedgerState replay(boolean isDurableOnly, BufferAllocator allocator) {
        LedgerState replayed = new LedgerState(fault -> {
            throw new LedgerException(LedgerException.Code.CORRUPT, fault);
        });
        try {
            journal.replay(isDurableOnly, allocator, replayed);
        } catch (JournalException e) {
            throw translated(e);
        }
        return replayed;
    }

    /** Returns what was cut off the end when the journal was opened, in words, or null. */
    @Nullable
    String cut() {
        return journal.recovery().torn();
    }

    /** Returns the newest commit that is on the disk for certain. */
    long durableCommit() {
        return journal.durableCommit();
    }

    /** Returns the newest commit. */
    long lastCommit() {
        return journal.lastCommit();
    }

    /** Throws if an earlier call has failed. */
    void requireRunning() {
        LedgerException stopped = failure.get();
        if (stopped != null) {
            throw new LedgerException(
                    stopped.code(),
                    "the ledger has stopped after a failure; open it again: " + stopped.getMessage(),
                    stopped);
        }
    }

    /** Writes the description of a run and returns the commit, for {@link #await}. */
    long run(RunSpec spec) {
        JournalFact fact = JournalFact.of(JournalFact.Kind.RUN, RunSpecJson.write(spec));
        requireFits(fact, "the description of run '" + spec.id() + "'");
        return write(List.of(fact));
    }

    /** Writes which profile's rules are in force, and waits for the disk. */
    void profile(String id) {
        await(write(List.of(JournalFact.of(JournalFact.Kind.PROFILE, id))));
    }

    /** Writes that steps were taken back and returns the commit, for {@link #await}. */
    long retraction(RetractionJson.Entry entry) {
        return write(List.of(JournalFact.of(JournalFact.Kind.RETRACTION, RetractionJson.write(entry))));
    }

    /** Throws, and changes nothing, if the accepted rows of a batch are more than one commit can hold. */
    void requireFits(Validation validation) {
        AcceptMask mask = validation.mask();
        if (mask.accepted() > 0) {
            requireFits(
                    new JournalSteps(validation.batch(), mask),
                    "a batch of " + validation.batch().rows() + " rows");
        }
    }

    private void requireFits(JournalEntry entry, String what) {
        try {
            journal.requireFits(entry);
        } catch (JournalException e) {
            if (e.kind() != JournalException.Kind.TOO_LARGE) {
                throw translated(e);
            }
            throw new LedgerException(
                    LedgerException.Code.TOO_LARGE,
                    what + " was not taken in, the ledger goes on: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Writes the accepted rows of a batch, what was rejected and what was found, as one commit: all or nothing.
     *
     * @return the commit to {@link #await}: without anything to write the last one, for what the batch repeats may still be
     *     on its way
     */
    long batch(Validation validation, int accepted, List<RunFinding> findings) {
        return batch(validation, accepted, validation.rejections(), findings);
    }

    /** Writes the accepted rows of a batch and what was rejected and found besides, as one commit; see above. */
    long batch(Validation validation, int accepted, List<RowRejection> rejections, List<RunFinding> findings) {
        List<JournalEntry> entries = new ArrayList<>();
        if (accepted > 0) {
            entries.add(new JournalSteps(validation.batch(), validation.mask()));
        }
        for (RowRejection rejection : rejections) {
            entries.add(entry(rejection));
        }
        for (RunFinding finding : findings) {
            entries.add(JournalFact.of(JournalFact.Kind.FINDING, FindingJson.write(finding)));
        }
        return entries.isEmpty() ? journal.lastCommit() : write(entries);
    }

    /** Writes rows that could not be taken in, and returns the commit. */
    long rejected(List<RowRejection> rejections) {
        return write(rejections.stream().map(LedgerJournal::entry).collect(java.util.stream.Collectors.toList()));
    }

    private static JournalEntry entry(RowRejection rejection) {
        return JournalFact.of(
                JournalFact.Kind.REJECTION, rejection.code() + " " + rejection.count() + " " + rejection.firstRow());
    }

    /** Writes findings that no batch caused and returns the commit; without any, the last one. */
    long findings(List<RunFinding> findings) {
        List<JournalEntry> entries = new ArrayList<>();
        for (RunFinding finding : findings) {
            entries.add(JournalFact.of(JournalFact.Kind.FINDING, FindingJson.write(finding)));
        }
        return entries.isEmpty() ? journal.lastCommit() : write(entries);
    }

    /** Writes that listeners were told of a finding. Not waited for: after a crash they are told once more. */
    void delivered(long number) {
        write(List.of(JournalFact.of(JournalFact.Kind.DELIVERY, Long.toString(number))));
    }

    /** Returns how many bytes of commits were appended since the journal was opened. */
    long appendedBytes() {
        return journal.appendedBytes();
    }

    /** Writes the state after everything before, and waits for the disk. */
    void snapshot(byte[] state) {
        try {
            journal.snapshot(JournalFact.of(JournalFact.Kind.SNAPSHOT, state));
        } catch (JournalException e) {
            throw stop(e);
        }
    }

    /** Writes a snapshot of the state if enough was appended since the last one; to be called under the ledger's lock. */
    void snapshotIfDue() {
        snapshots.writeIfDue();
    }

    /** Writes a snapshot and deletes the files before it; to be called under the ledger's lock. Returns how many there were. */
    int compact() {
        return snapshots.compact();
    }

    /** Deletes the files before the last snapshot and returns how many there were. */
    int deleteBeforeSnapshot() {
        try {
            return journal.compact();
        } catch (JournalException e) {
            throw stop(e);
        }
    }

    private long write(List<JournalEntry> entries) {
        try {
            return journal.append(entries);
        } catch (JournalException e) {
            throw stop(e);
        }
    }

    /** Waits until a commit is as durable as the options promise. */
    void await(long commit) {
        try {
            journal.awaitDurable(commit);
        } catch (JournalException e) {
            throw stop(e);
        }
        acknowledged.accumulateAndGet(commit, Math::max);
    }

    /** Returns the newest commit that is as durable as the options promise; so are all before it. */
    long acknowledged() {
        return acknowledged.get();
    }

    private LedgerException stop(JournalException e) {
        LedgerException stopped = translated(e);
        if (failure.compareAndSet(null, stopped)) {
            onFailure.accept(stopped);
        }
        return stopped;
    }

    static LedgerException translated(JournalException e) {
        LedgerException.Code code = switch (e.kind()) {
            case LOCKED -> LedgerException.Code.LOCKED;
            case CORRUPT, UNKNOWN_VERSION -> LedgerException.Code.CORRUPT;
            case NOT_A_LEDGER -> LedgerException.Code.NOT_A_LEDGER;
            case INPUT_OUTPUT, STOPPED, TOO_LARGE -> LedgerException.Code.STORAGE_FAILED;
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
