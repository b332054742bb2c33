package org.flopledger.internal.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.flopledger.internal.history.StepHistoryModel.Row;
import org.junit.jupiter.api.Test;

/** The algebra of step identity and restarts against a map of keys, over seeded random histories. */
class RunHistoryPropertiesTest {

    private static final int CASES = 1_500;

    @Test
    void every_prefix_of_a_random_stream_gives_the_sums_of_the_model() {
        forEachSeed(random -> {
            StepHistoryModel model = new StepHistoryModel();
            StepHistoryFixture ledger = new StepHistoryFixture();
            for (List<Row> batch : batches(random, stream(random))) {
                model.add(batch);
                ledger.add(batch);
                assertThat(ledger.total).isEqualTo(model.total());
                assertThat(ledger.discarded).isEqualTo(model.discarded());
                assertThat(ledger.duplicates).isEqualTo(model.duplicates);
                assertThat(ledger.conflicts).isEqualTo(model.conflicts);
            }
            assertThat(ledger.held(true)).isEqualTo(model.discarded());
            assertThat(ledger.held(true).plus(ledger.held(false))).isEqualTo(model.total());
            assertThat(ledger.history.observations()).isEqualTo(model.held.size());
        });
    }

    @Test
    void any_order_and_split_of_one_multiset_gives_the_same_intervals_and_sums() {
        forEachSeed(random -> {
            List<Row> rows = withoutConflicts(stream(random));
            StepHistoryFixture ascending = new StepHistoryFixture();
            batches(random, rows).forEach(ascending::add);
            Collections.shuffle(rows, random);
            StepHistoryFixture shuffled = new StepHistoryFixture();
            batches(random, rows).forEach(shuffled::add);
            assertThat(shuffled.intervals()).isEqualTo(ascending.intervals());
            assertThat(shuffled.total).isEqualTo(ascending.total);
            assertThat(shuffled.discarded).isEqualTo(ascending.discarded);
            assertThat(shuffled.duplicates).isEqualTo(ascending.duplicates);
        });
    }

    @Test
    void feeding_everything_again_changes_no_sum_and_counts_every_row() {
        forEachSeed(random -> {
            List<Row> rows = withoutConflicts(stream(random));
            StepHistoryFixture ledger = new StepHistoryFixture().add(rows);
            List<String> before = ledger.intervals();
            int duplicatesBefore = ledger.duplicates;
            Collections.shuffle(rows, random);
            batches(random, rows).forEach(ledger::add);
            assertThat(ledger.intervals()).isEqualTo(before);
            assertThat(ledger.duplicates - duplicatesBefore).isEqualTo(rows.size());
            assertThat(ledger.conflicts).isZero();
        });
    }

    @Test
    void rows_rejected_before_are_neither_taken_nor_counted() {
        forEachSeed(random -> {
            int rows = 1 + random.nextInt(300);
            long[] mask = LongStream.generate(() -> random.nextLong() | random.nextLong())
                    .limit((rows + 63) >>> 6)
                    .toArray();
            long[] before = mask.clone();
            StepRows batch =
                    new StepRows(2).batch(rows, LongStream.range(0, rows).toArray(), mask);
            StepHistoryFixture ledger = new StepHistoryFixture();
            int accepted = ledger.repeats.admit(batch, run -> ledger.history);
            assertThat(mask).isEqualTo(before);
            assertThat(accepted).isEqualTo((int) LongStream.range(0, rows)
                    .filter(row -> (before[(int) row >>> 6] >>> row & 1) != 0)
                    .count());
            assertThat(ledger.history.observations()).isEqualTo(accepted);
            assertThat(ledger.repeats.duplicates() + ledger.repeats.conflicts()).isZero();
        });
    }

    /** A few attempts of a few sources over neighbouring and overlapping stretches, with repeats of either kind. */
    private static List<Row> stream(Random random) {
        List<Row> rows = new ArrayList<>();
        int stretches = 1 + random.nextInt(8);
        for (int stretch = 0; stretch < stretches; stretch++) {
            int attempt = random.nextInt(4);
            int source = random.nextInt(3);
            long first = random.nextInt(40);
            long length = 1 + random.nextInt(20);
            long stage = random.nextInt(6) == 0 ? 0 : 1;
            boolean steady = random.nextBoolean();
            for (long step = first; step < first + length; step++) {
                rows.add(new Row(attempt, step, source, steady ? 512 : 500 + random.nextInt(3), stage));
            }
        }
        if (random.nextBoolean()) {
            rows.addAll(rows.subList(0, random.nextInt(rows.size())));
        }
        return rows;
    }

    private static List<List<Row>> batches(Random random, List<Row> rows) {
        List<List<Row>> batches = new ArrayList<>();
        int from = 0;
        while (from < rows.size()) {
            int to = Math.min(rows.size(), from + 1 + random.nextInt(90));
            batches.add(new ArrayList<>(rows.subList(from, to)));
            from = to;
        }
        return batches;
    }

    /** Repeats get the content that came first: what is left does not depend on the order. */
    private static List<Row> withoutConflicts(List<Row> rows) {
        StepHistoryModel model = new StepHistoryModel().add(rows);
        List<Row> agreeing = new ArrayList<>();
        for (Row row : rows) {
            agreeing.add(model.held.get(row.key()));
        }
        return agreeing;
    }

    private interface Property {
        void check(Random random);
    }

    private static void forEachSeed(Property property) {
        for (long seed = 0; seed < CASES; seed++) {
            try {
                property.check(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
