package org.flopledger;

import java.util.List;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;

/**
 * What the ledgers under {@code src/test/resources/org/flopledger/ledger-1} hold: written once by release 0.2 formats (run/1,
 * snapshot 1), by these very calls. {@code records} has every record, {@code compacted} begins with a snapshot.
 */
final class LedgerFixture {

    private LedgerFixture() {}

    /** A run with two methods, one of them with a mask; the last of 100 steps was rolled back to 60. */
    static RunSpec masked() {
        LinearForm low = new LinearForm(
                400_000_000_000L,
                7,
                3_000_000,
                List.of(new LinearForm.MaskedPairs(new AttentionMask.SlidingWindow(512), 4_000_000)));
        LinearForm high = new LinearForm(500_000_000_000L, 9, 6_000_000, List.of());
        LinearForm sixNd = new LinearForm(420_000_000_000L, 0, 0, List.of());
        return RunSpec.pretraining("orion")
                .model(
                        "orion-70b",
                        new StepFormula(CountingMethod.ARCHITECTURE, low, low, low, high),
                        new StepFormula(CountingMethod.PARAMETER_TOKEN, sixNd, sixNd, sixNd, sixNd))
                .prior(FlopBounds.exactly(FlopCount.parse("1e22")))
                .build();
    }

    static RunSpec reported() {
        return RunSpec.fineTuning("lyra").build();
    }

    static void write(ComputeLedger ledger) {
        ledger.run(masked());
        ledger.run(reported());
        steps(ledger, "orion", 0, 1, 100);
        steps(ledger, "orion", 1, 61, 140);
        steps(ledger, "lyra", 0, 1, 10);
    }

    private static void steps(ComputeLedger ledger, String run, int attempt, long first, long last) {
        try (StepBatchBuilder builder = ledger.newBatch()) {
            for (long step = first; step <= last; step++) {
                builder.run(run).attempt(attempt).step(step).source("rank-0").endedAtMicros(1_000_000 * step);
                if (run.equals("orion")) {
                    builder.stage(Stage.PRETRAINING).model("orion-70b").equalSequences(2_048, 8_192);
                } else {
                    builder.stage(Stage.SUPERVISED_FINE_TUNING).reportedFlop(FlopCount.parse("1e21"));
                }
                builder.append();
            }
            try (StepBatch batch = builder.build()) {
                ledger.ingest(batch);
            }
        }
    }
}
