package org.flopledger;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the disk on a thread of its own, so that whoever takes in recorded steps need not: while the disk is busy with one
 * commit the next ones gather, and share the next flush. Thread-safe.
 */
final class Syncer {

    private final LedgerCore core;
    private volatile long wanted;
    private volatile boolean isEnded;
    private @Nullable Thread thread;

    Syncer(LedgerCore core) {
        this.core = core;
    }

    /** Asks for a commit to be made durable. */
    synchronized void request(long commit) {
        if (commit > wanted) {
            wanted = commit;
        }
        if (thread == null && !isEnded) {
            thread = new Thread(this::run, "flopledger-sync");
            thread.setDaemon(true);
            thread.start();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        long done = 0;
        try {
            while (!isEnded) {
                long commit = wanted;
                if (commit == done) {
                    LockSupport.park(this);
                } else {
                    core.awaitDurable(commit);
                    core.tellListenersSoon();
                    done = commit;
                }
            }
        } catch (LedgerException e) {
            core.fail(e);
        } catch (Throwable e) {
            core.fail(new LedgerException(LedgerException.Code.INTERNAL, "the disk is no longer waited for: " + e, e));
        }
    }

    /** Ends after the flush that is under way. */
    void close() {
        Thread running;
        synchronized (this) {
            isEnded = true;
            running = thread;
        }
        LockSupport.unpark(running);
        if (running != null && !running.equals(Thread.currentThread())) {
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
