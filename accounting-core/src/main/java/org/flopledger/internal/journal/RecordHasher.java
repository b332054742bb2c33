package org.flopledger.internal.journal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Computes the hashes of records, those of long records beside the caller.
 *
 * <p>The hash of a record is needed when the next one is sealed or checked, and not before: meanwhile a writer waits for the
 * disk, and a reader decodes the record. SHA-256 is the dearest part of both where the processor has no instruction for it.
 * Confined to one thread, as the caller's.
 */
final class RecordHasher implements AutoCloseable {

    /** From this length on it is worth waking another thread. */
    private static final int LONG_RECORD = 64 << 10;

    private static final long IDLE_SECONDS = 1;

    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread hashing = new Thread(task, "flopledger-journal-hash");
                hashing.setDaemon(true);
                return hashing;
            });

    /** Makes a hasher; its thread begins with the first long record and ends by itself when there is nothing to do. */
    RecordHasher() {
        thread.allowCoreThreadTimeOut(true);
    }

    /** Begins to hash a record, whose bytes must stay as they are until {@link Pending#await} has returned. */
    Pending begin(byte[] bytes, int offset, int length) {
        if (length < LONG_RECORD) {
            return Pending.of(RecordHash.of(bytes, offset, length));
        }
        Pending pending = new Pending(bytes, offset, length);
        thread.execute(pending);
        return pending;
    }

    /** Ends the thread. What was begun can still be awaited. */
    @Override
    public void close() {
        thread.shutdown();
    }

    /** The hash of one record, known or on its way. */
    static final class Pending implements Runnable {
        private final AtomicBoolean isTaken = new AtomicBoolean();
        private final CompletableFuture<RecordHash> hash = new CompletableFuture<>();
        private final int offset;
        private final int length;
        private byte @Nullable [] bytes;

        private Pending(byte @Nullable [] bytes, int offset, int length) {
            this.bytes = bytes;
            this.offset = offset;
            this.length = length;
        }

        static Pending of(RecordHash known) {
            Pending pending = new Pending(null, 0, 0);
            pending.isTaken.set(true);
            pending.hash.complete(known);
            return pending;
        }

        @Override
        public void run() {
            byte[] record = bytes;
            if (record != null && isTaken.compareAndSet(false, true)) {
                try {
                    hash.complete(RecordHash.of(record, offset, length));
                } catch (RuntimeException | Error e) {
                    hash.completeExceptionally(e);
                }
            }
        }

        /** Returns the hash; computes it here if the other thread has not begun to. */
        RecordHash await() {
            run();
            RecordHash known = hash.join();
            bytes = null;
            return known;
        }
    }
}
