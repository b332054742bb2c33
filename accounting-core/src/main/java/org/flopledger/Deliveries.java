package org.flopledger;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners of findings, one at a time and in order, once the commit they belong to is durable: on a thread of its own or
 * an executor it was given.
 *
 * <p>At most {@value #MOST_WAITING} findings wait; whoever brings more waits with them. A listener that fails is logged, and
 * the finding is not marked as told; one that never returns stops later calls but no ingest below that bound. Thread-safe.
 */
final class Deliveries {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());
    private static final int MOST_WAITING = 1024;
    private static final long CLOSING_SECONDS = 10;
    private static final long IDLE_SECONDS = 30;
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    /**
     * A finding on its way.
     *
     * @param number place among all findings of the ledger, from 0
     * @param commit commit that must be durable first
     * @param takesRoom whether it is one of the findings whose number is bounded
     */
    private record Item(long number, long commit, RunFinding finding, boolean takesRoom) {}

    private final List<Consumer<RunFinding>> listeners;
    private final LongConsumer onDelivered;
    private final Executor executor;
    private final @Nullable ExecutorService ownExecutor;
    private final Queue<Item> undurable = new ArrayDeque<>();
    private final Queue<Item> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore room = new Semaphore(MOST_WAITING);
    private final AtomicLong durable = new AtomicLong();
    private final ReentrantLock order = new ReentrantLock();

    /** Whether somebody is telling, or about to. */
    private final AtomicBoolean isTelling = new AtomicBoolean();

    private volatile @Nullable Thread teller;
    private volatile boolean isEnded;
    private final Object progress = new Object();
    private long queued;
    private long told;

    /**
     * Makes deliveries.
     *
     * @param executor where listeners are called; null for a thread that there is only while there is something to tell
     * @param onDelivered receives the number of each finding after every listener returned from its call; of none at which
     *     one of them failed
     */
    Deliveries(List<Consumer<RunFinding>> listeners, @Nullable Executor executor, LongConsumer onDelivered) {
        this.listeners = List.copyOf(listeners);
        this.onDelivered = onDelivered;
        if (executor == null) {
            ExecutorService own = newExecutor();
            ownExecutor = own;
            this.executor = own;
        } else {
            ownExecutor = null;
            this.executor = executor;
        }
    }

    private static ExecutorService newExecutor() {
        ThreadPoolExecutor own =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "flopledger-findings");
                    thread.setDaemon(true);
                    return thread;
                });
        own.allowCoreThreadTimeOut(true);
        return own;
    }

    /** Queues findings in the order of the calls; {@link #release} lets them go. */
    void queue(long firstNumber, long commit, List<RunFinding> findings) {
        if (listeners.isEmpty()) {
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

    /** Lets them go without waiting: for who has more to do than to take in what is found. */
    void releaseWithoutWaiting(long durableCommit) {
        release(durableCommit, false);
    }

    private void release(long durableCommit, boolean mayWait) {
        if (listeners.isEmpty()) {
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
        tellSoon();
    }

    private void letGo(boolean takesRoom) {
        while (next(false) != null) {
            if (takesRoom && !room.tryAcquire()) {
                tellSoon();
                room.acquireUninterruptibly();
            }
            Item item = next(true);
            if (item != null) {
                synchronized (progress) {
                    queued++;
                }
                waiting.add(new Item(item.number, item.commit, item.finding, takesRoom));
            } else if (takesRoom) {
                room.release();
            }
        }
    }

    /** Has somebody tell what waits, unless somebody does. */
    private void tellSoon() {
        if (waiting.isEmpty() || isEnded || !isTelling.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.WARNING, "the executor refuses to call listeners; a new thread does: " + e);
            Thread instead = new Thread(this::run, "flopledger-findings");
            instead.setDaemon(true);
            instead.start();
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
        teller = Thread.currentThread();
        try {
            for (Item item = waiting.poll(); item != null; item = waiting.poll()) {
                if (!isEnded) {
                    deliver(item);
                }
            }
        } finally {
            teller = null;
            isTelling.set(false);
        }
        // What came after the last look and before the mark was taken away.
        tellSoon();
    }

    private void deliver(Item item) {
        boolean returned = true;
        for (Consumer<RunFinding> listener : listeners) {
            returned &= tell(listener, item.finding);
        }
        if (returned) {
            mark(item);
        }
        if (item.takesRoom) {
            room.release();
        }
        synchronized (progress) {
            told++;
            progress.notifyAll();
        }
    }

    /** Returns whether the listener returned. One that fails must keep no other from being told, now or later. */
    private static boolean tell(Consumer<RunFinding> listener, RunFinding finding) {
        try {
            listener.accept(finding);
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
        return Thread.currentThread().equals(teller);
    }

    /** Waits until listeners were told of everything released so far. On the listeners' own thread it returns at once. */
    void awaitTold() throws InterruptedException {
        if (!isListenersThread()) {
            awaitTold(Long.MAX_VALUE);
        }
    }

    private void awaitTold(long mostNanos) throws InterruptedException {
        long end = System.nanoTime() + mostNanos;
        synchronized (progress) {
            long target = queued;
            while (told < target && !isEnded) {
                long left = mostNanos == Long.MAX_VALUE ? Long.MAX_VALUE : end - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                progress.wait(Math.max(1, Math.min(TimeUnit.NANOSECONDS.toMillis(left), LONGEST_WAIT_MILLIS)));
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
        try {
            if (!isListenersThread()) {
                awaitTold(TimeUnit.SECONDS.toNanos(CLOSING_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
    }

    private void end() {
        boolean isAllTold;
        synchronized (progress) {
            isEnded = true;
            // The one that is being told, if this is called by its listener.
            isAllTold = told + (isListenersThread() ? 1 : 0) >= queued;
            progress.notifyAll();
        }
        if (!isAllTold) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the ledger was closed before every listener was told of every finding");
        }
        if (ownExecutor != null) {
            ownExecutor.shutdown();
            Thread telling = teller;
            if (telling != null && !isListenersThread()) {
                telling.interrupt();
            }
        }
    }
}
