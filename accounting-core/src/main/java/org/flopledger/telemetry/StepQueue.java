package org.flopledger.telemetry;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Recorded steps on their way from many threads to whoever takes them: one buffer that is being filled, and the array of the
 * last one for the next. Thread-safe; {@link #exchange} and {@link #end} are for one thread at a time.
 */
final class StepQueue {

    /** So long a thread that finds no room waits before it looks again. */
    private static final long WAIT_NANOS = 50_000;

    private final int capacity;
    private final StepRecorder.Signals signals;
    private volatile StepBuffer active;
    private volatile @Nullable Supplier<? extends RuntimeException> end;
    private long @Nullable [] spare;

    StepQueue(int capacity, StepRecorder.Signals signals) {
        this.capacity = capacity;
        this.signals = signals;
        active = new StepBuffer(newArray());
    }

    private long[] newArray() {
        return new long[capacity * StepBuffer.LONGS];
    }

    int capacity() {
        return capacity;
    }

    /** Returns how many steps wait to be taken; already old when it returns. */
    int size() {
        return active.size();
    }

    /** Puts an empty buffer in the place of the one being filled and returns that one, to be closed and read; null if it is empty. */
    @Nullable
    StepBuffer exchange() {
        StepBuffer full = active;
        if (end != null || full.size() == 0) {
            return null;
        }
        active = new StepBuffer(takeSpare());
        return full;
    }

    private synchronized long[] takeSpare() {
        long[] array = spare == null ? newArray() : spare;
        spare = null;
        return array;
    }

    /** Takes no more steps: {@link #put} throws from now on. Returns the last buffer; null the second time. */
    @Nullable
    StepBuffer end(Supplier<? extends RuntimeException> why) {
        if (end != null) {
            return null;
        }
        end = why;
        StepBuffer last = active;
        active = StepBuffer.closed();
        giveBack(new long[0]);
        return last;
    }

    /** Gives the array of a buffer that was read back, for the next one. */
    synchronized void giveBack(long[] array) {
        if (end != null) {
            spare = null;
        } else if (array.length > 0) {
            spare = array;
        }
    }

    /** Adds a step if there is room, and returns whether there was. */
    boolean offer(long[] values) {
        while (true) {
            int slot = active.offer(values);
            if (slot >= 0) {
                // The first says that there is something, the middle one that it cannot wait; no other slot costs a
                // signal.
                if (slot == 0 || slot == capacity >> 1) {
                    signals.pending();
                }
                return true;
            }
            if (slot == StepBuffer.FULL) {
                return false;
            }
            requireNotEnded();
        }
    }

    /** Adds a step; waits while there is no room, unless the signals refuse. */
    void put(long[] values) {
        if (!offer(values)) {
            putWhenThereIsRoom(values);
        }
    }

    private void putWhenThereIsRoom(long[] values) {
        boolean isInterrupted = false;
        try {
            StepBuffer before = active;
            while (!offer(values)) {
                signals.full();
                if (active.equals(before)) {
                    // An interrupt would not let any time pass.
                    LockSupport.parkNanos(this, WAIT_NANOS);
                    isInterrupted |= Thread.interrupted();
                }
                before = active;
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void requireNotEnded() {
        Supplier<? extends RuntimeException> why = end;
        if (why != null) {
            throw why.get();
        }
    }
}
