package org.flopledger;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps the failure that stopped a ledger, and tells listeners of it, once, on a thread that holds no lock. Thread-safe. */
final class Failures {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());

    private final List<Consumer<LedgerException>> listeners;
    private final @Nullable Executor executor;
    private final AtomicReference<@Nullable LedgerException> first = new AtomicReference<>();

    /**
     * Makes a keeper of no failure.
     *
     * @param executor where listeners are called; null for a thread of its own
     */
    Failures(List<Consumer<LedgerException>> listeners, @Nullable Executor executor) {
        this.listeners = List.copyOf(listeners);
        this.executor = executor;
    }

    /** Returns what stopped the ledger, or null. */
    @Nullable
    LedgerException first() {
        return first.get();
    }

    /** Keeps a failure if it is the first, and returns whether it is. */
    boolean isFirst(LedgerException failure) {
        return first.compareAndSet(null, failure);
    }

    /** Tells the listeners, soon and elsewhere: who calls this may hold any lock. */
    void tell() {
        LOG.log(System.Logger.Level.ERROR, "the ledger has stopped", first.get());
        if (listeners.isEmpty()) {
            return;
        }
        // Not on this thread even if the executor would: it may hold the ledger's lock.
        Thread thread = new Thread(this::tellAllWhereAsked, "flopledger-failure");
        thread.setDaemon(true);
        thread.start();
    }

    private void tellAllWhereAsked() {
        if (executor != null) {
            try {
                executor.execute(this::tellAll);
                return;
            } catch (RejectedExecutionException e) {
                LOG.log(System.Logger.Level.WARNING, "the executor refuses to call listeners of the failure: " + e);
            }
        }
        tellAll();
    }

    private void tellAll() {
        LedgerException failure = first.get();
        for (Consumer<LedgerException> listener : listeners) {
            try {
                if (failure != null) {
                    listener.accept(failure);
                }
            } catch (Throwable e) {
                // Foreign code: whatever it throws must keep no other listener from being told.
                LOG.log(System.Logger.Level.ERROR, "a failure listener failed", e);
            }
        }
    }
}
