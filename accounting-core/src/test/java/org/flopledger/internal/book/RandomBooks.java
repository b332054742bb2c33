package org.flopledger.internal.book;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.flopledger.account.RunAccount;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.history.StepRepeats;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;

/** Random observations of runs that restart, with contents of every shape, and books that hold them. */
final class RandomBooks {

    private static final LinearForm WINDOWED =
            new LinearForm(6, 1, 2, List.of(new LinearForm.MaskedPairs(new AttentionMask.SlidingWindow(100), 4)));
    private static final LinearForm CHUNKED =
            new LinearForm(3, 0, 0, List.of(new LinearForm.MaskedPairs(new AttentionMask.Chunked(64), 2)));

    /** Formulas of two of the three models, with attention masks. */
    static final ModelFormulas FORMULAS = ModelFormulas.none()
            .with("model-1", new StepFormula(CountingMethod.ARCHITECTURE, WINDOWED, WINDOWED, WINDOWED, WINDOWED))
            .with("model-2", new StepFormula(CountingMethod.ARCHITECTURE, CHUNKED, CHUNKED, WINDOWED, WINDOWED));

    private static final int CONTENTS = 40;

    /** Added to a content of which only the stage and the model are left. */
    private static final int BARE = 1_000;

    /** One observation; the content is a number that stands for all its columns. */
    record Observation(String run, int attempt, long step, String source, int content) {

        Observation withContent(int other) {
            return new Observation(run, attempt, step, source, other);
        }

        Observation withoutFigures() {
            return withContent(BARE + content % BARE);
        }
    }

    private RandomBooks() {}

    /** Returns observations with distinct keys, shuffled: a few runs, attempts that roll back, several sources. */
    static List<Observation> observations(Random random) {
        List<Observation> all = new ArrayList<>();
        int runs = 1 + random.nextInt(3);
        for (int run = 0; run < runs; run++) {
            int sources = 1 + random.nextInt(3);
            long start = random.nextInt(5);
            for (int attempt = random.nextInt(2); attempt < 4; attempt += 1 + random.nextInt(2)) {
                long end = start + 1 + random.nextInt(40);
                for (int source = 0; source < sources; source++) {
                    addSteps(all, random, "run-" + run, attempt, "rank-" + (7 - source), start, end);
                }
                start = Math.max(0, end - random.nextInt(30));
            }
        }
        Collections.shuffle(all, random);
        return all;
    }

    private static void addSteps(
            List<Observation> all, Random random, String run, int attempt, String source, long start, long end) {
        int content = random.nextInt(CONTENTS);
        for (long step = start; step < end; step++) {
            content = random.nextInt(4) == 0 ? random.nextInt(CONTENTS) : content;
            if (random.nextInt(12) > 0) {
                all.add(new Observation(run, attempt, step, source, content));
            }
        }
    }

    /** Admits and adds observations in random batches. */
    static void feed(AccountBook book, BufferAllocator allocator, List<Observation> observations, Random random) {
        int from = 0;
        while (from < observations.size()) {
            int to = Math.min(observations.size(), from + 1 + random.nextInt(60));
            feed(book, allocator, observations.subList(from, to));
            from = to;
        }
    }

    static StepRepeats feed(AccountBook book, BufferAllocator allocator, List<Observation> observations) {
        return feed(book, allocator, observations, true);
    }

    /** Admits and adds observations, each seen at its own time, or all at one time. */
    static StepRepeats feed(
            AccountBook book, BufferAllocator allocator, List<Observation> observations, boolean isTimed) {
        try (StepBatch batch = batch(allocator, observations, isTimed)) {
            Validation validation = batch.validate();
            StepRepeats repeats = book.admit(validation);
            book.add(validation);
            return repeats;
        }
    }

    private static StepBatch batch(BufferAllocator allocator, List<Observation> observations, boolean isTimed) {
        try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
            for (Observation observation : observations) {
                builder.run(observation.run)
                        .attempt(observation.attempt)
                        .step(observation.step)
                        .source(observation.source);
                long time = isTimed ? 1_000_000 * (observation.step + 100L * observation.attempt) : 0;
                builder.startedAtMicros(time).endedAtMicros(time + 999_999);
                fill(builder, observation.content);
                builder.append();
            }
            return builder.build();
        }
    }

    private static void fill(StepBatchBuilder builder, int content) {
        Random random = new Random(content % BARE);
        builder.stage(random.nextInt(5) == 0 ? Stage.EVALUATION : Stage.PRETRAINING);
        int model = content % BARE % 4;
        if (model > 0) {
            builder.model("model-" + model);
        }
        if (content >= BARE) {
            return;
        }
        long tokens = random.nextInt(3) == 0 ? random.nextLong(Long.MAX_VALUE) : 1 + random.nextInt(100_000);
        if (random.nextInt(6) > 0) {
            builder.tokens(tokens);
        }
        if (random.nextInt(3) == 0) {
            builder.paddingTokens(random.nextLong(tokens + (tokens == Long.MAX_VALUE ? 0 : 1)));
        }
        if (random.nextInt(6) > 0) {
            builder.sequences(1 + random.nextInt(50));
        }
        if (random.nextInt(6) > 0) {
            builder.squaredLengths(random.nextLong(Long.MAX_VALUE));
        }
        if (random.nextBoolean()) {
            evidence(builder, random);
        }
    }

    private static void evidence(StepBatchBuilder builder, Random random) {
        builder.deviceSeconds(Math.scalb(1 + random.nextDouble(), random.nextInt(95) - 40));
        builder.energyJoules(random.nextInt(3) * 0.1).devices(random.nextInt(9));
        builder.totalParameters(random.nextLong(Long.MAX_VALUE)).moe(random.nextBoolean());
        if (random.nextBoolean()) {
            builder.utilisation(random.nextDouble() * 0.9 + 0.01).trainableParameters(random.nextInt(1000));
        }
        if (random.nextBoolean()) {
            builder.reportedFlop(FlopCount.parse("1267650600228229401496703205375"));
        }
        if (random.nextBoolean()) {
            builder.generatedTokens(random.nextLong(Long.MAX_VALUE));
        }
        if (random.nextBoolean()) {
            builder.peft(PeftEvent.values()[random.nextInt(5)], PeftTechnique.values()[random.nextInt(11)]);
        }
    }

    /** Returns every figure of a book that formulas or restarts have a part in, by run. */
    static Map<String, List<Object>> figures(AccountBook book) {
        Map<String, List<Object>> figures = new HashMap<>();
        for (String run : book.runs()) {
            RunAccount account = book.account(run);
            figures.put(
                    run,
                    List.of(
                            account.attempts(),
                            account.figures(),
                            account.total(),
                            account.retained(),
                            account.discarded(),
                            account.retainedByStage(),
                            account.discardedByStage()));
        }
        return figures;
    }
}
