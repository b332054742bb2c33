package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.flopledger.account.RunAccount;
import org.flopledger.lineage.Lineage;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of accounting-core/docs/restarts.md, a row a test, to the last FLOP. */
class RestartScenariosTest {

    private static final long TOKENS = 4_194_304;

    /** 6 FLOP x 7e9 parameters x 4 194 304 tokens. */
    private static final FlopCount STEP = FlopCount.parse("176160768000000000");

    private final ComputeLedger ledger = ComputeLedger.inMemory().start();

    @BeforeEach
    void registerTheRun() {
        ledger.run(RunSpec.pretraining("orion")
                .parameters("orion-7b", 7_000_000_000L, 7_000_000_000L)
                .build());
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void row_1_crash_without_rollback() {
        record(0, 1, 500);
        record(1, 501, 1_000);
        assertSteps(1_000, 0);
        assertThat(account().total().bounds().best()).hasToString("176160768000000000000");
    }

    @Test
    void row_2_rollback_of_100_steps() {
        record(0, 1, 500);
        record(1, 401, 1_000);
        assertSteps(1_100, 100);
        assertThat(account().total().bounds().best()).hasToString("193776844800000000000");
        assertThat(account().retained().bounds().best()).hasToString("176160768000000000000");
        assertThat(account().discarded().bounds().best()).hasToString("17616076800000000000");
    }

    @Test
    void row_3_the_logs_of_row_2_in_the_other_order() {
        record(1, 401, 1_000);
        record(0, 1, 500);
        assertSteps(1_100, 100);
    }

    @Test
    void row_4_two_attempts_at_the_same_time() {
        record(0, 1, 200);
        for (int step = 201; step <= 300; step++) {
            record(0, step, step);
            record(1, step, step);
            assertSteps(200 + 2 * (step - 200), step - 200);
        }
        record(1, 301, 400);
        assertSteps(500, 100);
    }

    @Test
    void row_5_three_attempts_each_rolled_back_further() {
        record(0, 1, 500);
        record(1, 401, 600);
        record(2, 301, 700);
        assertSteps(1_100, 400);
    }

    @Test
    void row_6_requeue_with_the_same_job_id_and_attempts_counted() {
        record(0, 1, 500);
        record(1, 451, 1_000);
        assertSteps(1_050, 50);
        assertThat(account().attempts()).isEqualTo(2);
    }

    @Test
    void row_7_requeue_with_the_same_job_id_and_nothing_that_tells_the_attempts_apart() {
        record(0, 1, 500);
        IngestResult second = record(0, 451, 1_000);
        assertThat(second.repeats().duplicates()).isEqualTo(50);
        assertSteps(1_000, 0);
    }

    @Test
    void row_8_double_writer_with_equal_values() {
        record(0, 1, 500);
        IngestResult second = record(0, 1, 500);
        assertThat(second.repeats().duplicates()).isEqualTo(500);
        assertThat(second.repeats().conflicts()).isZero();
        assertSteps(500, 0);
    }

    @Test
    void row_9_double_writer_with_slightly_different_values() {
        record(0, 1, 500);
        IngestResult second = record(0, 1, 500, TOKENS - 4);
        assertThat(second.repeats().duplicates()).isZero();
        assertThat(second.repeats().conflicts()).isEqualTo(500);
        assertThat(second.accepted()).isZero();
        assertSteps(500, 0);
    }

    @Test
    void row_10_resubmitted_file() {
        record(0, 1, 500);
        record(1, 401, 1_000);
        RunAccount before = account();
        assertThat(record(0, 1, 500).accepted()).isZero();
        assertThat(record(1, 401, 1_000).accepted()).isZero();
        assertThat(account().total()).isEqualTo(before.total());
        assertThat(account().discarded()).isEqualTo(before.discarded());
    }

    @Test
    void row_11_optimizer_steps_skipped_because_of_overflow() {
        // Steps 3 and 7 updated nothing. They ran, nobody threw them away, and the log prints them like the others.
        record(0, 1, 10);
        assertSteps(10, 0);
    }

    @Test
    void row_12_evaluation_of_the_resumed_checkpoint() {
        record(0, 1, 500);
        try (StepBatchBuilder rows = ledger.newBatch()) {
            step(rows, 1, 400, Stage.EVALUATION, TOKENS);
            ingest(rows);
        }
        record(1, 401, 500);
        assertThat(account().discarded().bounds().best()).isEqualTo(STEP.times(100));
    }

    @Test
    void row_13_merged_fine_tunes_of_one_base() {
        Lineage lineage = Lineage.builder()
                .model(model("base", 1_000))
                .model(model("left", 10))
                .model(model("right", 20))
                .model(new Lineage.Model("merged", null, FlopBounds.ZERO))
                .link("left", Lineage.Relation.FINE_TUNED_FROM, "base")
                .link("right", Lineage.Relation.FINE_TUNED_FROM, "base")
                .link("merged", Lineage.Relation.MERGED_FROM, "left")
                .link("merged", Lineage.Relation.MERGED_FROM, "right")
                .build();
        assertThat(lineage.cumulative("merged").known().best()).isEqualTo(STEP.times(1_030));
        assertThat(lineage.cumulative("merged").unknown()).isEmpty();
    }

    private static Lineage.Model model(String name, long steps) {
        return new Lineage.Model(name, null, FlopBounds.exactly(STEP.times(steps)));
    }

    private IngestResult record(int attempt, long first, long last) {
        return record(attempt, first, last, TOKENS);
    }

    private IngestResult record(int attempt, long first, long last, long tokens) {
        try (StepBatchBuilder rows = ledger.newBatch()) {
            for (long step = first; step <= last; step++) {
                step(rows, attempt, step, Stage.PRETRAINING, tokens);
            }
            return ingest(rows);
        }
    }

    private static void step(StepBatchBuilder rows, int attempt, long step, Stage stage, long tokens) {
        rows.run("orion")
                .attempt(attempt)
                .step(step)
                .source("log")
                .stage(stage)
                .model("orion-7b")
                .tokens(tokens)
                .append();
    }

    private IngestResult ingest(StepBatchBuilder rows) {
        try (StepBatch batch = rows.build()) {
            return ledger.ingest(batch);
        }
    }

    private RunAccount account() {
        return ledger.totals("orion");
    }

    private void assertSteps(long total, long discarded) {
        assertThat(account().total().bounds().best()).isEqualTo(STEP.times(total));
        assertThat(account().discarded().bounds().best()).isEqualTo(STEP.times(discarded));
        assertThat(account().retained().bounds().best()).isEqualTo(STEP.times(total - discarded));
    }
}
