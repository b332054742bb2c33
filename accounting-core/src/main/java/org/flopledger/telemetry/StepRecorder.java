package org.flopledger.telemetry;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Takes steps from many threads as they happen, without a lock and without allocating, and hands them over as batches.
 *
 * <pre>{@code
 * run.step(1).sequences(512, 8_192).record();     // any thread
 * try (StepBatch batch = recorder.snapshot(allocator)) { ... }   // some other thread, now and then
 * }</pre>
 *
 * <p>Recording threads never wait for the reader, nor for each other.
 *
 * <p>Contracts, each held by a test:
 * <ol>
 *   <li>A step whose {@code record} returned before steps were taken is among them or was taken before, once; the steps of one
 *       thread are in the order in which it recorded them.
 *   <li>Memory is bounded: two buffers of as many steps as was asked for, for all runs and threads together.
 *   <li>Nothing is lost: when the buffer is full, {@code record} tells the recorder's signals and waits until it was taken;
 *       {@code tryRecord} returns false instead.
 *   <li>{@code record} takes no lock and, once a thread's drafts are there, allocates nothing.
 *   <li>A recorder holds its drafts itself: what is not referenced any more is gone, whatever threads have used it.
 * </ol>
 */
public final class StepRecorder {

    private static final int MAX_CAPACITY = 1 << 20;
    private static final int MAX_RUNS = 1 << 20;
    private static final int FIRST_RUNS = 16;

    /** Threads share the places for idle drafts by their numbers; each place is in a cache line of its own. */
    private static final int DRAFTS = 16;

    private static final int DRAFT_STRIDE = 16;

    /** What a recorder tells whoever takes the steps. Called by recording threads: return at once, and do not record. */
    public interface Signals {

        /** An empty buffer has received its first step, or one is half full. */
        default void pending() {
            // Whoever takes snapshots does it in its own time.
        }

        /**
         * The buffer is full. The step waits until this returns and there is room.
         *
         * @throws RuntimeException if the step is to be refused; {@code record} throws the same
         */
        void full();
    }

    /** Says which attempt of its run a step belongs to. Called by whoever takes the steps, in their order. */
    public interface Attempts {

        /**
         * Returns the attempt of the next step.
         *
         * @param thread the number of the thread that recorded it
         */
        int attemptOf(long thread, long step);
    }

    private final StepQueue steps;
    private final AtomicReferenceArray<@Nullable Step> drafts = new AtomicReferenceArray<>(DRAFTS * DRAFT_STRIDE);
    private volatile Run[] runs = new Run[FIRST_RUNS];
    private int runCount;

    /**
     * Makes a recorder.
     *
     * @param capacity steps that can be held until they are taken, 2 to 2^20
     * @param signals told when there is something to take
     */
    public StepRecorder(int capacity, Signals signals) {
        if (capacity < 2 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity is " + capacity + ", must be from 2 to " + MAX_CAPACITY);
        }
        steps = new StepQueue(capacity, signals);
    }

    /** Returns the handle of one attempt of a run, by which its steps are recorded. Thread-safe; meant to be kept. */
    public Run run(String run, int attempt, String source, Stage stage, @Nullable String model) {
        return run(run, (thread, step) -> attempt, source, stage, () -> model);
    }

    /**
     * Returns the handle of a run whose attempts are told step by step. Thread-safe; meant to be kept.
     *
     * @param model asked for the model key, which may be null, whenever steps are made into a batch
     */
    public synchronized Run run(
            String run, Attempts attempts, String source, Stage stage, Supplier<@Nullable String> model) {
        if (runCount == MAX_RUNS) {
            throw new IllegalStateException("recorder has " + MAX_RUNS + " runs, which is the limit");
        }
        if (runCount == runs.length) {
            runs = Arrays.copyOf(runs, 2 * runCount);
        }
        Run handle = new Run(this, runCount, run, attempts, source, stage, model);
        runs[runCount++] = handle;
        return handle;
    }

    /** Returns how many steps can be held until they are taken. */
    public int capacity() {
        return steps.capacity();
    }

    /** Returns how many steps wait to be taken; already old when it returns. */
    public int pending() {
        return steps.size();
    }

    /** Returns the steps recorded since the last ones were taken, as one batch, and makes room for as many. */
    public StepBatch snapshot(BufferAllocator allocator) {
        try (Taken taken = take()) {
            return taken.batch(allocator, 0, taken.size());
        }
    }

    /**
     * Takes the steps recorded so far; close them to give their room back. Waits for threads that are in the middle of {@code
     * record}, never for ones that have yet to call it.
     */
    public synchronized Taken take() {
        return taken(steps.exchange());
    }

    /**
     * Takes the last steps: from now on {@code record} throws.
     *
     * @param why makes what it throws, each time anew
     */
    public synchronized Taken end(Supplier<? extends RuntimeException> why) {
        return taken(steps.end(why));
    }

    private Taken taken(@Nullable StepBuffer full) {
        if (full == null) {
            return new Taken(this, new long[0], 0);
        }
        int size = full.close();
        long[] values = full.values();
        Run[] handles = runs;
        for (int row = 0; row < size; row++) {
            int at = row * StepBuffer.LONGS;
            Attempts attempts = handles[(int) values[at + StepLayout.RUN]].attempts;
            values[at + StepLayout.ATTEMPT] =
                    attempts.attemptOf(values[at + StepLayout.THREAD], values[at + StepLayout.STEP]);
        }
        return new Taken(this, values, size);
    }

    /** Returns how full the recorder is. */
    @Override
    public String toString() {
        return "StepRecorder[" + pending() + " of " + capacity() + " steps pending]";
    }

    /** Steps taken from a recorder, in their order. Confined to one thread; close it when they are no longer needed. */
    public static final class Taken implements AutoCloseable {

        private final StepRecorder recorder;
        private final int size;
        private long[] values;

        private Taken(StepRecorder recorder, long[] values, int size) {
            this.recorder = recorder;
            this.values = values;
            this.size = size;
        }

        /** Returns how many there are. */
        public int size() {
            return size;
        }

        /** Returns some of the steps as a batch, from one up to but not including another; close it. */
        public StepBatch batch(BufferAllocator allocator, int from, int to) {
            Run[] handles = recorder.runs;
            try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
                for (int row = from; row < to; row++) {
                    int at = row * StepBuffer.LONGS;
                    Run run = handles[(int) values[at + StepLayout.RUN]];
                    builder.run(run.name)
                            .attempt((int) values[at + StepLayout.ATTEMPT])
                            .source(run.source)
                            .stage(run.stage);
                    String model = run.model.get();
                    if (model != null) {
                        builder.model(model);
                    }
                    StepLayout.append(builder, values, at);
                }
                return builder.build();
            }
        }

        /** Gives the room back; the steps can no longer be read. No effect the second time. */
        @Override
        public void close() {
            long[] array = values;
            values = new long[0];
            recorder.steps.giveBack(array);
        }
    }

    /** One run, source, stage and model whose steps are recorded. Immutable and thread-safe. */
    public static final class Run {

        private final StepRecorder recorder;
        private final int index;
        private final String name;
        private final Attempts attempts;
        private final String source;
        private final Stage stage;
        private final Supplier<@Nullable String> model;

        private Run(
                StepRecorder recorder,
                int index,
                String name,
                Attempts attempts,
                String source,
                Stage stage,
                Supplier<@Nullable String> model) {
            this.recorder = recorder;
            this.index = index;
            this.name = name;
            this.attempts = attempts;
            this.source = source;
            this.stage = stage;
            this.model = model;
        }

        /**
         * Returns an empty draft of a step of this run. Any number of drafts may be open, in a thread and altogether; one that is
         * never recorded is forgotten.
         */
        public Step step(long step) {
            long thread = Thread.currentThread().getId();
            int place = (int) (thread & (DRAFTS - 1)) * DRAFT_STRIDE;
            Step idle = recorder.drafts.getAndSet(place, null);
            return (idle == null ? new Step(recorder, place) : idle).begin(index, thread, step);
        }

        /** Returns the run and the source. */
        @Override
        public String toString() {
            return "StepRecorder.Run[" + name + ", source " + source + "]";
        }
    }

    /**
     * A step being described; what is not set is unknown. Not thread-safe, and not to be used after {@code record}: it may
     * then be another step's draft.
     */
    public static final class Step {

        private final StepRecorder recorder;
        private final int place;
        private final long[] values = new long[StepBuffer.LONGS];
        private boolean isOpen;

        private Step(StepRecorder recorder, int place) {
            this.recorder = recorder;
            this.place = place;
        }

        private Step begin(int run, long thread, long step) {
            values[StepLayout.KNOWN] = 0;
            values[StepLayout.RUN] = run;
            values[StepLayout.STEP] = step;
            values[StepLayout.THREAD] = thread;
            isOpen = true;
            return this;
        }

        private Step set(int field, long value) {
            values[field] = value;
            values[StepLayout.KNOWN] |= 1L << field;
            return this;
        }

        /**
         * Sets sequences of equal length: their number, tokens and squared lengths. Where these are 2^63 or more the step is
         * rejected when it is taken in, as out of range.
         */
        public Step sequences(int count, long length) {
            long tokens = RowCheck.product(count, length);
            return sequences(count).tokens(tokens).squaredLengths(RowCheck.product(tokens, length));
        }

        /** Sets the number of sequences. */
        public Step sequences(int count) {
            return set(StepLayout.SEQUENCES, count);
        }

        /** Sets the tokens that went through the model, padding included. */
        public Step tokens(long tokens) {
            return set(StepLayout.TOKENS, tokens);
        }

        /** Sets the padding among the tokens. */
        public Step paddingTokens(long tokens) {
            return set(StepLayout.PADDING, tokens);
        }

        /** Sets the tokens that sampling produced. */
        public Step generatedTokens(long tokens) {
            return set(StepLayout.GENERATED, tokens);
        }

        /** Sets the sum of the squared lengths of the sequences. */
        public Step squaredLengths(long sum) {
            return set(StepLayout.SQUARED, sum);
        }

        /** Sets when the step started and ended, in microseconds since 1970 UTC. */
        public Step betweenMicros(long started, long ended) {
            return set(StepLayout.STARTED, started).set(StepLayout.ENDED, ended);
        }

        /** Sets the number of devices, and their seconds together. */
        public Step devices(int devices, double deviceSeconds) {
            return set(StepLayout.DEVICES, devices)
                    .set(StepLayout.DEVICE_SECONDS, Double.doubleToRawLongBits(deviceSeconds));
        }

        /** Sets the part of the peak rate that was used, 0 to 1. */
        public Step utilisation(double part) {
            return set(StepLayout.UTILISATION, Double.doubleToRawLongBits(part));
        }

        /** Sets the energy in joules. */
        public Step energyJoules(double joules) {
            return set(StepLayout.JOULES, Double.doubleToRawLongBits(joules));
        }

        /** Sets the FLOP that the framework reported for this step. */
        public Step reportedFlop(FlopCount flop) {
            values[StepLayout.REPORTED + 1] = flop.highBits();
            return set(StepLayout.REPORTED, flop.lowBits());
        }

        /**
         * Records the step; waits while the recorder is full, unless its signals refuse.
         *
         * @throws IllegalStateException if it was recorded already
         */
        public void record() {
            requireOpen();
            recorder.steps.put(values);
            giveBack();
        }

        /** Records the step unless the recorder is full, and returns whether it did. */
        public boolean tryRecord() {
            requireOpen();
            boolean isRecorded = recorder.steps.offer(values);
            if (isRecorded) {
                giveBack();
            }
            return isRecorded;
        }

        private void requireOpen() {
            if (!isOpen) {
                throw new IllegalStateException("step " + values[StepLayout.STEP] + " was recorded already");
            }
        }

        private void giveBack() {
            isOpen = false;
            recorder.drafts.setRelease(place, this);
        }

        /** Returns the step's number and whether it is recorded. */
        @Override
        public String toString() {
            return "StepRecorder.Step[" + values[StepLayout.STEP] + (isOpen ? ", not recorded yet]" : ", recorded]");
        }
    }
}
