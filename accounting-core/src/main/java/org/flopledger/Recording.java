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
        flushLock.lock();
        try {
            StepRecorder ring = recorder;
            try (StepBatch batch = ring == null ? ledger.newBatch().build() : ring.snapshot(ledger.allocator())) {
                return ledger.ingest(batch);
            }
        } finally {
            flushLock.unlock();
        }
    }

    /** Takes in the rest and ends. Returns why that failed, or null. */
    @Nullable
    LedgerException close() {
        if (isClosed) {
            return null;
        }
        isClosed = true;
        synchronized (wakeUp) {
            wakeUp.notifyAll();
        }
        try {
            flushIfPending();
            return null;
        } catch (LedgerException e) {
            return e;
        }
    }
}
