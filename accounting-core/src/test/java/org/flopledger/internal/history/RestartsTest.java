package org.flopledger.internal.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flopledger.internal.history.StepHistoryFixture.steps;

import java.util.List;
import org.flopledger.internal.history.StepHistoryModel.Part;
import org.flopledger.internal.history.StepHistoryModel.Row;
import org.junit.jupiter.api.Test;

/** The rows of the scenario table in accounting-core/docs/restarts.md, in steps and tokens. */
class RestartsTest {

    private static final long TOKENS = 4_096;

    private final StepHistoryFixture ledger = new StepHistoryFixture();

    @Test
    void a_crash_without_rollback_discards_nothing() {
        ledger.add(steps(0, 1, 500, TOKENS)).add(steps(1, 501, 1_000, TOKENS));
        assertThat(ledger.total).isEqualTo(new Part(1_000, 1_000 * TOKENS));
        assertThat(ledger.discarded).isEqualTo(Part.NONE);
    }

    @Test
    void a_rollback_of_100_steps_discards_100_steps_of_the_earlier_attempt() {
        ledger.add(steps(0, 1, 500, TOKENS)).add(steps(1, 401, 1_000, TOKENS));
        assertThat(ledger.total).isEqualTo(new Part(1_100, 1_100 * TOKENS));
        assertThat(ledger.discarded).isEqualTo(new Part(100, 100 * TOKENS));
        assertThat(ledger.history.cutOf(0)).isEqualTo(401);
        assertThat(ledger.history.cutOf(1)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void the_later_attempt_may_arrive_first() {
        ledger.add(steps(1, 401, 1_000, TOKENS)).add(steps(0, 1, 500, TOKENS));
        assertThat(ledger.total).isEqualTo(new Part(1_100, 1_100 * TOKENS));
        assertThat(ledger.discarded).isEqualTo(new Part(100, 100 * TOKENS));
    }

    @Test
    void two_overlapping_attempts_that_report_alternately_keep_the_later_one() {
        for (long step = 1; step <= 300; step++) {
            ledger.add(steps(0, step, step, TOKENS));
            if (step >= 201) {
                ledger.add(steps(1, step, step, TOKENS));
                assertThat(ledger.discarded.steps()).isEqualTo(step - 200);
            }
        }
        assertThat(ledger.total.steps()).isEqualTo(400);
        assertThat(ledger.discarded).isEqualTo(new Part(100, 100 * TOKENS));
    }

    @Test
    void a_third_attempt_that_rolls_back_further_discards_parts_of_both_before() {
        ledger.add(steps(0, 1, 500, TOKENS)).add(steps(1, 401, 600, TOKENS)).add(steps(2, 301, 700, TOKENS));
        assertThat(ledger.total.steps()).isEqualTo(500 + 200 + 400);
        assertThat(ledger.discarded.steps()).isEqualTo(200 + 200);
    }

    @Test
    void discarded_tokens_are_those_of_the_discarded_steps_and_not_an_average() {
        ledger.add(steps(0, 1, 100, 1_000)).add(steps(0, 101, 200, 3_000)).add(steps(1, 151, 200, 5_000));
        assertThat(ledger.total.tokens()).isEqualTo(100_000 + 300_000 + 250_000);
        assertThat(ledger.discarded).isEqualTo(new Part(50, 50 * 3_000));
    }

    @Test
    void an_attempt_that_died_before_its_first_step_moves_nothing() {
        ledger.add(steps(0, 1, 500, TOKENS)).add(List.of()).add(steps(2, 501, 600, TOKENS));
        assertThat(ledger.discarded).isEqualTo(Part.NONE);
    }

    @Test
    void an_evaluation_of_the_resumed_checkpoint_moves_no_cut() {
        ledger.add(steps(0, 1, 500, TOKENS))
                .add(List.of(new Row(1, 400, 0, 64, 0)))
                .add(steps(1, 401, 500, TOKENS));
        assertThat(ledger.history.cutOf(0)).isEqualTo(401);
        assertThat(ledger.discarded).isEqualTo(new Part(100, 100 * TOKENS));
    }

    @Test
    void the_sources_of_one_step_add_up_and_are_discarded_together() {
        for (int rank = 0; rank < 8; rank++) {
            ledger.add(steps(0, rank, 1, 100, 512));
        }
        ledger.add(steps(1, 0, 91, 100, 512));
        assertThat(ledger.total).isEqualTo(new Part(810, 810 * 512));
        assertThat(ledger.discarded).isEqualTo(new Part(80, 80 * 512));
    }

    @Test
    void a_double_writer_with_equal_values_counts_once_and_every_repeat_is_a_duplicate() {
        for (long step = 1; step <= 50; step++) {
            ledger.add(steps(0, step, step, TOKENS)).add(steps(0, step, step, TOKENS));
        }
        assertThat(ledger.total).isEqualTo(new Part(50, 50 * TOKENS));
        assertThat(ledger.duplicates).isEqualTo(50);
        assertThat(ledger.conflicts).isZero();
    }

    @Test
    void a_double_writer_with_other_values_keeps_the_first_and_every_repeat_is_a_conflict() {
        ledger.add(steps(0, 1, 50, TOKENS)).add(steps(0, 1, 50, TOKENS + 1));
        assertThat(ledger.total).isEqualTo(new Part(50, 50 * TOKENS));
        assertThat(ledger.duplicates).isZero();
        assertThat(ledger.conflicts).isEqualTo(50);
        assertThat(ledger.repeats.firstConflict()).isZero();
        assertThat(ledger.repeats.firstDuplicate()).isEqualTo(StepRepeats.NONE);
    }

    @Test
    void a_requeue_under_the_same_attempt_number_is_seen_as_repeats_not_as_compute() {
        ledger.add(steps(0, 1, 500, TOKENS)).add(steps(0, 401, 600, TOKENS));
        assertThat(ledger.total).isEqualTo(new Part(600, 600 * TOKENS));
        assertThat(ledger.duplicates).isEqualTo(100);
        assertThat(ledger.repeats.firstDuplicate()).isZero();
    }

    @Test
    void skipped_optimizer_steps_are_steps_like_others() {
        // The loss scaler skipped the update of step 3: it ran, so it counts, and nobody threw it away.
        ledger.add(steps(0, 1, 5, TOKENS));
        assertThat(ledger.total.minus(ledger.discarded)).isEqualTo(new Part(5, 5 * TOKENS));
    }

    @Test
    void the_greatest_step_there_is_counts_like_any_other() {
        ledger.add(steps(0, Long.MAX_VALUE, Long.MAX_VALUE, TOKENS));
        assertThat(ledger.total.steps()).isEqualTo(1);
        assertThat(ledger.discarded).isEqualTo(Part.NONE);
        assertThat(ledger.held(false).steps()).isEqualTo(1);
        ledger.add(steps(1, 5, 5, TOKENS));
        assertThat(ledger.discarded).isEqualTo(new Part(1, TOKENS));
        assertThat(ledger.held(true).steps()).isEqualTo(1);
    }
}
