package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.telemetry.StepColumn;
import org.junit.jupiter.api.Test;

class StepsSizeTest {

    private static final RecordFrame FRAME = new RecordFrame(RecordKind.STEPS, true, 0, 0, RecordHash.NONE);

    @Test
    void no_record_of_a_batch_is_longer_than_was_said_before() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            try (BufferAllocator allocator = new RootAllocator();
                    TestBatch batch = new TestBatch(allocator)) {
                JournalSteps steps = randomSteps(batch, random);
                SegmentSchema schema = new SegmentSchema(List.of(StepColumn.DEVICES)).with(steps.batch());
                long expected = StepsSize.largestRecord(steps, schema);
                assertThat((long) longestRecord(steps, schema))
                        .as("seed %d, round %d", seed, round)
                        .isLessThanOrEqualTo(expected);
            }
        }
    }

    private static JournalSteps randomSteps(TestBatch batch, Random random) {
        int rows = 1 + random.nextInt(300);
        for (int row = 0; row < rows; row++) {
            String run = "\u20ac".repeat(random.nextInt(40)) + "run-" + random.nextInt(100);
            batch.row(run, row, random.nextInt(20) - 1, random.nextBoolean(), random.nextInt(3) - 2);
        }
        return random.nextBoolean()
                ? batch.steps()
                : batch.stepsWithout(IntStream.range(0, rows)
                        .filter(row -> random.nextInt(4) == 0)
                        .toArray());
    }

    private static int longestRecord(JournalSteps steps, SegmentSchema schema) {
        RecordHasher hasher = new RecordHasher();
        SegmentDictionary runs = new SegmentDictionary(1, List.of());
        SegmentDictionary sources = new SegmentDictionary(2, List.of());
        StepsEncoder encoder =
                new StepsEncoder(steps, schema, Map.of(StepColumn.RUN, runs, StepColumn.SOURCE, sources));
        int longest = 0;
        for (SegmentDictionary dictionary : List.of(runs, sources)) {
            CommitBuffer texts = new CommitBuffer();
            dictionary.write(texts, true);
            texts.endRecord(FRAME, hasher);
            longest = Math.max(longest, texts.size());
        }
        CommitBuffer rows = new CommitBuffer();
        encoder.write(rows);
        rows.endRecord(FRAME, hasher);
        return Math.max(longest, rows.size());
    }
}
