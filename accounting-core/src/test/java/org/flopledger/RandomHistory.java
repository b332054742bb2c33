package org.flopledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;

/** Random runs and batches of a ledger: restarts, repeats, contradictions, rejected rows, unregistered runs, huge FLOP. */
final class RandomHistory {

    private static final int RUNS = 4;

    private final Random random;

    RandomHistory(long seed) {
        random = new Random(seed);
    }

    /** One row of a batch. */
    record Row(int run, int attempt, long step, int source, long tokens, boolean isReported) {}

    /** Returns a run that is known by its number; run 3 is never registered. */
    static RunSpec run(int number) {
        var masked = new LinearForm(
                6_000_000_000_000L * (number + 1),
                0,
                2,
                List.of(new LinearForm.MaskedPairs(new AttentionMask.SlidingWindow(512), 4)));
        return RunSpec.pretraining("run-" + number)
                .model("model-" + number, new StepFormula(CountingMethod.ARCHITECTURE, masked, masked, masked, masked))
                .build();
    }

    /** Returns the number of a run to register now. */
    int nextRun() {
        return random.nextInt(RUNS - 1);
    }

    /** Returns true once in so many times. */
    boolean onceIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** Some steps of an attempt. */
    record Range(int run, int attempt, long first, long last) {}

    /** Returns steps to take back, of which there may be none. */
    Range nextRange() {
        int attempt = random.nextInt(3);
        long first = 30L * attempt + random.nextInt(60);
        return new Range(random.nextInt(RUNS), attempt, first, first + random.nextInt(20));
    }

    /** Returns the rows of a batch: some repeat earlier ones, some contradict them, some are not valid. */
    List<Row> nextRows() {
        List<Row> rows = new ArrayList<>();
        int run = random.nextInt(RUNS);
        int attempt = random.nextInt(3);
        long step = 30L * attempt + random.nextInt(60) - 10;
        long tokens = 1_000_000L * (1 + random.nextInt(3));
        for (int i = 0; i < 1 + random.nextInt(25); i++) {
            long changed = random.nextInt(40) == 0 ? tokens + 1 : tokens;
            rows.add(new Row(run, attempt, step++, random.nextInt(2), changed, random.nextInt(3) == 0));
            run = random.nextInt(15) == 0 ? random.nextInt(RUNS) : run;
        }
        return rows;
    }

    /** Returns rows as a batch; close it. */
    static StepBatch batch(BufferAllocator allocator, List<Row> rows) {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            append(builder, rows);
            return builder.build();
        }
    }

    static void append(StepBatchBuilder builder, List<Row> rows) {
        for (Row row : rows) {
            builder.run("run-" + row.run)
                    .attempt(row.attempt)
                    .step(row.step)
                    .source("rank-" + row.source)
                    .stage(Stage.PRETRAINING)
                    .endedAtMicros(1_000_000 * row.step)
                    .equalSequences((int) (row.tokens / 1_000), 1_000);
            if (row.run % 2 == 0 || row.tokens % 2 == 0) {
                builder.model("model-" + row.run);
            }
            if (row.isReported) {
                builder.reportedFlop(FlopCount.parse("7e23")).deviceSeconds(0.1 * (row.step + 20));
            }
            builder.append();
        }
    }
}
