package org.flopledger.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

class StepRecorderTest {

    /** Seconds of the concurrency test; the long form is run with {@code -Dflopledger.recorder.seconds=60}. */
    private static final int SECONDS = Integer.getInteger("flopledger.recorder.seconds", 2);

    private static final StepRecorder.Signals NOTHING = () -> {};

    @Test
    void aSnapshotHoldsWhatWasRecordedAndNothingElse() {
        StepRecorder recorder = new StepRecorder(16, NOTHING);
        StepRecorder.Run run = recorder.run("orion", 2, "rank-0", Stage.PRETRAINING, "kite-1b");
        run.step(7).sequences(512, 8192).reportedFlop(FlopCount.parse("1e25")).record();
        run.step(8)
                .tokens(5)
                .devices(8, 1.5)
                .utilisation(0.5)
                .energyJoules(9)
                .generatedTokens(77)
                .betweenMicros(10, 20)
                .record();

        try (BufferAllocator allocator = new RootAllocator();
                StepBatch batch = recorder.snapshot(allocator)) {
            assertThat(batch.rows()).isEqualTo(2);
            assertThat(batch.runs()).containsExactly("orion");
            assertThat(batch.attempt(1)).isEqualTo(2);
            assertThat(batch.step(0)).isEqualTo(7);
            assertThat(batch.longAt(StepColumn.SQUARED_LENGTHS, 0)).isEqualTo(512L * 8192 * 8192);
            assertThat(batch.upperLongAt(StepColumn.REPORTED_FLOP, 0))
                    .isEqualTo(FlopCount.parse("1e25").highBits());
            assertThat(batch.isKnown(StepColumn.REPORTED_FLOP, 1)).isFalse();
            assertThat(batch.doubleAt(StepColumn.DEVICE_SECONDS, 1)).isEqualTo(1.5);
            assertThat(batch.longAt(StepColumn.ENDED_AT, 1)).isEqualTo(20);
            assertThat(batch.longAt(StepColumn.GENERATED_TOKENS, 1)).isEqualTo(77);
            assertThat(batch.isKnown(StepColumn.GENERATED_TOKENS, 0)).isFalse();
            assertThat(batch.validate().rejections()).isEmpty();
        }
        try (BufferAllocator allocator = new RootAllocator();
                StepBatch empty = recorder.snapshot(allocator)) {
            assertThat(empty.rows()).isZero();
        }
    }

    @Test
    void aFullRingRefusesAndNeverOverwrites() {
        StepRecorder recorder = new StepRecorder(4, NOTHING);
        StepRecorder.Run run = recorder.run("r", 0, "s", Stage.PRETRAINING, null);
        for (int step = 0; step < 4; step++) {
            assertThat(run.step(step).tokens(1).tryRecord()).isTrue();
        }
        assertThat(run.step(4).tokens(1).tryRecord()).isFalse();
        assertThat(recorder.pending()).isEqualTo(4);

        try (BufferAllocator allocator = new RootAllocator();
                StepBatch batch = recorder.snapshot(allocator)) {
            assertThat(batch.step(0)).isZero();
            assertThat(batch.step(3)).isEqualTo(3);
        }
        assertThat(run.step(4).tokens(1).tryRecord()).isTrue();
    }

    @Test
    void aFullRingHandsOverThroughItsCallbackAndLosesNothing() {
        List<Long> steps = new ArrayList<>();
        AtomicInteger full = new AtomicInteger();
        try (BufferAllocator allocator = new RootAllocator()) {
            StepRecorder[] self = new StepRecorder[1];
            StepRecorder recorder = new StepRecorder(8, () -> {
                full.incrementAndGet();
                take(self[0], allocator, steps);
            });
            self[0] = recorder;
            StepRecorder.Run run = recorder.run("r", 0, "s", Stage.PRETRAINING, null);
            for (long step = 0; step < 1000; step++) {
                run.step(step).tokens(1).record();
            }
            take(recorder, allocator, steps);
        }
        assertThat(full).hasValue(124);
        assertThat(steps).hasSize(1000).isSorted();
    }

    private static void take(StepRecorder recorder, BufferAllocator allocator, List<Long> steps) {
        try (StepBatch batch = recorder.snapshot(allocator)) {
            for (int row = 0; row < batch.rows(); row++) {
                steps.add(batch.step(row));
            }
        }
    }

    @Test
    void twoWritersAndSnapshotsLoseAndRepeatNothing() throws Exception {
        StepRecorder recorder = new StepRecorder(256, NOTHING);
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try (BufferAllocator allocator = new RootAllocator()) {
            CountDownLatch start = new CountDownLatch(1);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            List<Future<Long>> written = List.of(
                    writers.submit(() -> write(recorder, "a", start, end)),
                    writers.submit(() -> write(recorder, "b", start, end)));
            start.countDown();
            long[] next = new long[2];
            while (!(written.get(0).isDone() && written.get(1).isDone())) {
                check(recorder, allocator, next);
            }
            check(recorder, allocator, next);
            assertThat(next)
                    .containsExactly(written.get(0).get(), written.get(1).get());
            assertThat(next[0] + next[1]).isGreaterThan(10_000);
        } finally {
            writers.shutdownNow();
        }
    }

    private static long write(StepRecorder recorder, String name, CountDownLatch start, long end)
            throws InterruptedException {
        StepRecorder.Run run = recorder.run(name, 0, name, Stage.PRETRAINING, null);
        start.await();
        long step = 0;
        while (System.nanoTime() < end) {
            // Every value follows from the step, so that a torn row shows.
            run.step(step)
                    .tokens(3 * step)
                    .squaredLengths(5 * step)
                    .sequences((int) step)
                    .record();
            step++;
        }
        return step;
    }

    /** Each writer's steps come in their order, none missing and none twice, and each row is whole. */
    private static void check(StepRecorder recorder, BufferAllocator allocator, long[] next) {
        try (StepBatch batch = recorder.snapshot(allocator)) {
            assertThat(batch.rows()).isLessThanOrEqualTo(2 * recorder.capacity());
            for (int row = 0; row < batch.rows(); row++) {
                int writer = batch.runs().get(batch.runIndex(row)).charAt(0) - 'a';
                long step = next[writer]++;
                if (batch.step(row) != step
                        || batch.longAt(StepColumn.TOKENS, row) != 3 * step
                        || batch.longAt(StepColumn.SQUARED_LENGTHS, row) != 5 * step
                        || batch.intAt(StepColumn.SEQUENCES, row) != (int) step) {
                    throw new AssertionError("writer " + writer + ": row of step " + batch.step(row) + " where step "
                            + step + " was due");
                }
            }
        }
    }
}
