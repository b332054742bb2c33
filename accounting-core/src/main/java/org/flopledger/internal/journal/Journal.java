package org.flopledger.internal.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.journal.JournalOptions;
import org.flopledger.journal.JournalRecovery;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of a ledger: commits of step batches and facts, appended to segment files that any Arrow reader opens.
 *
 * <p>Each record carries its length, a CRC32C and the SHA-256 of the record before it. A commit is there as a whole or not
 * at all. After a failed write or flush the journal is stopped and acknowledges nothing more: what a disk holds after a
 * failed flush can only be learnt by reading it, so open the journal again. The file format is described in
 * {@code accounting-core/docs/formats/journal.md}.
 *
 * <p>One writer at a time for a directory; readers ({@link JournalReader}) may come while it writes. Thread-safe: threads that wait
 * for the disk at the same moment share one flush.
 */
public final class Journal implements AutoCloseable {

    private final Storage storage;
    private final JournalOptions options;
    private final @Nullable WriterLock lock;
    private final JournalRecovery recovery;
    private final SegmentWriter writer;
    private final @Nullable ScheduledExecutorService flusher;

    /** Held while the disk is awaited; taken after this object's own lock where both are needed. */
    private final Object forceLock = new Object();

    private volatile Storage.@Nullable WritableFile file;
    private volatile long written;
    private volatile long durable;
    private volatile @Nullable Throwable failure;
    private volatile boolean isClosed;
    private volatile Consumer<JournalException> onStop = e -> {};
    private boolean isCleanlyEnded;
    private boolean isFlushScheduled;

    private Journal(
            Storage storage,
            JournalOptions options,
            @Nullable WriterLock lock,
            JournalRecovery recovery,
            SegmentWriter writer) {
        this.storage = storage;
        this.options = options;
        this.lock = lock;
        this.recovery = recovery;
        this.writer = writer;
        file = writer.file();
        written = writer.nextSequence();
        durable = written;
        isCleanlyEnded = recovery.closedInOrder();
        flusher = options.flushInterval().isZero() ? null : newFlusher();
    }

    /**
     * Opens the journal of a directory for writing, replays what it holds and cuts an unfinished end.
     *
     * @param directory is made, for its owner only, if it is not there; an empty one becomes a journal
     * @param allocator for the batches that are replayed; not kept
     * @param replay receives everything since the last snapshot, and the snapshot itself
     * @throws JournalException if another writer has it open, or it is damaged, or cannot be read or written
     */
    public static Journal open(
            Path directory, JournalOptions options, BufferAllocator allocator, JournalReplay replay) {
        try {
            DirectoryStorage.make(directory);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Kind.NOT_A_LEDGER, "the ledger directory cannot be made: " + e, e);
        }
        WriterLock lock = WriterLock.acquire(directory);
        try {
            return open(new DirectoryStorage(directory), options, lock, allocator, replay);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    static Journal open(
            Storage storage,
            JournalOptions options,
            @Nullable WriterLock lock,
            BufferAllocator allocator,
            JournalReplay replay) {
        try (JournalScan scan = new JournalScan(storage, allocator, replay)) {
            JournalRecovery recovery = scan.run(false);
            SegmentWriter writer = new SegmentWriter(storage, options.segmentBytes(), scan.end(), scan::texts);
            SegmentRepair.repair(storage, recovery, scan.end(), writer);
            return new Journal(storage, options, lock, recovery, writer);
        } catch (IOException e) {
            throw JournalException.inputOutput("the journal cannot be opened", e);
        }
    }

    /** Returns what was found when this journal was opened. */
    public JournalRecovery recovery() {
        return recovery;
    }

    /**
     * Appends one commit.
     *
     * @param entries what it holds, at least one; read during the call only
     * @return the commit's number, for {@link #awaitDurable}
     * @throws JournalException if the journal is stopped or stops now, or if the commit is too large, which stops nothing
     */
    public synchronized long append(List<JournalEntry> entries) {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("a commit has no entries, must have at least 1");
        }
        requireRunning();
        try {
            if (writer.needsNewSegment(entries)) {
                beginSegment(entries, null);
            }
            writer.write(entries, durable);
        } catch (IOException e) {
            throw stop(e);
        }
        written = writer.nextSequence();
        isCleanlyEnded = false;
        scheduleFlush();
        return written;
    }

    /**
     * Throws unless an entry can be written, so that a caller knows before anything depends on it. Lengths are estimated from
     * above; {@link #append} takes what passes.
     *
     * @throws JournalException of kind TOO_LARGE, which stops nothing
     */
    public synchronized void requireFits(JournalEntry entry) {
        writer.requireFits(entry);
    }

    /** Returns how many bytes of commits were appended since the journal was opened, snapshots included. */
    public synchronized long appendedBytes() {
        return writer.writtenBytes();
    }

    /** Returns the number of the last commit that is on the disk for certain. */
    public long durableCommit() {
        return durable;
    }

    /** Returns the number of the last commit that was appended, for {@link #awaitDurable}. */
    public long lastCommit() {
        return written;
    }

    /**
     * Waits until a commit is on the disk; with a flush interval, only makes sure that the journal still runs.
     *
     * @throws JournalException if the journal has stopped: the commit may or may not be on the disk
     */
    public void awaitDurable(long commit) {
        if (flusher != null) {
            requireRunning();
        } else if (durable < commit) {
            force(commit);
        }
    }

    /** Waits until everything appended so far is on the disk, whatever the flush interval. */
    public void flush() {
        long commit = written;
        if (durable < commit) {
            force(commit);
        }
    }

    private void force(long commit) {
        synchronized (forceLock) {
            if (durable >= commit) {
                return;
            }
            requireRunning();
            // In this order: what is written before the flush begins is on the disk when it has ended.
            long reached = written;
            Storage.WritableFile current = file;
            try {
                if (current != null) {
                    current.force();
                }
            } catch (IOException e) {
                throw stop(e);
            }
            durable = reached;
        }
    }

    /**
     * Writes the state of all accounts as the beginning of a new segment, from which the journal can be opened without what
     * came before. Returns when it is on the disk.
     *
     * @param snapshot a fact of kind SNAPSHOT
     * @throws JournalException if the journal is stopped or stops now, or if the fact is too large, which stops nothing
     */
    public synchronized void snapshot(JournalFact snapshot) {
        if (snapshot.kind() != JournalFact.Kind.SNAPSHOT) {
            throw new IllegalArgumentException("fact is a " + snapshot.kind() + ", must be a SNAPSHOT");
        }
        requireRunning();
        writer.requireFits(snapshot);
        try {
            beginSegment(List.of(), snapshot);
        } catch (IOException e) {
            throw stop(e);
        } catch (RuntimeException | Error e) {
            // Out of memory, perhaps, between one segment and the next: nothing may be built on that.
            if (failure == null) {
                failure = e;
                onStop.accept(
                        new JournalException(JournalException.Kind.STOPPED, "no snapshot could be made: " + e, e));
            }
            throw e;
        }
        isCleanlyEnded = false;
    }

    private void beginSegment(List<JournalEntry> entries, @Nullable JournalFact snapshot) throws IOException {
        synchronized (forceLock) {
            // A flush may have failed while this waited: the next one succeeds, and says nothing of what the failed one
            // dropped.
            requireRunning();
            writer.sealSegment();
            writer.beginSegment(entries, snapshot);
            file = writer.file();
            written = writer.nextSequence();
            durable = written;
        }
    }

    /**
     * Deletes the segments before the last snapshot. The chain stays verifiable from that snapshot on: its segment names
     * the hash of the last record deleted.
     *
     * @return how many segments were deleted
     */
    public synchronized int compact() {
        requireRunning();
        try {
            return SegmentRepair.deleteBeforeSnapshot(storage);
        } catch (IOException e) {
            throw stop(e);
        }
    }

    private void scheduleFlush() {
        if (flusher != null && !isFlushScheduled) {
            isFlushScheduled = true;
            ScheduledFuture<?> unused = flusher.schedule(
                    this::flushOnSchedule, options.flushInterval().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void flushOnSchedule() {
        synchronized (this) {
            isFlushScheduled = false;
        }
        if (failure == null) {
            // A failure stops the journal; its listener and the next caller are told.
            try {
                flush();
            } catch (JournalException e) {
                System.getLogger(Journal.class.getName()).log(System.Logger.Level.ERROR, e.getMessage());
            }
        }
    }

    private static ScheduledExecutorService newFlusher() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "flopledger-journal-flush");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    private void requireRunning() {
        Throwable cause = failure;
        if (cause != null) {
            throw new JournalException(
                    JournalException.Kind.STOPPED,
                    "the journal has stopped after a failure (" + cause.getMessage()
                            + "); open it again to go on from what is on the disk",
                    cause);
        }
        if (isClosed) {
            throw new JournalException(JournalException.Kind.STOPPED, "the journal is closed");
        }
    }

    private JournalException stop(IOException cause) {
        failure = cause;
        JournalException stopped = JournalException.inputOutput("the journal has stopped: writing failed", cause);
        onStop.accept(stopped);
        return stopped;
    }

    /** Has a failure that stops the journal told where it happens, under its locks: the listener must return at once. */
    public void onStop(Consumer<JournalException> listener) {
        onStop = listener;
    }

    /**
     * Reads again what this journal has written, also after it has stopped.
     *
     * @param isDurableOnly whether to leave out the commits that are not on the disk for certain
     * @throws JournalException if it cannot be read
     */
    public synchronized void replay(boolean isDurableOnly, BufferAllocator allocator, JournalReplay replay) {
        try (JournalScan scan = new JournalScan(storage, allocator, replay, isDurableOnly ? durable : written)) {
            JournalRecovery unused = scan.run(false);
        } catch (IOException e) {
            throw JournalException.inputOutput("the journal cannot be read", e);
        }
    }

    /** Flushes, marks the end as orderly and lets the next writer in. A stopped journal is closed without a mark. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        try {
            if (failure == null && !isCleanlyEnded && file != null) {
                flush();
                writer.writeClosed();
                written = writer.nextSequence();
                flush();
            }
        } catch (IOException e) {
            throw stop(e);
        } finally {
            isClosed = true;
            release();
        }
    }

    /** Ends as the death of the process would: nothing more is written or flushed. For tests of recovery. */
    void abandon() {
        if (!isClosed) {
            isClosed = true;
            release();
        }
    }

    private void release() {
        writer.close();
        if (flusher != null) {
            flusher.shutdown();
        }
        try {
            Storage.WritableFile open = file;
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            failure = e;
        }
        if (lock != null) {
            lock.close();
        }
    }
}
