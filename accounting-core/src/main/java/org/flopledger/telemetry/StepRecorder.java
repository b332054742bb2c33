package org.flopledger.telemetry;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Takes steps from many threads as they happen, without a lock and without allocating, and hands them over as batches.
 *
 * <pre>{@code
 * StepRecorder.Run run = recorder.run("orion-70b", 0, "rank-0", Stage.PRETRAINING, "orion-70b");
 * run.step(1).sequences(512, 8_192).record();     // any thread
 * try (StepBatch batch = recorder.snapshot(allocator)) { ... }   // some other thread, now and then
 * }</pre>
 *
 * <p>Contracts, each held by a test:
 * <ol>
 *   <li>A step whose {@code record} returned before a snapshot began is in that snapshot or in an earlier one, once.
 *   <li>Memory is bounded: a ring of as many steps as was asked for, for all runs and threads together.
 *   <li>Nothing is lost: when the ring is full, {@code record} runs the recorder's {@code onFull} and waits until a snapshot has
 *       made room; {@code tryRecord} returns false instead.
 *   <li>{@code record} takes no lock and allocates nothing; a thread's first step allocates its draft.
 * </ol>
 */
public final class StepRecorder {

    private static final int MAX_RUNS = 1 << 20;

    private final StepRing ring;
    private final Runnable onFull;
    private final ThreadLocal<Step> drafts;
    private final List<Run> runs = new CopyOnWriteArrayList<>();

    /**
     * Makes a recorder; its whole memory is allocated here.
     *
     * @param capacity steps that can be held between two snapshots, 2 to 2^20; rounded up to a power of two
     * @param onFull called by a recording thread that finds the ring full, such as one that wakes whoever takes snapshots, or
     *     takes one; it must not record
     */
    public StepRecorder(int capacity, Runnable onFull) {
        ring = new StepRing(capacity);
        this.onFull = onFull;
        drafts = ThreadLocal.withInitial(() -> new Step(this));
    }

    /** Returns the handle of a run, by which its steps are recorded. Thread-safe; meant to be kept. */
    public Run run(String run, int attempt, String source, Stage stage, @Nullable String model) {
        synchronized (runs) {
            if (runs.size() == MAX_RUNS) {
                throw new IllegalStateException("recorder has " + MAX_RUNS + " runs, which is the limit");
            }
            Run handle = new Run(this, runs.size(), run, attempt, source, stage, model);
            runs.add(handle);
            return handle;
        }
    }

    /** Returns how many steps the ring holds when it is full. */
    public int capacity() {
        return ring.capacity();
    }

    /** Returns how many steps wait for the next snapshot; already old when it returns. */
    public int pending() {
        return ring.size();
    }

    /**
     * Returns the steps recorded since the last snapshot, and makes room for as many. Waits for threads that are in the middle of
     * {@code record}, never for ones that have yet to call it.
     */
    public StepBatch snapshot(BufferAllocator allocator) {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            ring.drain((ring, at) -> append(builder, ring, at));
            return builder.build();
        }
    }

    private void append(StepBatchBuilder builder, long[] ring, int at) {
        Run run = runs.get((int) ring[at + Step.RUN]);
        builder.run(run.name).attempt(run.attempt).source(run.source).stage(run.stage);
        if (run.model != null) {
            builder.model(run.model);
        }
        Step.append(builder, ring, at);
        builder.append();
    }

    /** One run, attempt, source, stage and model whose steps are recorded. Immutable and thread-safe. */
    public static final class Run {

        private final StepRecorder recorder;
        private final int index;
        private final String name;
        private final int attempt;
        private final String source;
        private final Stage stage;
        private final @Nullable String model;

        private Run(
                StepRecorder recorder,
                int index,
                String name,
                int attempt,
                String source,
                Stage stage,
                @Nullable String model) {
            this.recorder = recorder;
            this.index = index;
            this.name = name;
            this.attempt = attempt;
            this.source = source;
            this.stage = stage;
            this.model = model;
        }

        /**
         * Returns this thread's draft, emptied, for a step of this run. A thread has one draft: finish it with {@code record} before
         * the next.
         */
        public Step step(long step) {
            return recorder.drafts.get().begin(index, step);
        }
    }

    /** A step being described. Confined to the thread that asked for it; what is not set is unknown. */
    public static final class Step {

        static final int LONGS = 15;
        private static final int KNOWN = 0;
        static final int RUN = 1;
        private static final int STEP = 2;
        private static final int TOKENS = 3;
        private static final int PADDING = 4;
        private static final int SEQUENCES = 5;
        private static final int SQUARED = 6;
        private static final int STARTED = 7;
        private static final int ENDED = 8;
        private static final int DEVICES = 9;
        private static final int DEVICE_SECONDS = 10;
        private static final int UTILISATION = 11;
        private static final int JOULES = 12;
        private static final int REPORTED = 13;

        private final StepRecorder recorder;
        private final long[] values = new long[LONGS];

        private Step(StepRecorder recorder) {
            this.recorder = recorder;
        }

        private Step begin(int run, long step) {
            values[KNOWN] = 0;
            values[RUN] = run;
            values[STEP] = step;
            return this;
        }

        private Step set(int field, long value) {
            values[field] = value;
            values[KNOWN] |= 1L << field;
            return this;
        }

        /**
         * Sets sequences of equal length: their number, tokens and squared lengths.
         *
         * @throws ArithmeticException if the squared lengths add up to 2^63 or more
         */
        public Step sequences(int count, long length) {
            long tokens = Math.multiplyExact(count, length);
            return sequences(count).tokens(tokens).squaredLengths(Math.multiplyExact(tokens, length));
        }

        /** Sets the number of sequences. */
        public Step sequences(int count) {
            return set(SEQUENCES, count);
        }

        /** Sets the tokens that went through the model, padding included. */
        public Step tokens(long tokens) {
            return set(TOKENS, tokens);
        }

        /** Sets the padding among the tokens. */
        public Step paddingTokens(long tokens) {
            return set(PADDING, tokens);
        }

        /** Sets the sum of the squared lengths of the sequences. */
        public Step squaredLengths(long sum) {
            return set(SQUARED, sum);
        }

        /** Sets when the step started and ended, in microseconds since 1970 UTC. */
        public Step betweenMicros(long started, long ended) {
            return set(STARTED, started).set(ENDED, ended);
        }

        /** Sets the number of devices, and their seconds together. */
        public Step devices(int devices, double deviceSeconds) {
            return set(DEVICES, devices).set(DEVICE_SECONDS, Double.doubleToRawLongBits(deviceSeconds));
        }

        /** Sets the part of the peak rate that was used, 0 to 1. */
        public Step utilisation(double part) {
            return set(UTILISATION, Double.doubleToRawLongBits(part));
        }

        /** Sets the energy in joules. */
        public Step energyJoules(double joules) {
            return set(JOULES, Double.doubleToRawLongBits(joules));
        }

        /** Sets the FLOP that the framework reported for this step. */
        public Step reportedFlop(FlopCount flop) {
            values[REPORTED + 1] = flop.highBits();
            return set(REPORTED, flop.lowBits());
        }

        /** Records the step; waits while the ring is full. */
        public void record() {
            while (!recorder.ring.offer(values)) {
                recorder.onFull.run();
                recorder.ring.awaitRoom();
            }
        }

        /** Records the step unless the ring is full, and returns whether it did. */
        public boolean tryRecord() {
            return recorder.ring.offer(values);
        }

        private static void append(StepBatchBuilder builder, long[] ring, int at) {
            long known = ring[at + KNOWN];
            builder.step(ring[at + STEP]);
            for (int field = TOKENS; field <= REPORTED; field++) {
                if ((known >>> field & 1) != 0) {
                    append(builder, field, ring, at);
                }
            }
        }

        private static void append(StepBatchBuilder builder, int field, long[] ring, int at) {
            long value = ring[at + field];
            switch (field) {
                case TOKENS -> builder.tokens(value);
                case PADDING -> builder.paddingTokens(value);
                case SEQUENCES -> builder.sequences((int) value);
                case SQUARED -> builder.squaredLengths(value);
                case STARTED -> builder.startedAtMicros(value);
                case ENDED -> builder.endedAtMicros(value);
                case DEVICES -> builder.devices((int) value);
                case DEVICE_SECONDS -> builder.deviceSeconds(Double.longBitsToDouble(value));
                case UTILISATION -> builder.utilisation(Double.longBitsToDouble(value));
                case JOULES -> builder.energyJoules(Double.longBitsToDouble(value));
                case REPORTED -> builder.reportedFlop(FlopCount.ofBits(ring[at + REPORTED + 1], value));
                default -> throw new IllegalStateException("no field " + field);
            }
        }
    }
}
