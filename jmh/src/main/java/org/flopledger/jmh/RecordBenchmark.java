package org.flopledger.jmh;

import java.util.concurrent.TimeUnit;
import org.flopledger.telemetry.StepBatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds of one live step; with the profiler {@code gc} also the bytes that it allocates. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before the first use.
public class RecordBenchmark {

    private RecordRun steps;

    /** Makes the recorder. */
    @Setup
    public void open() {
        steps = new RecordRun();
    }

    /** Empties the recorder between two measurements; an invocation is a million steps, so this is not felt in them. */
    @TearDown(Level.Invocation)
    public void empty() {
        try (StepBatch batch = steps.snapshot()) {
            if (batch.rows() != RecordRun.STEPS) {
                throw new IllegalStateException("snapshot has " + batch.rows() + " rows, must be " + RecordRun.STEPS);
            }
        }
    }

    /** Frees its memory. */
    @TearDown
    public void close() {
        steps.close();
    }

    /** Records a million steps. */
    @Benchmark
    @OperationsPerInvocation(RecordRun.STEPS)
    public void record() {
        steps.recordSteps();
    }
}
