package org.flopledger;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The live side of a ledger: steps are recorded one by one into a buffer. One thread of the ledger exchanges it for an empty
 * one, soon after the first step came into it or when it is half full; another takes in what is in the exchanged ones. So
 * there is room for steps also while taking in waits for a disk. Who records neither takes steps in nor waits for a disk,
 * until all the room is used up. Thread-safe.
 */
final class Recording {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());

    /** Steps of one buffer, if that much room was asked for: a mebibyte. */
    private static final int BUFFER = 1 << 13;

    /** Intervals without a step after which the next step has to wake the thread that exchanges buffers. */
    private static final int QUIET_INTERVALS = 16;

    private final LedgerCore core;
    private final LedgerWriter writer;
    private final int capacity;
    private final int bufferSteps;
    private final long intervalNanos;
    private final LedgerBuilder.WhenFull whenFull;
    private final AtomicLong waits = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final ReentrantLock takeLock = new ReentrantLock();
    private volatile @Nullable StepRecorder recorder;
    private volatile @Nullable Thread swapper;
    private @Nullable Thread taker;
    private volatile boolean isIdle;

    /** What was exchanged and is not taken in yet, oldest first; guarded by itself. */
    private final Queue<StepRecorder.Taken> exchanged = new ArrayDeque<>();

    private volatile int exchangedSteps;
    private volatile boolean isEnded;

    /** What was taken in since the last call of flush. Guarded by the lock for taking. */
    private @Nullable IngestResult sinceFlush;

    /** What a recorder says of itself. */
    record Counts(int pending, int exchanged, int capacity, long waits, long refused, long restarts) {}

    Recording(LedgerCore core, LedgerWriter writer, LedgerBuilder options) {
        this.core = core;
        this.writer = writer;
        capacity = options.recorderSteps();
        bufferSteps = Math.min(capacity / 2, BUFFER);
        intervalNanos = options.flushInterval().toNanos();
        whenFull = options.whenFull();
    }

    /** Returns the handle by which a source's steps are recorded; the first one allocates the buffer. */
    StepRecorder.Run handle(RunSpec spec, AttemptLine line, String source) {
        StepRecorder steps = recorder();
        return line.handle(source, attempts -> steps.run(spec.id(), attempts, source, spec.stage(), line.run()::model));
    }

    private synchronized StepRecorder recorder() {
        StepRecorder steps = recorder;
        if (steps == null) {
            steps = new StepRecorder(bufferSteps, new Signals());
            recorder = steps;
            swapper = thread("flopledger-recording", this::swapWhenDue);
            taker = thread("flopledger-intake", this::takeWhenThere);
            if (isEnded) {
                steps.end(core::unusable).close();
            } else {
                swapper.start();
                taker.start();
            }
        }
        return steps;
    }

    private Thread thread(String name, Runnable loop) {
        Thread thread = new Thread(() -> runGuarded(loop), name);
        thread.setDaemon(true);
        return thread;
    }

    /** Wakes the thread that exchanges buffers: only when it sleeps for want of steps, or the buffer fills up. */
    private final class Signals implements StepRecorder.Signals {

        @Override
        public void pending() {
            StepRecorder steps = recorder;
            if (isIdle || (steps != null && isHalfFull(steps))) {
                LockSupport.unpark(swapper);
            }
        }

        @Override
        public void full() {
            if (whenFull == LedgerBuilder.WhenFull.FAIL) {
                refused.incrementAndGet();
                throw new LedgerException(
                        LedgerException.Code.RECORDER_FULL,
                        "the step was not recorded: " + capacity
                                + " steps wait to be taken in, which is what the recorder" + " has room for");
            }
            waits.incrementAndGet();
            LockSupport.unpark(swapper);
        }
    }

    private boolean isHalfFull(StepRecorder steps) {
        return steps.pending() > bufferSteps / 2;
    }

    private void runGuarded(Runnable loop) {
        try {
            loop.run();
        } catch (LedgerException e) {
            // The ledger has stopped, and has said so.
            core.fail(e);
        } catch (Throwable e) {
            // Without this thread nothing is ever found again: whatever it is, the user must know.
            core.fail(new LedgerException(
                    LedgerException.Code.INTERNAL, "recorded steps could not be taken in: " + e, e));
        }
    }

    /** While steps come it looks once an interval, so that who records wakes nobody: that is a call of the system. */
    private void swapWhenDue() {
        long lastSteps = System.nanoTime();
        while (!isEnded) {
            nap();
            if (pending() > 0) {
                swap(false);
                lastSteps = System.nanoTime();
            } else if (System.nanoTime() - lastSteps > QUIET_INTERVALS * intervalNanos) {
                awaitSteps();
            }
        }
    }

    private void awaitSteps() {
        isIdle = true;
        while (!isEnded && pending() == 0) {
            LockSupport.park(this);
        }
        isIdle = false;
    }

    /**
     * Lets steps gather for the interval, and for as long as others are being taken in; or until the buffer is half full, if
     * there is room for another.
     */
    private void nap() {
        long end = System.nanoTime() + intervalNanos;
        StepRecorder steps = recorder;
        while (!isEnded && steps != null && !(isHalfFull(steps) && hasRoom())) {
            long left = end - System.nanoTime();
            if (exchangedSteps > 0) {
                LockSupport.park(this);
            } else if (left <= 0) {
                return;
            } else {
                LockSupport.parkNanos(this, left);
            }
        }
    }

    private boolean hasRoom() {
        // For what is exchanged, for that, and for the buffer that takes its place.
        return exchangedSteps + 2 * bufferSteps <= capacity;
    }

    private int pending() {
        StepRecorder steps = recorder;
        return steps == null ? 0 : steps.pending();
    }

    /** Exchanges the buffer for an empty one, if there is room for what is in it or it must be. */
    private void swap(boolean must) {
        StepRecorder steps = recorder;
        synchronized (exchanged) {
            if (steps != null && !isEnded && (must || hasRoom())) {
                keep(steps.take());
            }
        }
    }

    private void keep(StepRecorder.Taken taken) {
        synchronized (exchanged) {
            if (taken.size() > 0) {
                core.tally().give(taken.size());
                exchanged.add(taken);
                exchangedSteps += taken.size();
                exchanged.notifyAll();
            }
        }
    }

    private void takeWhenThere() {
        while (awaitExchanged()) {
            takeLock.lock();
            try {
                takeExchanged();
            } finally {
                takeLock.unlock();
            }
        }
    }

    private boolean awaitExchanged() {
        synchronized (exchanged) {
            while (!isEnded && exchanged.isEmpty()) {
                try {
                    exchanged.wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the thread that takes steps in was interrupted", e);
                }
            }
            return !isEnded;
        }
    }

    /** Takes in what is recorded, and does not wait for the disk. One thread at a time: batches keep the order of the steps. */
    void takePending() {
        takeLock.lock();
        try {
            swap(true);
            takeExchanged();
        } finally {
            takeLock.unlock();
        }
    }

    private void takeExchanged() {
        for (StepRecorder.Taken next = firstExchanged(); next != null; next = firstExchanged()) {
            try (StepRecorder.Taken taken = next) {
                takeIn(taken, 0, taken.size());
            } finally {
                synchronized (exchanged) {
                    exchangedSteps -= next.size();
                }
                LockSupport.unpark(swapper);
            }
        }
    }

    private StepRecorder.@Nullable Taken firstExchanged() {
        synchronized (exchanged) {
            return exchanged.poll();
        }
    }

    /** Takes in some of the steps as one batch; where that is more than a batch can be, in halves, down to one step. */
    private void takeIn(StepRecorder.Taken taken, int from, int to) {
        if (from == to) {
            return;
        }
        try (StepBatch batch = taken.batch(core.allocator(), from, to)) {
            add(writer.enterGiven(batch));
        } catch (LedgerException e) {
            if (e.code() != LedgerException.Code.TOO_LARGE) {
                throw e;
            }
            halve(taken, from, to, e);
        } catch (IllegalArgumentException e) {
            // More different texts than a batch may have.
            halve(taken, from, to, e);
        }
    }

    private void halve(StepRecorder.Taken taken, int from, int to, RuntimeException why) {
        if (to - from > 1) {
            int middle = (from + to) >>> 1;
            takeIn(taken, from, middle);
            takeIn(taken, middle, to);
            return;
        }
        try (StepBatch batch = taken.batch(core.allocator(), from, to)) {
            LOG.log(System.Logger.Level.WARNING, "a recorded step was rejected: " + why.getMessage());
            add(writer.rejectGiven(batch));
        }
    }

    private void add(IngestResult result) {
        IngestResult before = sinceFlush;
        sinceFlush = before == null ? result : before.plus(result);
    }

    /** Takes in what is recorded and returns what became of everything taken in since the last call. */
    IngestResult flush() {
        takeLock.lock();
        try {
            takePending();
            IngestResult result = sinceFlush;
            sinceFlush = null;
            return result == null ? IngestResult.NOTHING : result;
        } finally {
            takeLock.unlock();
        }
    }

    /** Returns how the ledger stands: no step is on its way from the recorder to the tally meanwhile. */
    LedgerStatus status(@Nullable LedgerException failure) {
        synchronized (exchanged) {
            Counts counts =
                    new Counts(pending(), exchangedSteps, capacity, waits.get(), refused.get(), writer.restarts());
            return core.tally().status(counts, failure);
        }
    }

    /** Lets no more steps be recorded; those that wait stay pending for ever. For a ledger that has failed. Takes no lock of the ledger. */
    void stop() {
        isEnded = true;
        endRecorder();
        wakeAll();
    }

    private void endRecorder() {
        StepRecorder steps = recorder;
        if (steps != null) {
            synchronized (exchanged) {
                keep(steps.end(core::unusable));
            }
        }
    }

    private void wakeAll() {
        LockSupport.unpark(swapper);
        synchronized (exchanged) {
            exchanged.notifyAll();
        }
    }

    /** Takes in the last steps and ends, after a take that is under way. Returns why that failed, or null. */
    @Nullable
    LedgerException close() {
        @Nullable LedgerException failure = null;
        takeLock.lock();
        try {
            if (!isEnded) {
                endRecorder();
                takeExchanged();
            }
        } catch (LedgerException e) {
            failure = e;
        } finally {
            isEnded = true;
            takeLock.unlock();
        }
        wakeAll();
        Thread intake;
        synchronized (this) {
            intake = taker;
        }
        awaitEnd(swapper);
        awaitEnd(intake);
        return failure;
    }

    private static void awaitEnd(@Nullable Thread thread) {
        if (thread == null || thread.equals(Thread.currentThread())) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
