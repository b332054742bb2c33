package org.flopledger.jmh.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Times how fast a store keeps batches, each time in an empty directory beneath that of the system property
 * {@code flopledger.benchmarkDirectory}, or the current one: a temporary directory may be in memory.
 */
public final class StoreTiming {

    private StoreTiming() {}

    /** Returns the seconds one thread takes to have all batches kept, each acknowledged before the next. */
    public static double seconds(StepStore.Kind kind, StepStore.Durability durability, List<StepStore.Batch> batches)
            throws IOException, SQLException {
        Path directory = newDirectory();
        try (StepStore store = kind.open(directory, durability)) {
            long start = System.nanoTime();
            for (StepStore.Batch batch : batches) {
                store.keep(batch);
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            delete(directory);
        }
    }

    /** Returns the seconds several threads take together to have all batches flushed, each one its share in turn. */
    public static double secondsOfThreads(StepStore.Kind kind, int threads, List<StepStore.Batch> batches)
            throws IOException, SQLException, InterruptedException, ExecutionException {
        Path directory = newDirectory();
        try (StepStore store = kind.open(directory, StepStore.Durability.FLUSH)) {
            return secondsOfThreads(store, threads, batches);
        } finally {
            delete(directory);
        }
    }

    static double secondsOfThreads(StepStore store, int threads, List<StepStore.Batch> batches)
            throws SQLException, InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<StepStore.Writer> writers = new ArrayList<>();
        try {
            for (int thread = 0; thread < threads; thread++) {
                writers.add(store.writer());
            }
            long start = System.nanoTime();
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread;
                StepStore.Writer writer = writers.get(thread);
                all.add(executor.submit(() -> {
                    for (int i = first; i < batches.size(); i += threads) {
                        writer.keep(batches.get(i));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            executor.shutdownNow();
            for (StepStore.Writer writer : writers) {
                writer.close();
            }
        }
    }

    /** Makes an empty directory. */
    public static Path newDirectory() throws IOException {
        return Files.createTempDirectory(
                Path.of(System.getProperty("flopledger.benchmarkDirectory", "")).toAbsolutePath(), "journal-timing");
    }

    /** Removes a directory and what is in it. */
    public static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
