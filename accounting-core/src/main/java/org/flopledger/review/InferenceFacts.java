package org.flopledger.review;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * How a model is served: facts that no compute threshold needs, declared by the user.
 *
 * @param acceleratorsPerPass accelerators that one forward pass uses; null if unknown
 * @param latencies measured latencies, at most one for each batch size and percentile
 * @param sensitiveTask whether the task is declared sensitive; null if nobody said
 * @param flopPerGeneratedToken computation of one generated token; null if unknown
 */
public record InferenceFacts(
        @Nullable Integer acceleratorsPerPass,
        List<Latency> latencies,
        @Nullable Boolean sensitiveTask,
        @Nullable FlopCount flopPerGeneratedToken) {

    /**
     * One latency.
     *
     * @param batchSize requests served together, at least 1
     * @param percentile 50 for the median, above 0 and up to 100
     * @param millis milliseconds, finite and not negative
     */
    public record Latency(int batchSize, double percentile, double millis) {
        /** Checks the ranges. */
        public Latency {
            if (batchSize < 1) {
                throw new IllegalArgumentException("batch size is " + batchSize + ", must be >= 1");
            }
            if (!(percentile > 0 && percentile <= 100)) {
                throw new IllegalArgumentException("percentile is " + percentile + ", must be above 0 and up to 100");
            }
            if (!(millis >= 0) || Double.isInfinite(millis)) {
                throw new IllegalArgumentException("latency is " + millis + " ms, must be finite and >= 0");
            }
        }
    }

    /** Checks the ranges and copies the list. */
    public InferenceFacts {
        if (acceleratorsPerPass != null && acceleratorsPerPass < 1) {
            throw new IllegalArgumentException("accelerators per pass is " + acceleratorsPerPass + ", must be >= 1");
        }
        latencies = List.copyOf(latencies);
        long distinct = latencies.stream()
                .map(latency -> List.of(latency.batchSize(), latency.percentile()))
                .distinct()
                .count();
        if (distinct != latencies.size()) {
            throw new IllegalArgumentException("latencies repeat a batch size and percentile, each must be given once");
        }
    }

    /** Returns the lowest known percentile's latency at batch size 1 in milliseconds, the fastest claim; null if none. */
    @Nullable
    Double latencyAtBatchOneMillis() {
        return latencies.stream()
                .filter(latency -> latency.batchSize() == 1)
                .min(Comparator.comparingDouble(Latency::percentile))
                .map(Latency::millis)
                .orElse(null);
    }

    /** States what is known; what these facts leave open stays open. */
    void stateIn(StatedFacts stated) {
        if (acceleratorsPerPass != null) {
            stated.amount(FactName.ACCELERATORS_PER_PASS, BigDecimal.valueOf(acceleratorsPerPass));
        }
        Double latency = latencyAtBatchOneMillis();
        if (latency != null) {
            stated.amount(FactName.LATENCY_BATCH_ONE_MILLIS, BigDecimal.valueOf(latency));
        }
        if (sensitiveTask != null) {
            stated.answer(FactName.SENSITIVE_TASK, sensitiveTask);
        }
    }
}
