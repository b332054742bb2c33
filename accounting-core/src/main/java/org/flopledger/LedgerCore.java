package org.flopledger;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.review.ReviewProfile;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of an open ledger share: its state and the lock that guards it, the journal that makes it durable, what
 * listeners are told, and how it fails and ends. Thread-safe.
 */
final class LedgerCore {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final BufferAllocator allocator = new RootAllocator();
    private final Map<String, ReviewProfile> profiles;
    private final Deliveries deliveries;
    private final @Nullable LedgerJournal journal;
    private final Tally tally = new Tally();
    private final Failures failures;

    // Guarded by the lock.
    private LedgerState state = new LedgerState(fault -> LOG.log(System.Logger.Level.WARNING, fault));
    private Screening screening;
    private Intake intake;

    /** After a failure, what was on the disk when it came, once somebody has asked. */
    private @Nullable LedgerState durableState;

    private volatile Runnable onStop = () -> {};
    private volatile boolean isClosed;

    LedgerCore(LedgerBuilder builder) {
        profiles = new LinkedHashMap<>(builder.profiles());
        failures = new Failures(builder.failureListeners(), builder.executor());
        Path directory = builder.directory();
        if (directory == null) {
            journal = null;
            screening = new Screening(profiles, state.findings());
            intake = new Intake(state, screening);
            deliveries = new Deliveries(builder.listeners(), builder.executor(), number -> {});
            return;
        }
        LedgerJournal opened = open(builder, directory);
        journal = opened;
        screening = new Screening(profiles, state.findings());
        intake = new Intake(state, screening);
        tally.begin(state.book());
        opened.onFailure(this::fail);
        String torn = opened.cut();
        if (torn != null) {
            LOG.log(System.Logger.Level.WARNING, "cut off on opening: " + torn);
        }
        state.putInForce(profiles.keySet(), opened);
        // What stands before anybody asked is found now; listeners are told of it with the rest.
        Set<String> known = new LinkedHashSet<>(state.book().runs());
        known.addAll(state.runs().all().keySet());
        opened.await(opened.findings(standing(known)));
        deliveries = new Deliveries(builder.listeners(), builder.executor(), number -> markTold(opened, number));
        state.untold(deliveries);
    }

    private LedgerJournal open(LedgerBuilder builder, Path directory) {
        try {
            return LedgerJournal.open(builder.opener(), directory, builder.options(), allocator, state);
        } catch (LedgerException e) {
            allocator.close();
            throw e;
        }
    }

    /** Under the lock, so that no snapshot comes between the mark and the state that says so. */
    private void markTold(LedgerJournal opened, long number) {
        lock.lock();
        try {
            opened.delivered(number);
            state.recallTold(number);
        } finally {
            lock.unlock();
        }
    }

    /** Says what is to stop at once when the ledger fails; it may be called under any lock. */
    void onStop(Runnable action) {
        onStop = action;
    }

    /** Returns what an action returns that is done under the lock of an open ledger. */
    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            requireOpen();
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the state; under the lock. */
    LedgerState state() {
        return state;
    }

    /** Returns what the rules in force read accounts by; under the lock. */
    Screening screening() {
        return screening;
    }

    /** Returns what takes batches into the accounts; under the lock. */
    Intake intake() {
        return intake;
    }

    /** Returns the journal, or null if the ledger is in memory. */
    @Nullable
    LedgerJournal journal() {
        return journal;
    }

    Tally tally() {
        return tally;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    /** Goes back to what the records say; under the lock. */
    void restore(LedgerJournal opened) {
        state = opened.replay(false, allocator);
        opened.use(state);
        screening = new Screening(profiles, state.findings());
        intake = new Intake(state, screening);
    }

    /** Returns what the rules find in runs as they are, though no step came; under the lock. */
    List<RunFinding> standing(Set<String> runs) {
        List<RunFinding> found = new ArrayList<>();
        for (String run : runs) {
            found.addAll(screening.standing(state.book(), run, state.runs().spec(run)));
        }
        return found;
    }

    /** Writes what was just found and has listeners told of it when it is durable; under the lock. Returns the commit. */
    long commit(List<RunFinding> found) {
        long commit = journal == null ? 0 : journal.findings(found);
        queue(state.findings().count() - found.size(), commit, found);
        return commit;
    }

    /** Has listeners told of findings when their commit is durable; under the lock. */
    void queue(long firstNumber, long commit, List<RunFinding> found) {
        deliveries.queue(firstNumber, commit, found);
    }

    /** Returns the newest commit, 0 in memory. */
    long lastCommit() {
        return journal == null ? 0 : journal.lastCommit();
    }

    /** Waits until a commit is on the disk; no effect in memory. */
    void awaitDurable(long commit) {
        if (journal != null) {
            journal.await(commit);
        }
        tally.durable(acknowledged());
    }

    /** Waits until a commit is on the disk and has listeners told. To be called without a lock. */
    void acknowledge(long commit) {
        awaitDurable(commit);
        tellListeners();
    }

    /** Has listeners told of what is durable; waits while very many findings wait. To be called without a lock. */
    void tellListeners() {
        deliveries.release(acknowledged());
    }

    /** Has listeners told of what is durable, without waiting for any of them. */
    void tellListenersSoon() {
        deliveries.releaseWithoutWaiting(acknowledged());
    }

    /** Returns when listeners were told of everything that is durable. */
    void awaitListeners() throws InterruptedException {
        deliveries.awaitTold();
    }

    private long acknowledged() {
        return journal == null ? 0 : journal.acknowledged();
    }

    /**
     * Reads the state, and returns when what was read is on the disk; after a failure, what was on the disk when it came.
     *
     * @param settle takes in what was recorded before
     */
    <T> T read(Runnable settle, Function<LedgerState, T> reader) {
        if (failures.first() == null) {
            try {
                settle.run();
                long commit;
                T result;
                lock.lock();
                try {
                    result = reader.apply(state);
                    commit = lastCommit();
                } finally {
                    lock.unlock();
                }
                if (!isClosed) {
                    awaitDurable(commit);
                }
                if (failures.first() == null) {
                    return result;
                }
            } catch (LedgerException e) {
                if (failures.first() == null) {
                    throw e;
                }
            }
        }
        lock.lock();
        try {
            return reader.apply(durableState());
        } finally {
            lock.unlock();
        }
    }

    private LedgerState durableState() {
        if (journal == null) {
            return state;
        }
        LedgerState known = durableState;
        if (known == null) {
            // The ledger's own memory may be closed by now.
            try (BufferAllocator memory = new RootAllocator()) {
                known = journal.replay(true, memory);
            }
            durableState = known;
        }
        return known;
    }

    /** Returns what stopped the ledger, or null. */
    @Nullable
    LedgerException failure() {
        return failures.first();
    }

    /** Stops the ledger, the first time, and has it told. Called anywhere, under any lock. */
    void fail(LedgerException failure) {
        if (failures.isFirst(failure)) {
            onStop.run();
            failures.tell();
        }
    }

    /** Stops the ledger over a fault of this library and returns what to throw. */
    LedgerException fail(String what, Throwable cause) {
        LedgerException failure = new LedgerException(LedgerException.Code.INTERNAL, what, cause);
        fail(failure);
        return failure;
    }

    /** Returns what to throw at whoever uses a ledger that was closed or has failed. */
    LedgerException unusable() {
        LedgerException failure = failures.first();
        return failure == null
                ? new LedgerException(LedgerException.Code.CLOSED, "the ledger is closed")
                : again(failure);
    }

    private static LedgerException again(LedgerException failure) {
        return new LedgerException(
                failure.code(),
                "the ledger has stopped after a failure; open it again: " + failure.getMessage(),
                failure);
    }

    private void requireOpen() {
        requireUsable();
        if (journal != null) {
            journal.requireRunning();
        }
    }

    /** Throws if the ledger was closed or has failed. */
    void requireUsable() {
        if (isClosed || failures.first() != null) {
            throw unusable();
        }
    }

    boolean isClosed() {
        return isClosed;
    }

    /**
     * Ends the ledger; no effect the second time, unless it has failed.
     *
     * @param syncer ended first
     * @param unflushed why what was recorded last could not be taken in, or null
     */
    void close(Syncer syncer, @Nullable LedgerException unflushed) {
        LedgerException thrown = unflushed;
        if (hasBegunClosing()) {
            try {
                end(syncer);
            } catch (LedgerException e) {
                thrown = thrown == null ? e : thrown;
            }
        }
        LedgerException failure = failures.first();
        if (failure != null) {
            throw again(failure);
        }
        if (thrown != null) {
            throw thrown;
        }
    }

    private boolean hasBegunClosing() {
        lock.lock();
        try {
            boolean isFirst = !isClosed;
            isClosed = true;
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    private void end(Syncer syncer) {
        try (allocator) {
            syncer.close();
            if (failures.first() == null) {
                awaitDurable(lastCommit());
            }
            deliveries.close(acknowledged());
        } finally {
            if (journal != null) {
                journal.close();
            }
        }
    }
}
