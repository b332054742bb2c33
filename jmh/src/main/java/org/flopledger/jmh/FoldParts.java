package org.flopledger.jmh;

import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.fold.ParallelFold;
import org.flopledger.telemetry.StepBatch;

/** The fold beside memory bandwidth, DuckDB, a second thread and ever more rows. */
final class FoldParts {

    /** Rows of the set of batches that the growth series goes round in: far larger than the cache. */
    private static final long GROWTH_SET_ROWS = 1L << 22;

    private FoldParts() {}

    static void run(Scale scale, Results results) throws SQLException {
        for (StepData.Order order : StepData.Order.values()) {
            String name = order.name().toLowerCase(Locale.ROOT);
            try (StepData data = StepData.of(order, scale.rows())) {
                double fold = Timing.medianSeconds(
                        scale.rounds(),
                        () -> FoldRun.fold(data.batches()).runs().size());
                results.figure("fold." + name + ".rowsPerSecond", scale.rows() / fold);
                results.figure("fold." + name + ".nanosPerRow", fold * 1e9 / scale.rows());
                results.figure("fold." + name + ".nanosPerRowInCache", inCache(scale, data.batches()));
                if (order == StepData.Order.CLUSTERED) {
                    double read = Timing.medianSeconds(scale.rounds(), () -> FoldRun.readOnly(data.batches()));
                    double bytes = (double) scale.rows() * StepData.bytesPerRow();
                    results.figure("readOnly.bytesPerSecond", bytes / read);
                    results.figure("readOnly.nanosPerRow", read * 1e9 / scale.rows());
                    results.figure("fold.bytesPerSecond", bytes / fold);
                    results.ratio("fold.clustered.bandwidth", read / fold);
                    results.ratio("fold.threads2", threads(scale, data.batches()));
                } else {
                    // Bound by the core, whose second thread may be the one that we are given.
                    results.figure("fold.interleaved.threads2", threads(scale, data.batches()));
                }
            }
            try (DuckTable table = new DuckTable(order, scale.rows())) {
                double duck = Timing.medianSeconds(scale.rounds(), table::groupBy);
                results.figure("duckdb." + name + ".rowsPerSecond", scale.rows() / duck);
            }
            results.ratio(
                    "fold." + name + ".duckdb",
                    results.figure("fold." + name + ".rowsPerSecond")
                            / results.figure("duckdb." + name + ".rowsPerSecond"));
        }
    }

    /** Returns what a row costs when the memory costs nothing: one batch over and over. */
    private static double inCache(Scale scale, List<StepBatch> batches) {
        List<StepBatch> same = Collections.nCopies(batches.size(), batches.get(0));
        return Timing.medianSeconds(
                        scale.rounds(), () -> FoldRun.fold(same).runs().size())
                * 1e9
                / scale.rows();
    }

    /** Prints rows per second of the clustered fold alone: what the child on an older Java runs. */
    static double rowsPerSecond(Scale scale) {
        try (StepData data = StepData.of(StepData.Order.CLUSTERED, scale.rows())) {
            return scale.rows()
                    / Timing.medianSeconds(
                            scale.rounds(),
                            () -> FoldRun.fold(data.batches()).runs().size());
        }
    }

    /** Returns how many times as fast two threads are as one. */
    private static double threads(Scale scale, List<StepBatch> batches) {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            double one = Timing.medianSeconds(scale.rounds(), () -> parallel(batches, executor, 1));
            double two = Timing.medianSeconds(scale.rounds(), () -> parallel(batches, executor, 2));
            return one / two;
        } finally {
            executor.shutdown();
        }
    }

    private static long parallel(List<StepBatch> batches, ExecutorService executor, int tasks) {
        return ParallelFold.of(batches, ModelFormulas.none(), executor, tasks)
                .runs()
                .size();
    }

    /**
     * Folds 10^5, 10^6, .. rows out of a fixed set of batches, as a stream would hand them over. Few rows are folded many
     * times over: a few milliseconds cannot be timed.
     */
    static void growth(Scale scale, Results results) {
        try (StepData data = StepData.of(StepData.Order.CLUSTERED, GROWTH_SET_ROWS)) {
            long direct = data.nativeBytes();
            FoldRun.fold(data.batches());
            for (long rows = 100_000; rows <= scale.mostRows(); rows *= 10) {
                long size = rows;
                int times = (int) Math.max(1, scale.steadyRows() / rows);
                double seconds = Timing.medianSeconds(rows == scale.mostRows() ? 1 : 3, () -> {
                    long observations = 0;
                    for (int time = 0; time < times; time++) {
                        observations +=
                                FoldRun.stream(data.batches(), size).runs().size();
                    }
                    return observations;
                });
                results.figure("growth." + rows + ".nanosPerRow", seconds * 1e9 / (FoldRun.streamed(size) * times));
            }
            results.figure("growth.directMegabytes", data.nativeBytes() / 1e6);
            results.figure("growth.directBytesOfFold", (double) (data.nativeBytes() - direct));
        }
        Runtime runtime = Runtime.getRuntime();
        results.figure("growth.heapMegabytes", (runtime.totalMemory() - runtime.freeMemory()) / 1e6);
        results.figure("growth.maxHeapMegabytes", runtime.maxMemory() / 1e6);
    }
}
