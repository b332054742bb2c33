package org.flopledger.jmh;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.lang.management.ManagementFactory;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.telemetry.StepBatch;

/** One live step beside one counter increment of the usual metrics libraries, and merging of states. */
final class RecordParts {

    private static final int STEPS = RecordRun.STEPS;
    private static final int MERGES = 20_000;

    private RecordParts() {}

    static void run(Scale scale, Results results) {
        record(scale, results);
        double ours = results.figure("record.nanosPerStep");
        double micrometer = micrometer(scale);
        results.figure("micrometer.nanosPerIncrement", micrometer);
        results.ratio("record.micrometer", micrometer / ours);
        double opentelemetry = openTelemetry(scale);
        results.figure("opentelemetry.nanosPerIncrement", opentelemetry);
        results.ratio("record.opentelemetry", opentelemetry / ours);
    }

    private static void record(Scale scale, Results results) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double best = Double.MAX_VALUE;
        long allocated = Long.MAX_VALUE;
        try (RecordRun run = new RecordRun()) {
            for (int round = 0; round < scale.recordRounds(); round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                long start = System.nanoTime();
                run.recordSteps();
                long end = System.nanoTime();
                allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
                best = Math.min(best, (end - start) / (double) STEPS);
                try (StepBatch batch = run.snapshot()) {
                    if (batch.rows() != STEPS) {
                        throw new IllegalStateException("snapshot has " + batch.rows() + " rows, must be " + STEPS);
                    }
                }
            }
        }
        results.figure("record.nanosPerStep", best);
        results.ratio("record.bytesPerStep", (double) allocated / STEPS);
    }

    private static double micrometer(Scale scale) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Counter counter = registry.counter("ml.training.tokens", "run", "orion");
        double best = Double.MAX_VALUE;
        for (int round = 0; round < scale.recordRounds(); round++) {
            long start = System.nanoTime();
            for (int step = 0; step < STEPS; step++) {
                counter.increment(4_194_304);
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) STEPS);
        }
        return best;
    }

    private static double openTelemetry(Scale scale) {
        try (SdkMeterProvider provider = SdkMeterProvider.builder()
                .registerMetricReader(new PulledReader())
                .build()) {
            LongCounter counter = provider.get("flopledger")
                    .counterBuilder("ml.training.tokens")
                    .build();
            double best = Double.MAX_VALUE;
            for (int round = 0; round < scale.recordRounds(); round++) {
                long start = System.nanoTime();
                for (int step = 0; step < STEPS; step++) {
                    counter.add(4_194_304);
                }
                best = Math.min(best, (System.nanoTime() - start) / (double) STEPS);
            }
            return best;
        }
    }

    /** A reader that nobody asks: without one the counter would do nothing. */
    private static final class PulledReader implements MetricReader {

        @Override
        public void register(CollectionRegistration registration) {}

        @Override
        public CompletableResultCode forceFlush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType instrumentType) {
            return AggregationTemporality.CUMULATIVE;
        }
    }

    /** Merges states of one run each, as partitions of a distributed engine would send them. */
    static void merge(Scale scale, Results results) {
        byte[] state = state();
        double seconds = Timing.medianSeconds(
                scale.rounds(), () -> merged(state, MERGES).runs().size());
        results.ratio("merge.perSecond", MERGES / seconds);
        results.figure("merge.stateBytes", state.length);
    }

    /** Returns the state of one run of the benchmark's rows. */
    static byte[] state() {
        try (StepData data = StepData.of(StepData.Order.CLUSTERED, 1 << 20)) {
            return FoldRun.fold(data.batches()).copyOf("run-0").toBytes();
        }
    }

    /** Returns what a state makes when it is read and merged so many times. */
    static LedgerAccounts merged(byte[] state, int times) {
        LedgerAccounts total = new LedgerAccounts();
        for (int i = 0; i < times; i++) {
            total.merge(LedgerAccounts.fromBytes(state));
        }
        return total;
    }
}
