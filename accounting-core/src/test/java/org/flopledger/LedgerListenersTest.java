package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners that use the ledger while more findings wait for them than may wait. */
@Timeout(60)
class LedgerListenersTest {

    private static final long TOKENS = 1_000_000_000_000_000L;
    private static final int MANY = 1_500;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicReference<ComputeLedger> self = new AtomicReference<>();

    @Test
    void a_listener_may_ingest_while_others_wait_for_room() throws InterruptedException {
        try (ComputeLedger ledger = start(run -> {
            if (run.startsWith("first")) {
                ingest(self.get(), "second" + run.substring(5), 1);
            }
        })) {
            ingest(ledger, "first", MANY);
            // Twice: what the listener itself brought about waits too.
            ledger.awaitListeners();
            ledger.awaitListeners();
            assertThat(heard).hasSize(2 * MANY).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_listener_may_read_totals_while_a_flush_waits_for_room() throws InterruptedException {
        try (ComputeLedger ledger = start(run -> {
            // Recorded here, so that something is pending and the totals need a flush.
            self.get().run(spec("inner")).step(heard.size()).tokens(1).record();
            assertThat(self.get().totals(run).totals().observations()).isEqualTo(1);
        })) {
            for (int run = 0; run < MANY; run++) {
                ledger.run(spec("run-" + run)).step(1).tokens(TOKENS).record();
            }
            ledger.flush();
            ledger.awaitListeners();
            assertThat(heard).hasSize(MANY).doesNotHaveDuplicates();
            assertThat(ledger.totals("inner").totals().observations()).isEqualTo(MANY);
        }
    }

    @Test
    void a_ledger_closed_at_once_has_taken_in_what_was_recorded() {
        for (int life = 0; life < 300; life++) {
            ComputeLedger ledger = ComputeLedger.inMemory().start();
            LedgerRun run = ledger.run(spec("short"));
            run.step(1).tokens(1).record();
            ledger.close();
            assertThat(ledger.totals("short").totals().observations())
                    .as("life %d", life)
                    .isEqualTo(1);
        }
    }

    private interface Reaction {
        void to(String run);
    }

    private ComputeLedger start(Reaction reaction) {
        ComputeLedger ledger = ComputeLedger.inMemory()
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .onFinding(finding -> {
                    heard.add(finding.run());
                    reaction.to(finding.run());
                })
                .start();
        self.set(ledger);
        return ledger;
    }

    private static RunSpec spec(String run) {
        return RunSpec.pretraining(run)
                .model("dense-1b", ExactFormula.sixNd(1_000_000_000L))
                .build();
    }

    private static void ingest(ComputeLedger ledger, String prefix, int runs) {
        ledger.run(spec(prefix + "-known"));
        try (StepBatchBuilder rows = ledger.newBatch()) {
            for (int run = 0; run < runs; run++) {
                rows.run(prefix + "-" + run)
                        .attempt(0)
                        .step(1)
                        .source("log")
                        .stage(Stage.PRETRAINING)
                        .model("dense-1b")
                        .tokens(TOKENS)
                        .append();
            }
            try (StepBatch batch = rows.build()) {
                ledger.ingest(batch);
            }
        }
    }
}
