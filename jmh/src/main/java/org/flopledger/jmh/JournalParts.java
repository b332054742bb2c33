package org.flopledger.jmh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.flopledger.ComputeLedger;
import org.flopledger.jmh.journal.StepStore;
import org.flopledger.jmh.journal.StepStore.Batch;
import org.flopledger.jmh.journal.StepStore.Durability;
import org.flopledger.jmh.journal.StepStore.Kind;
import org.flopledger.jmh.journal.StoreTiming;

/**
 * Steps made durable beside SQLite: the same rows in the same batches at the same durability, taken in turns, the median of
 * some rounds. {@code flush} acknowledges a batch when it is on the disk, {@code group} at most ten milliseconds before that.
 *
 * <p>SQLite has a write-ahead log, {@code synchronous=FULL}, one prepared insert and no index. {@code ledger} is the whole
 * way of a batch into a durable ledger, repeats searched and totals added up, of which SQLite does nothing. What the disk and
 * the hash alone would take is measured beside them.
 */
final class JournalParts {

    /** Steps of a batch of which the ratios are. */
    private static final int BATCH = 10_000;

    private static final int[] BATCHES = {100, 1_000, BATCH, 32_768};
    private static final int MOST_BATCHES = 400;
    private static final int MOST_STEPS = 200_000;
    private static final int WARM_UP = 2;
    private static final int THREADS = 8;
    private static final int SMALL_BATCH = 100;

    /** About what a step of these rows takes in the journal. */
    private static final int STEP_BYTES = 69;

    private static final int RECOVERED_STEPS = 1_000_000;

    private final Results results;
    private final int rounds;

    private JournalParts(Scale scale, Results results) {
        this.results = results;
        rounds = Math.max(3, scale.rounds() / 2);
    }

    static void run(Scale scale, Results results)
            throws IOException, SQLException, InterruptedException, ExecutionException {
        JournalParts parts = new JournalParts(scale, results);
        results.figure("journal.batchSteps", BATCH);
        for (int batch : BATCHES) {
            parts.oneThread(batch);
        }
        parts.headline("flush");
        parts.headline("group");
        parts.threads();
        parts.recovery();
        parts.hash();
    }

    private void headline(String durability) {
        for (String store : List.of("journal", "ledger", "sqlite")) {
            String key = store + ".stepsPerSecond." + durability;
            results.figure(key, results.figure(key + "." + BATCH));
        }
        double sqlite = results.figure("sqlite.stepsPerSecond." + durability);
        results.ratio("journal.sqlite." + durability, results.figure("journal.stepsPerSecond." + durability) / sqlite);
        results.ratio("ledger.sqlite." + durability, results.figure("ledger.stepsPerSecond." + durability) / sqlite);
    }

    private void oneThread(int batchSteps) throws IOException, SQLException {
        int steps = Math.min(MOST_STEPS, MOST_BATCHES * batchSteps);
        List<Batch> batches = Batch.many(steps, batchSteps);
        try {
            for (Durability durability : Durability.values()) {
                String name = durability == Durability.FLUSH ? "flush" : "group";
                medians(kind -> StoreTiming.seconds(kind, durability, batches))
                        .forEach((kind, seconds) -> results.figure(
                                kind.name().toLowerCase(Locale.ROOT) + ".stepsPerSecond." + name + "." + batchSteps,
                                steps / seconds));
            }
            results.figure("disk.stepsPerSecond.flush." + batchSteps, disk(batches.size(), batchSteps));
        } finally {
            batches.forEach(Batch::close);
        }
    }

    /** Several threads with small batches: ours share a flush, SQLite's wait for each other. */
    private void threads() throws IOException, SQLException, InterruptedException, ExecutionException {
        int steps = THREADS * MOST_BATCHES * SMALL_BATCH / 2;
        List<Batch> batches = Batch.many(steps, SMALL_BATCH);
        try {
            results.figure("journal.threads", THREADS);
            Map<Kind, Double> seconds = medians(kind -> {
                try {
                    return StoreTiming.secondsOfThreads(kind, THREADS, batches);
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException("threads of " + kind + " have failed", e);
                }
            });
            seconds.forEach((kind, one) ->
                    results.figure(kind.name().toLowerCase(Locale.ROOT) + ".stepsPerSecond.threads", steps / one));
            double sqlite = results.figure("sqlite.stepsPerSecond.threads");
            results.ratio("journal.sqlite.threads", results.figure("journal.stepsPerSecond.threads") / sqlite);
        } finally {
            batches.forEach(Batch::close);
        }
    }

    /** Seconds of one round of a store. */
    private interface Round {
        double seconds(Kind kind) throws IOException, SQLException;
    }

    private Map<Kind, Double> medians(Round round) throws IOException, SQLException {
        Map<Kind, double[]> seconds = new EnumMap<>(Kind.class);
        for (int i = -WARM_UP; i < rounds; i++) {
            for (Kind kind : Kind.values()) {
                double one = round.seconds(kind);
                if (i >= 0) {
                    seconds.computeIfAbsent(kind, absent -> new double[rounds])[i] = one;
                }
            }
        }
        Map<Kind, Double> medians = new EnumMap<>(Kind.class);
        seconds.forEach((kind, all) -> {
            Arrays.sort(all);
            medians.put(kind, all[rounds / 2]);
        });
        return medians;
    }

    /** Returns the steps per second of a bare loop that writes and flushes as many bytes as the journal does. */
    private double disk(int writes, int batchSteps) throws IOException {
        Path directory = StoreTiming.newDirectory();
        byte[] bytes = new byte[batchSteps * STEP_BYTES];
        RandomGenerator.of("L64X128MixRandom").nextBytes(bytes);
        double[] seconds = new double[rounds];
        try {
            for (int round = 0; round < rounds; round++) {
                try (FileChannel file = FileChannel.open(
                        directory.resolve("bare-" + round), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    long start = System.nanoTime();
                    for (int i = 0; i < writes; i++) {
                        file.write(ByteBuffer.wrap(bytes));
                        file.force(false);
                    }
                    seconds[round] = (System.nanoTime() - start) / 1e9;
                }
            }
        } finally {
            StoreTiming.delete(directory);
        }
        Arrays.sort(seconds);
        return (double) writes * batchSteps / seconds[rounds / 2];
    }

    private void recovery() throws IOException, SQLException {
        Path directory = StoreTiming.newDirectory();
        try {
            try (StepStore store = Kind.LEDGER.open(directory, Durability.WITHIN_10_MS)) {
                for (int first = 0; first < RECOVERED_STEPS; first += BATCH) {
                    // One at a time: the rows of all are more than the heap.
                    try (Batch batch = Batch.of(first, BATCH)) {
                        store.keep(batch);
                    }
                }
            }
            long bytes = length(directory);
            results.figure("journal.bytesPerStep", (double) bytes / RECOVERED_STEPS);
            double seconds = Timing.medianSeconds(rounds, () -> {
                try (ComputeLedger ledger = ComputeLedger.open(directory).start()) {
                    return ledger.runs().size();
                }
            });
            results.figure("journal.recovery.megabytesPerSecond", bytes / seconds / 1e6);
        } finally {
            StoreTiming.delete(directory);
        }
    }

    private static long length(Path directory) throws IOException {
        long length = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                length += Files.size(file);
            }
        }
        return length;
    }

    /** What bounds both: every byte of the journal goes through one chain of SHA-256. */
    private void hash() {
        byte[] record = new byte[BATCH * STEP_BYTES];
        double seconds = Timing.medianSeconds(rounds, () -> sha256().digest(record)[0] + sha256().digest(record)[1]);
        results.figure("sha256.megabytesPerSecond", 2.0 * record.length / seconds / 1e6);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
