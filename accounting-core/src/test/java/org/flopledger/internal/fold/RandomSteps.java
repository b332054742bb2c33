package org.flopledger.internal.fold;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Random rows, and what they add up to by a reference that folds one row at a time with big integers. */
final class RandomSteps {

    /** One row; null is unknown. */
    record Row(
            String run,
            int attempt,
            long step,
            Stage stage,
            @Nullable String model,
            @Nullable Long tokens,
            @Nullable Long padding,
            @Nullable Integer sequences,
            @Nullable Long squared,
            @Nullable Double seconds,
            @Nullable Double utilisation,
            @Nullable BigInteger reported,
            @Nullable Long parameters,
            @Nullable Boolean moe,
            @Nullable PeftEvent event,
            @Nullable Long startedMicros,
            @Nullable Long generated) {}

    private RandomSteps() {}

    /** Returns rows of a few runs: clustered or interleaved, with or without holes, small or huge values. */
    static List<Row> rows(Random random, int count) {
        boolean isClustered = random.nextBoolean();
        boolean hasHoles = random.nextBoolean();
        boolean isHuge = random.nextInt(4) == 0;
        boolean hasExtras = random.nextInt(3) == 0;
        int runs = 1 + random.nextInt(6);
        int cluster = 1 + random.nextInt(6000);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int run = isClustered ? (i / cluster) % runs : random.nextInt(runs);
            rows.add(row(random, run, i, hasHoles, isHuge, hasExtras));
        }
        return rows;
    }

    private static Row row(Random random, int run, int i, boolean hasHoles, boolean isHuge, boolean hasExtras) {
        long limit = isHuge ? Long.MAX_VALUE : 10_000_000;
        long tokens = random.nextLong(limit);
        return new Row(
                "run-" + run,
                run % 3,
                i,
                Stage.values()[run % 5],
                hole(random, hasHoles, run % 2 == 0 ? "model-" + run : null),
                hole(random, hasHoles, tokens),
                hole(random, hasHoles, tokens / 7),
                hole(random, hasHoles, random.nextInt(isHuge ? Integer.MAX_VALUE : 1000)),
                hole(random, hasHoles, random.nextLong(limit)),
                hole(random, !hasExtras || hasHoles, Math.scalb(1 + random.nextDouble(), random.nextInt(90) - 40)),
                hole(random, !hasExtras || hasHoles, random.nextDouble() * 0.9 + 0.01),
                hole(random, !hasExtras || hasHoles, new BigInteger(100, random)),
                hole(random, !hasExtras || hasHoles, random.nextLong(limit)),
                hole(random, !hasExtras || hasHoles, random.nextBoolean()),
                hole(random, !hasExtras || hasHoles, PeftEvent.values()[random.nextInt(5)]),
                hole(random, !hasExtras || hasHoles, random.nextLong(1L << 50)),
                hole(random, !hasExtras || hasHoles, random.nextLong(limit)));
    }

    private static <T> @Nullable T hole(Random random, boolean hasHoles, @Nullable T value) {
        return hasHoles && random.nextInt(3) == 0 ? null : value;
    }

    static StepBatch batch(BufferAllocator allocator, List<Row> rows) {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (Row row : rows) {
                append(builder, row);
            }
            return builder.build();
        }
    }

    private static void append(StepBatchBuilder builder, Row row) {
        builder.run(row.run())
                .attempt(row.attempt())
                .step(row.step())
                .source("rank-0")
                .stage(row.stage());
        if (row.model() != null) {
            builder.model(row.model());
        }
        if (row.tokens() != null) {
            builder.tokens(row.tokens());
        }
        if (row.padding() != null && row.tokens() != null) {
            builder.paddingTokens(row.padding());
        }
        if (row.sequences() != null) {
            builder.sequences(row.sequences());
        }
        if (row.squared() != null) {
            builder.squaredLengths(row.squared());
        }
        if (row.seconds() != null) {
            builder.deviceSeconds(row.seconds()).energyJoules(row.seconds());
        }
        if (row.utilisation() != null) {
            builder.utilisation(row.utilisation());
        }
        if (row.reported() != null) {
            builder.reportedFlop(FlopCount.of(row.reported()));
        }
        if (row.parameters() != null) {
            builder.totalParameters(row.parameters());
        }
        if (row.moe() != null) {
            builder.moe(row.moe());
        }
        if (row.event() != null) {
            builder.peft(row.event(), PeftTechnique.LORA);
        }
        if (row.startedMicros() != null) {
            builder.startedAtMicros(row.startedMicros()).endedAtMicros(row.startedMicros() + 5);
        }
        if (row.generated() != null) {
            builder.generatedTokens(row.generated());
        }
        builder.append();
    }

    /** Returns the exact sum of some doubles. */
    static BigDecimal sum(List<Double> values) {
        BigDecimal sum = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        return sum.stripTrailingZeros();
    }
}
