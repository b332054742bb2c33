package org.flopledger.exports;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerRun;
import org.flopledger.RunSpec;
import org.flopledger.exports.ExportedRun.Beside;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;

/** Runs of which everything, something and nothing is known. */
final class SampleRuns {

    static final Instant CREATED = Instant.parse("2026-11-21T10:00:00.5Z");
    static final String LIBRARY = "0.1.0";

    private static final long START = 1_760_000_000_000_000L;
    private static final long DAY = 86_400_000_000L;

    private SampleRuns() {}

    /** A fine-tuning of two attempts of which every step told everything; the first attempt's second step was repeated. */
    static ExportedRun known() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            LedgerRun first = ledger.run(RunSpec.of("orion-sft", Stage.SUPERVISED_FINE_TUNING)
                    .parameters("m", 7_000_000_000L, 7_000_000_000L)
                    .ancestor(new Ancestor(
                            "orion-base",
                            Ancestor.Role.WEIGHTS,
                            Ancestor.Developer.SAME,
                            FlopBounds.exactly(FlopCount.parse("10000000000000000000000001"))))
                    .ancestor(new Ancestor("teacher", Ancestor.Role.TEACHER, Ancestor.Developer.OTHER, null))
                    .build());
            step(first, 1, 0);
            step(first, 2, 1);
            LedgerRun second = first.newAttempt();
            step(second, 2, 2);
            step(second, 3, 39);
            ledger.flush();
            return new ExportedRun(
                    ledger.totals("orion-sft"),
                    ledger.facts("orion-sft"),
                    new Beside(
                            7_000_000_000L,
                            7_000_000_000L,
                            40_000_000L,
                            Set.of(PeftTechnique.RS_LORA),
                            null,
                            null,
                            null,
                            "H100_SXM"));
        }
    }

    private static void step(LedgerRun run, long step, long day) {
        run.step(step)
                .tokens(1_000_000_007L)
                .betweenMicros(START + day * DAY, START + (day + 1) * DAY)
                .devices(8, 691_200.25)
                .energyJoules(5_400_000_000.125)
                .record();
    }

    /** A pretraining that told a price and energy of one step of two. */
    static ExportedRun half() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            LedgerRun run = ledger.run(
                    RunSpec.pretraining("half").parameters("m", 1_000, 1_000).build());
            run.step(1).tokens(10).energyJoules(7.5).record();
            run.step(2).record();
            ledger.flush();
            return new ExportedRun(ledger.totals("half"), ledger.facts("half"), Beside.NOTHING);
        }
    }

    /** A run of which nothing is known but that it ran. */
    static ExportedRun unknown() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            ledger.run(RunSpec.pretraining("dark").build()).step(1).record();
            ledger.flush();
            return new ExportedRun(ledger.totals("dark"), ledger.facts("dark"), Beside.NOTHING);
        }
    }

    static List<ExportedRun> all() {
        return List.of(known(), half(), unknown());
    }
}
