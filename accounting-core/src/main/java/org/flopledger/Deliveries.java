package org.flopledger;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/** Hands findings to listeners one at a time, in order, on the thread that asks. Thread-safe. */
final class Deliveries {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());

    private final List<ReviewListener> listeners;
    private final Queue<RunFinding> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock order = new ReentrantLock();

    Deliveries(List<ReviewListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    void queue(List<RunFinding> findings) {
        if (!listeners.isEmpty()) {
            waiting.addAll(findings);
        }
    }

    /** Delivers what waits. A listener that takes in a batch itself may get here again; then it delivers the rest. */
    void deliver() {
        order.lock();
        try {
            for (RunFinding next = waiting.poll(); next != null; next = waiting.poll()) {
                for (ReviewListener listener : listeners) {
                    tell(listener, next);
                }
            }
        } finally {
            order.unlock();
        }
    }

    private static void tell(ReviewListener listener, RunFinding finding) {
        try {
            listener.onFinding(finding);
        } catch (RuntimeException e) {
            // The finding is committed whatever a listener makes of it; the next listener must still hear of it.
            LOG.log(System.Logger.Level.ERROR, "a review listener failed at: " + finding.summary(), e);
        }
    }
}
