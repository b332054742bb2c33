package org.flopledger.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerStatus;
import org.flopledger.account.CellTotals;
import org.flopledger.account.RunAccount;
import org.flopledger.review.Projection;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/**
 * The meters of a ledger. How it stands is read when a meter is; what runs have cost is read by {@link #refresh}, which the user calls
 * now and then, since it waits for what is being made durable.
 *
 * <p>A meter's value is a floating-point number: amounts are rounded to 53 bits there, and exact in the ledger. Thread-safe.
 */
public final class LedgerMeters implements MeterBinder {

    private static final String RUN = "run";

    private final ComputeLedger ledger;
    private final int mostRuns;
    private final List<Runs> bound = new ArrayList<>();

    /** The meters of runs in one registry. */
    private record Runs(
            MultiGauge compute, MultiGauge tokens, MultiGauge steps, MultiGauge coverage, MultiGauge remaining) {}

    /**
     * Makes the meters of a ledger, which stays the caller's to close, after the registries.
     *
     * @param mostRuns of how many runs there are meters, those that came first; each is a series of its own in every registry
     */
    public LedgerMeters(ComputeLedger ledger, int mostRuns) {
        if (mostRuns < 1) {
            throw new IllegalArgumentException("mostRuns is " + mostRuns + ", must be at least 1");
        }
        this.ledger = ledger;
        this.mostRuns = mostRuns;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "accepted", LedgerStatus::accepted);
        counter(registry, "duplicate", LedgerStatus::duplicates);
        counter(registry, "conflict", LedgerStatus::conflicts);
        counter(
                registry,
                "rejected",
                status -> status.rejected().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        gauge(
                registry,
                "ml.training.ledger.pending",
                "Observations that are not on the disk yet",
                LedgerStatus::pending);
        gauge(
                registry,
                "ml.training.ledger.recorder.fill",
                "How full the recorder is, 0 to 1",
                LedgerStatus::recorderFill);
        gauge(
                registry,
                "ml.training.ledger.failed",
                "1 if the ledger has stopped after a failure",
                status -> status.failure() == null ? 0 : 1);
        synchronized (bound) {
            bound.add(new Runs(
                    runs(registry, "ml.training.compute", "FLOP", "Model FLOP of a run: low, best, high"),
                    runs(registry, "ml.training.tokens", "tokens", "Tokens of the observations that tell them"),
                    runs(registry, "ml.training.steps", "steps", "Observations that count"),
                    runs(registry, "ml.training.coverage", "1", "Part of the observations that the figure covers"),
                    runs(registry, "ml.training.threshold.remaining", "FLOP", "FLOP up to a line that is not passed")));
        }
    }

    private void counter(MeterRegistry registry, String outcome, ToDoubleFunction<LedgerStatus> count) {
        FunctionCounter.builder("ml.training.ledger.observations", ledger, open -> count.applyAsDouble(open.status()))
                .tag("outcome", outcome)
                .description("Observations by what became of them since the ledger was opened")
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<LedgerStatus> value) {
        Gauge.builder(name, ledger, open -> value.applyAsDouble(open.status()))
                .description(description)
                .register(registry);
    }

    private static MultiGauge runs(MeterRegistry registry, String name, String unit, String description) {
        return MultiGauge.builder(name).baseUnit(unit).description(description).register(registry);
    }

    /**
     * Reads what runs have cost, for every registry bound so far.
     *
     * @throws org.flopledger.LedgerException if the ledger is closed
     */
    public void refresh() {
        List<MultiGauge.Row<?>> compute = new ArrayList<>();
        List<MultiGauge.Row<?>> tokens = new ArrayList<>();
        List<MultiGauge.Row<?>> steps = new ArrayList<>();
        List<MultiGauge.Row<?>> coverage = new ArrayList<>();
        List<MultiGauge.Row<?>> remaining = new ArrayList<>();
        List<String> runs = ledger.runs();
        for (String run : runs.subList(0, Math.min(mostRuns, runs.size()))) {
            RunAccount account = ledger.totals(run);
            Tags tags = Tags.of(RUN, run);
            steps.add(MultiGauge.Row.of(tags, account.totals().observations()));
            coverage.add(MultiGauge.Row.of(tags, account.total().coverage()));
            if (account.totals().known(CellTotals.Known.TOKENS) > 0) {
                tokens.add(MultiGauge.Row.of(tags, account.totals().tokens().doubleValue()));
            }
            // What is not known has no value, which is not zero.
            if (account.total().covered() > 0) {
                FlopBounds bounds = account.total().bounds();
                compute.add(row(tags.and("bound", "low"), bounds.low()));
                compute.add(row(tags.and("bound", "best"), bounds.best()));
                compute.add(row(tags.and("bound", "high"), bounds.high()));
                for (Projection.Crossing ahead : ledger.project(run, null)) {
                    if (ahead.threshold().compareTo(bounds.best()) >= 0) {
                        remaining.add(row(
                                tags.and("rule", ahead.rule().id()),
                                ahead.threshold().minus(bounds.best())));
                    }
                }
            }
        }
        synchronized (bound) {
            for (Runs meters : bound) {
                meters.compute.register(compute, true);
                meters.tokens.register(tokens, true);
                meters.steps.register(steps, true);
                meters.coverage.register(coverage, true);
                meters.remaining.register(remaining, true);
            }
        }
    }

    private static MultiGauge.Row<Number> row(Tags tags, FlopCount flop) {
        return MultiGauge.Row.of(tags, flop.toDouble());
    }
}
