package org.flopledger.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Room for so many steps, filled by many writers and then read by one reader: a buffer is used once, only its array again.
 *
 * <p>A writer claims a slot by adding one to {@code claimed}, fills it, and adds one to {@code filled}. The reader closes the
 * buffer by setting {@code claimed} to a number that no slot has, which tells it how many were claimed, and waits until as many
 * are filled: only for writers in the middle of copying {@value #LONGS} numbers. A writer that comes after that is told so and
 * turns to the buffer that has taken this one's place. No writer waits for another, and none for the reader.
 *
 * <pre>
 * claimed   0 ... capacity      slots given out
 *           above capacity      full, and so many more came
 *           2^62 ...            closed, and so many came since
 * filled    0 ... capacity      slots whose numbers are all there
 * values    | slot 0: 17 longs | slot 1 | ... | slot capacity - 1 |
 * </pre>
 *
 * <p>Writers change both counters by fetch-and-add, one instruction on x86 and ARMv8.1, which cannot fail as a compare-and-set can:
 * an offer takes a bounded number of steps, however many others there are (wait-free; Herlihy, Wait-Free Synchronization, 1991).
 * The reader closes a buffer as HdrHistogram's {@code WriterReaderPhaser} flips a phase: it moves the counter of entries out of
 * range and waits until the counter of exits has caught up.
 *
 * <p>What a writer copied is seen by the reader: each copy is before a release of {@code filled}, and the reader acquires what the
 * last of these additions left, which carries the earlier ones with it (a release sequence, in the words of C++11).
 *
 * <p>A slot is 136 bytes, so neighbours share a cache line of 64. Slots of whole lines would be 192 bytes: 41 % more for all steps
 * that may wait, to spare a line that two threads want at once only if they record within nanoseconds of each other.
 */
final class StepBuffer {

    /** Numbers of a step, as {@link StepLayout} lays them out. */
    static final int LONGS = 17;

    /** Told to a writer that came when every slot was claimed. */
    static final int FULL = -1;

    /** Told to a writer that came after the buffer was closed. */
    static final int CLOSED = -2;

    /** Out of the reach of claims from below, and as far from an overflow: 2^62 more, one a nanosecond, take 146 years. */
    private static final long CLOSED_FROM = 1L << 62;

    /** Looks at the counter before the reader sleeps: microseconds, longer than a thread that is running takes for a copy. */
    private static final int SPINS = 100;

    private static final VarHandle CLAIMED;
    private static final VarHandle FILLED;

    private final long[] values;
    private final int capacity;

    @SuppressWarnings("UnusedVariable") // Read and written through its handle.
    private volatile long claimed;

    @SuppressWarnings("UnusedVariable") // Read and written through its handle.
    private volatile int filled;

    static {
        try {
            CLAIMED = MethodHandles.lookup().findVarHandle(StepBuffer.class, "claimed", long.class);
            FILLED = MethodHandles.lookup().findVarHandle(StepBuffer.class, "filled", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Makes an empty buffer over an array, which is its own until it was closed and read. */
    StepBuffer(long[] values) {
        this.values = values;
        capacity = values.length / LONGS;
    }

    /** Returns a buffer that takes nothing. */
    static StepBuffer closed() {
        StepBuffer none = new StepBuffer(new long[0]);
        int unused = none.close();
        return none;
    }

    /** Copies a step into a slot and returns the slot, or {@link #FULL} or {@link #CLOSED}. */
    int offer(long[] step) {
        long slot = (long) CLAIMED.getAndAdd(this, 1L);
        if (slot >= capacity) {
            return slot >= CLOSED_FROM ? CLOSED : FULL;
        }
        System.arraycopy(step, 0, values, (int) slot * LONGS, LONGS);
        int unused = (int) FILLED.getAndAddRelease(this, 1);
        return (int) slot;
    }

    /** Returns how many slots are claimed; already old when it returns. */
    int size() {
        long now = (long) CLAIMED.getVolatile(this);
        return now >= CLOSED_FROM ? 0 : (int) Math.min(now, capacity);
    }

    /** Lets no more writers in, waits for those within, and returns how many slots are filled. To be called once. */
    int close() {
        int size = (int) Math.min((long) CLAIMED.getAndSet(this, CLOSED_FROM), capacity);
        for (int tries = 0; (int) FILLED.getAcquire(this) < size; tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else {
                // The writer has lost its processor.
                LockSupport.parkNanos(this, 1_000);
            }
        }
        return size;
    }

    /** Returns the slots, one behind the other; to be read after {@link #close}. */
    long[] values() {
        return values;
    }
}
