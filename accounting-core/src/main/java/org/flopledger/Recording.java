package org.flopledger;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The live side of a ledger: steps are recorded one by one into a ring without a lock, and taken in as batches every second,
 * or when the ring is full. Thread-safe.
 */
final class Recording {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());
    private static final int CAPACITY = 1 << 14;
    private static final long INTERVAL_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final ComputeLedger ledger;
    private final ReentrantLock flushLock = new ReentrantLock();
    private final Object wakeUp = new Object();
    private volatile @Nullable StepRecorder recorder;
    private @Nullable Thread thread;
    private volatile boolean isClosed;

    /** Whether the memory of batches may be gone. Guarded by the flush lock. */
    private boolean isEnded;

    Recording(ComputeLedger ledger) {
        this.ledger = ledger;
    }

    /** Returns the handle by which an attempt's steps are recorded; the first one allocates the ring. */
    StepRecorder.Run handle(RunSpec spec, int attempt, String source) {
        StepRecorder ring;
        synchronized (wakeUp) {
            ring = recorder;
            if (ring == null) {
                ring = new StepRecorder(CAPACITY, this::flush);
                recorder = ring;
                thread = new Thread(this::run, "flopledger-recording");
                thread.setDaemon(true);
                thread.start();
            }
        }
        return ring.run(spec.id(), attempt, source, spec.stage(), spec.model());
    }

    private void run() {
        try {
            while (!isClosed) {
                synchronized (wakeUp) {
                    wakeUp.wait(INTERVAL_MILLIS);
                }
                flushIfPending();
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.WARNING, "recorded steps are no longer taken in every second");
        } catch (LedgerException e) {
            // The ledger has stopped; whoever records or reads next is told by an exception.
            LOG.log(System.Logger.Level.ERROR, "recorded steps could not be taken in", e);
        }
    }

    void flushIfPending() {
        StepRecorder ring = recorder;
        if (ring != null && ring.pending() > 0) {
            flush();
        }
    }

    /** Takes in what is recorded. One thread at a time: batches keep the order in which steps were recorded. */
    IngestResult flush() {
        IngestResult result;
        flushLock.lock();
        try {
            result = takeIn();
        } finally {
            flushLock.unlock();
        }
        // Without the lock: this may wait for a listener, and the listener may be reading totals.
        ledger.tellListeners();
        return result;
    }

    private IngestResult takeIn() {
        StepRecorder ring = isEnded ? null : recorder;
        try (StepBatch batch = ring == null ? ledger.newBatch().build() : ring.snapshot(ledger.allocator())) {
            return ledger.takeIn(batch);
        }
    }

    /** Takes in the rest and ends, after a flush that is under way. Returns why that failed, or null. */
    @Nullable
    LedgerException close() {
        isClosed = true;
        synchronized (wakeUp) {
            wakeUp.notifyAll();
        }
        flushLock.lock();
        try {
            StepRecorder ring = recorder;
            if (ring != null && !isEnded && ring.pending() > 0) {
                IngestResult unused = takeIn();
            }
            return null;
        } catch (LedgerException e) {
            return e;
        } finally {
            isEnded = true;
            flushLock.unlock();
        }
    }
}
