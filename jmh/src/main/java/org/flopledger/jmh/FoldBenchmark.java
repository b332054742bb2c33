package org.flopledger.jmh;

import java.util.concurrent.TimeUnit;
import org.flopledger.internal.fold.LedgerAccounts;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Rows a second through the real path, beside a pass that only reads them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the set-up before the first use.
public class FoldBenchmark {

    private static final int ROWS = 1 << 24;

    /** How runs follow each other. */
    @Param({"CLUSTERED", "INTERLEAVED"})
    public StepData.Order order;

    private StepData data;

    /** Makes the rows once. */
    @Setup
    public void makeRows() {
        data = StepData.of(order, ROWS);
    }

    /** Frees them. */
    @TearDown
    public void free() {
        data.close();
    }

    /** Validates and folds all rows. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public LedgerAccounts fold() {
        return FoldRun.fold(data.batches());
    }

    /** Reads all rows. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long readOnly() {
        return FoldRun.readOnly(data.batches());
    }
}
