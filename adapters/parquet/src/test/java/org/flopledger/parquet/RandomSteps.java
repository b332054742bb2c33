package org.flopledger.parquet;

import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.RunState;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;

/** Random rows of one run: every column, known or not, with restarts and repeats. */
final class RandomSteps {

    private RandomSteps() {}

    static StepBatch batch(BufferAllocator allocator, String run, long seed, int rows) {
        Random random = new Random(seed);
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (int row = 0; row < rows; row++) {
                append(builder, run, random, row);
            }
            return builder.build();
        }
    }

    private static void append(StepBatchBuilder builder, String run, Random random, int row) {
        builder.run(run)
                .attempt(row % 3)
                .step(row / 3)
                .source("rank-" + row % 2)
                .stage(Stage.values()[row / 7 % 3]);
        if (random.nextBoolean()) {
            builder.model("größe-7b")
                    .startedAtMicros(1_000_000L * row)
                    .endedAtMicros(1_000_000L * row + 1_000_000_000_000L);
        }
        if (random.nextInt(4) > 0) {
            builder.equalSequences(1 + random.nextInt(64), 1 + random.nextInt(4096))
                    .paddingTokens(0);
        }
        if (random.nextBoolean()) {
            // Above 2^63, and no two alike.
            builder.reportedFlop(FlopCount.ofBits(1 + random.nextInt(1 << 11), random.nextLong()));
        }
        if (random.nextBoolean()) {
            builder.devices(8)
                    .deviceSeconds(random.nextDouble() * 1e6)
                    .utilisation(random.nextDouble())
                    .energyJoules(random.nextDouble());
        }
        if (random.nextBoolean()) {
            builder.totalParameters(8_000_000_000L)
                    .activeParameters(7_000_000_000L)
                    .trainableParameters(1_000L + row)
                    .moe(random.nextBoolean())
                    .peft(PeftEvent.TRAINED, PeftTechnique.LORA);
        }
        builder.append();
    }

    static RunState state(StepBatch batch) {
        RunState state = RunState.empty();
        state.add(batch);
        return state;
    }
}
