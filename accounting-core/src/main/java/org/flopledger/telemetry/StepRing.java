package org.flopledger.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A bounded queue of steps, many writers and one reader at a time: D. Vyukov's bounded queue, in which each slot has a number
 * that says whose turn it is.
 *
 * <p>Slot i of a ring of n begins with the number i. A writer that finds the number of slot (t mod n) equal to the tail t may
 * claim it by moving the tail; it fills the slot and sets its number to t + 1, which hands it to the reader. The reader sets it to t + n,
 * which hands it to the writers of the next round. A number behind the tail means that the ring is full.
 */
final class StepRing {

    private static final VarHandle NUMBERS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle TAIL;
    private static final int MAX_CAPACITY = 1 << 20;
    private static final int LONGS = 16;

    /** Numbers lie apart, each in a cache line of its own with its values. */
    private final long[] slots;

    private final int capacity;

    @SuppressWarnings("UnusedVariable") // Read and written through its handle.
    private volatile long tail;

    private long head;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(StepRing.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Reads one step out of the ring. */
    interface Reader {

        /** Reads the values from {@code at}; they are overwritten once this returns. */
        void read(long[] ring, int at);
    }

    StepRing(int wanted) {
        if (wanted < 2 || wanted > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity is " + wanted + ", must be from 2 to " + MAX_CAPACITY);
        }
        capacity = Integer.highestOneBit(wanted - 1) << 1;
        slots = new long[capacity * LONGS];
        for (int i = 0; i < capacity; i++) {
            slots[i * LONGS] = i;
        }
    }

    int capacity() {
        return capacity;
    }

    synchronized int size() {
        return (int) (tail - head);
    }

    /** Copies a step into the ring and returns true, or returns false if it is full. */
    boolean offer(long[] values) {
        long turn = (long) TAIL.getAcquire(this);
        while (true) {
            int at = (int) (turn & (capacity - 1)) * LONGS;
            long number = (long) NUMBERS.getAcquire(slots, at);
            if (number < turn) {
                return false;
            }
            if (number == turn && TAIL.compareAndSet(this, turn, turn + 1)) {
                System.arraycopy(values, 0, slots, at + 1, StepRecorder.Step.LONGS);
                NUMBERS.setRelease(slots, at, turn + 1);
                return true;
            }
            turn = (long) TAIL.getAcquire(this);
        }
    }

    /** Lets some time pass, so that a reader can make room. */
    void awaitRoom() {
        LockSupport.parkNanos(this, 50_000);
    }

    /** Hands every step that was claimed before this call to a reader, oldest first, and frees its slot. */
    synchronized void drain(Reader reader) {
        long end = (long) TAIL.getAcquire(this);
        while (head < end) {
            int at = (int) (head & (capacity - 1)) * LONGS;
            while ((long) NUMBERS.getAcquire(slots, at) != head + 1) {
                // A writer has claimed the slot and is about to fill it; it may have lost its processor.
                LockSupport.parkNanos(this, 1_000);
            }
            reader.read(slots, at + 1);
            NUMBERS.setRelease(slots, at, head + capacity);
            head++;
        }
    }
}
