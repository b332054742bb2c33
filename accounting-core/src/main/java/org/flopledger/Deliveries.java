package org.flopledger;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners of findings on a thread of its own, one at a time and in order, once the commit they belong to is durable.
 *
 * <p>At most {@value #MOST_WAITING} findings wait; whoever brings more waits with them. A listener that fails is logged, and
 * the finding is not marked as told; one that never returns stops later calls but no ingest below that bound. Thread-safe.
 */
final class Deliveries {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());
    private static final int MOST_WAITING = 1024;
    private static final long CLOSING_SECONDS = 10;

    /**
     * A finding on its way.
     *
     * @param number place among all findings of the ledger, from 0
     * @param commit commit that must be durable first
     * @param takesRoom whether it is one of the findings whose number is bounded
     */
    private record Item(long number, long commit, RunFinding finding, boolean takesRoom) {}

    private final List<ReviewListener> listeners;
    private final LongConsumer onDelivered;
    private final Queue<Item> undurable = new ArrayDeque<>();
    private final BlockingQueue<Item> waiting = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MOST_WAITING);
    private final AtomicLong durable = new AtomicLong();
    private final ReentrantLock order = new ReentrantLock();
    private final @Nullable Thread thread;
    private volatile boolean isClosing;
    private long queued;
    private long told;

    /**
     * Starts telling.
     *
     * @param onDelivered receives the number of each finding after every listener returned from its call; of none at which
     *     one of them failed
     */
    Deliveries(List<ReviewListener> listeners, LongConsumer onDelivered) {
        this.listeners = List.copyOf(listeners);
        this.onDelivered = onDelivered;
        thread = listeners.isEmpty() ? null : start();
    }

    private Thread start() {
        var deliverer = new Thread(this::run, "flopledger-findings");
        deliverer.setDaemon(true);
        deliverer.start();
        return deliverer;
    }

    /** Queues findings in the order of the calls; {@link #release} lets them go. */
    void queue(long firstNumber, long commit, List<RunFinding> findings) {
        if (thread == null) {
            return;
        }
        synchronized (undurable) {
            long number = firstNumber;
            for (RunFinding finding : findings) {
                undurable.add(new Item(number++, commit, finding, true));
            }
        }
    }

    /** Lets the findings of durable commits go, and waits while too many are on their way. */
    void release(long durableCommit) {
        // A listener that takes in a batch must not wait for itself.
        release(durableCommit, !isListenersThread());
    }

    private void release(long durableCommit, boolean mayWait) {
        if (thread == null) {
            return;
        }
        durable.accumulateAndGet(durableCommit, Math::max);
        // Again after the lock: who could not have it has left its findings to who had it.
        while (next(false) != null) {
            if (mayWait) {
                order.lock();
            } else if (!order.tryLock()) {
                // Who holds it may wait for room, which only the listeners' thread can make.
                return;
            }
            try {
                letGo(mayWait);
            } finally {
                order.unlock();
            }
        }
    }

    private void letGo(boolean takesRoom) {
        for (Item item = next(true); item != null; item = next(true)) {
            if (takesRoom) {
                room.acquireUninterruptibly();
            }
            synchronized (waiting) {
                queued++;
            }
            waiting.add(new Item(item.number, item.commit, item.finding, takesRoom));
        }
    }

    private @Nullable Item next(boolean isTaken) {
        synchronized (undurable) {
            Item head = undurable.peek();
            if (head == null || head.commit > durable.get()) {
                return null;
            }
            return isTaken ? undurable.poll() : head;
        }
    }

    private void run() {
        try {
            while (!isClosing || !waiting.isEmpty()) {
                Item item = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (item != null) {
                    deliver(item);
                }
            }
        } catch (InterruptedException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the ledger was closed before every listener was told of every finding");
        }
    }

    private void deliver(Item item) {
        boolean returned = true;
        for (ReviewListener listener : listeners) {
            returned &= tell(listener, item.finding);
        }
        if (returned) {
            mark(item);
        }
        if (item.takesRoom) {
            room.release();
        }
        synchronized (waiting) {
            told++;
            waiting.notifyAll();
        }
    }

    /** Returns whether the listener returned. One that fails must keep no other from being told, now or later. */
    private static boolean tell(ReviewListener listener, RunFinding finding) {
        try {
            listener.onFinding(finding);
            return true;
        } catch (Throwable e) {
            // Foreign code, of any language of the JVM: whatever it throws must not end the only thread that tells.
            LOG.log(System.Logger.Level.ERROR, "a review listener failed at: " + finding.summary(), e);
            return false;
        }
    }

    private void mark(Item item) {
        try {
            onDelivered.accept(item.number);
        } catch (LedgerException e) {
            // Closed or stopped under the listener: without a mark it is told once more in the next life.
            LOG.log(System.Logger.Level.WARNING, "a delivery could not be recorded: " + e.getMessage());
        }
    }

    private boolean isListenersThread() {
        return Thread.currentThread().equals(thread);
    }

    /** Waits until listeners were told of everything released so far. On the listeners' own thread it returns at once. */
    void awaitTold() throws InterruptedException {
        if (thread == null || isListenersThread()) {
            return;
        }
        synchronized (waiting) {
            long target = queued;
            while (told < target && thread.isAlive()) {
                waiting.wait(TimeUnit.SECONDS.toMillis(1));
            }
        }
    }

    /**
     * Tells what waits, for at most ten seconds; what is left is told when a durable ledger is opened again.
     *
     * @param durableCommit the last commit that is durable
     */
    void close(long durableCommit) {
        release(durableCommit, false);
        isClosing = true;
        if (thread == null || isListenersThread()) {
            return;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSING_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
