package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

class RunPartsTest {

    @Test
    void each_accepted_row_is_in_the_one_part_of_its_run() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            try (BufferAllocator allocator = new RootAllocator();
                    StepBatch batch = batch(allocator, random)) {
                Validation validation = batch.validate();
                for (int row = 0; row < batch.rows(); row++) {
                    if (random.nextInt(5) == 0) {
                        validation.mask().reject(row);
                    }
                }
                int most = 1 + random.nextInt(12);
                assertParts(validation, RunParts.of(validation, most), most, "seed " + seed + ", round " + round);
            }
        }
    }

    private static void assertParts(Validation whole, List<Validation> parts, int most, String where) {
        StepBatch batch = whole.batch();
        Set<Integer> earlier = new LinkedHashSet<>();
        for (Validation part : parts) {
            Set<Integer> own = new LinkedHashSet<>();
            for (int row = 0; row < batch.rows(); row++) {
                if (part.mask().isAccepted(row)) {
                    own.add(batch.runIndex(row));
                }
            }
            assertThat(own).as(where).hasSizeBetween(0, most);
            assertThat(earlier).as(where).noneMatch(own::contains);
            earlier.addAll(own);
        }
        for (int row = 0; row < batch.rows(); row++) {
            int at = row;
            assertThat(parts.stream().filter(part -> part.mask().isAccepted(at)))
                    .as("%s, row %d", where, row)
                    .hasSize(whole.mask().isAccepted(row) ? 1 : 0);
        }
    }

    private static StepBatch batch(BufferAllocator allocator, Random random) {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            int rows = 1 + random.nextInt(200);
            for (int row = 0; row < rows; row++) {
                builder.run("run-" + random.nextInt(30))
                        .attempt(0)
                        .step(row)
                        .source("log")
                        .stage(Stage.PRETRAINING)
                        .append();
            }
            return builder.build();
        }
    }

    @Test
    void a_batch_of_very_many_runs_finds_what_batches_of_one_run_find() {
        int runs = 520;
        List<RunFinding> together;
        try (ComputeLedger ledger = ledger(runs);
                StepBatchBuilder builder = ledger.newBatch()) {
            for (int step = 1; step <= 3; step++) {
                for (int run = 0; run < runs; run++) {
                    row(builder, run, step);
                }
            }
            together = ingest(ledger, builder);
        }
        List<RunFinding> apart = new ArrayList<>();
        try (ComputeLedger ledger = ledger(runs)) {
            for (int run = 0; run < runs; run++) {
                try (StepBatchBuilder builder = ledger.newBatch()) {
                    for (int step = 1; step <= 3; step++) {
                        row(builder, run, step);
                    }
                    apart.addAll(ingest(ledger, builder));
                }
            }
        }
        assertThat(together).isEqualTo(apart).hasSize(runs);
        assertThat(together.get(515).finding().step()).isEqualTo(2);
    }

    private static ComputeLedger ledger(int runs) {
        ComputeLedger ledger = ComputeLedger.inMemory()
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .start();
        for (int run = 0; run < runs; run++) {
            ledger.run(RunSpec.pretraining("run-" + run)
                    .parameters("dense-1b", 1_000_000_000L, 1_000_000_000L)
                    .build());
        }
        return ledger;
    }

    private static void row(StepBatchBuilder builder, int run, int step) {
        builder.run("run-" + run)
                .attempt(0)
                .step(step)
                .source("log")
                .stage(Stage.PRETRAINING)
                .model("dense-1b")
                .tokens(100_000_000_000_000L)
                .append();
    }

    private static List<RunFinding> ingest(ComputeLedger ledger, StepBatchBuilder builder) {
        try (StepBatch batch = builder.build()) {
            return ledger.ingest(batch).findings();
        }
    }
}
