package org.flopledger.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerRun;
import org.flopledger.RunSpec;
import org.flopledger.units.FlopCount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerMetersTest {

    private final ComputeLedger ledger = ComputeLedger.inMemory()
            .threshold("own-line", FlopCount.of(1_000_000))
            .start();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LedgerMeters meters = new LedgerMeters(ledger, 10);

    @AfterEach
    void close() {
        registry.close();
        ledger.close();
    }

    private double value(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void whatARunHasCostIsItsMeters() {
        meters.bindTo(registry);
        LedgerRun run = ledger.run(
                RunSpec.pretraining("r").parameters("m", 1_000, 1_000).build());
        run.step(1).tokens(10).record();
        run.step(2).tokens(20).record();
        meters.refresh();
        assertThat(value("ml.training.compute", "run", "r", "bound", "best")).isEqualTo(180_000);
        assertThat(value("ml.training.compute", "run", "r", "bound", "low"))
                .isEqualTo(run.totals().total().bounds().low().toDouble());
        assertThat(value("ml.training.tokens", "run", "r")).isEqualTo(30);
        assertThat(value("ml.training.steps", "run", "r")).isEqualTo(2);
        assertThat(value("ml.training.coverage", "run", "r")).isEqualTo(1);
        assertThat(value("ml.training.threshold.remaining", "run", "r", "rule", "own-line"))
                .isEqualTo(820_000);
        run.step(3).tokens(1).record();
        meters.refresh();
        assertThat(value("ml.training.compute", "run", "r", "bound", "best")).isEqualTo(186_000);
    }

    @Test
    void aRunThatNothingPricesHasNoComputeAndNotZero() {
        meters.bindTo(registry);
        ledger.run(RunSpec.pretraining("r").build()).step(1).tokens(10).record();
        meters.refresh();
        assertThat(registry.find("ml.training.compute").gauges()).isEmpty();
        assertThat(value("ml.training.coverage", "run", "r")).isZero();
    }

    @Test
    void howTheLedgerStandsIsReadWhenAskedFor() {
        meters.bindTo(registry);
        LedgerRun run = ledger.run(RunSpec.pretraining("r").build());
        run.step(1).tokens(10).record();
        run.step(1).tokens(10).record();
        ledger.flush();
        assertThat(registry.get("ml.training.ledger.observations")
                        .tag("outcome", "accepted")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("ml.training.ledger.observations")
                        .tag("outcome", "duplicate")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(value("ml.training.ledger.pending")).isZero();
        assertThat(value("ml.training.ledger.failed")).isZero();
    }

    @Test
    void onlySoManyRunsHaveMeters() {
        LedgerMeters few = new LedgerMeters(ledger, 1);
        few.bindTo(registry);
        ledger.run(RunSpec.pretraining("a").build()).step(1).tokens(1).record();
        ledger.run(RunSpec.pretraining("b").build()).step(1).tokens(1).record();
        few.refresh();
        assertThat(registry.find("ml.training.steps").gauges()).hasSize(1);
    }
}
