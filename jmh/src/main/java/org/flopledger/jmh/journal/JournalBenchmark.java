package org.flopledger.jmh.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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

/**
 * Steps per second made durable, beside SQLite with the same rows, the same batches and the same durability: what is
 * acknowledged has been flushed ({@code FLUSH}), or is flushed at most 10 ms later ({@code WITHIN_10_MS}).
 *
 * <p>SQLite runs with a write-ahead log, {@code synchronous=FULL}, one prepared insert and no index. The directory is that of
 * the system property {@code flopledger.benchmarkDirectory}, or the current one: a temporary directory may be in memory.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, and calls the set-up before the first use.
public class JournalBenchmark {

    private static final int STEPS = 100_000;

    /** Who keeps the steps. */
    @Param({"JOURNAL", "LEDGER", "SQLITE"})
    public StepStore.Kind store;

    /** When a batch is acknowledged. */
    @Param({"FLUSH", "WITHIN_10_MS"})
    public StepStore.Durability durability;

    /** Steps of a batch. */
    @Param({"10", "1000", "20000"})
    public int batchSteps;

    private Path directory;
    private StepStore open;
    private List<StepStore.Batch> batches;

    /** Makes the rows once. */
    @Setup(Level.Trial)
    public void makeRows() {
        batches = StepStore.Batch.many(STEPS, batchSteps);
    }

    /** Begins with an empty store. */
    @Setup(Level.Iteration)
    public void open() throws IOException, SQLException {
        directory = Files.createTempDirectory(
                Path.of(System.getProperty("flopledger.benchmarkDirectory", "")).toAbsolutePath(), "journal-benchmark");
        open = store.open(directory, durability);
    }

    /** Keeps all batches, each acknowledged before the next. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void keep() throws SQLException {
        for (StepStore.Batch batch : batches) {
            open.keep(batch);
        }
    }

    /** Ends the store and removes its files. */
    @TearDown(Level.Iteration)
    public void close() throws IOException, SQLException {
        open.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Frees the rows. */
    @TearDown(Level.Trial)
    public void freeRows() {
        batches.forEach(StepStore.Batch::close);
    }
}
