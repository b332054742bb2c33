package org.flopledger.internal.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** A book from which steps, or their figures, were taken back is, byte for byte, a book that never had them. */
class StepRetractionPropertiesTest {

    @RepeatedTest(120)
    void aBookWithoutTheStepsIsOneThatNeverHadThem(RepetitionInfo info) {
        long seed = info.getCurrentRepetition();
        Random random = new Random(seed);
        List<RandomBooks.Observation> held = new ArrayList<>(RandomBooks.observations(random));
        try (RootAllocator allocator = new RootAllocator()) {
            AccountBook book = new AccountBook();
            if (random.nextBoolean()) {
                book.use(RandomBooks.FORMULAS);
            }
            RandomBooks.feed(book, allocator, held, false);
            for (int round = 0; round < 4; round++) {
                boolean keepsSteps = random.nextInt(3) == 0;
                List<RandomBooks.Observation> gone = takeBack(book, held, keepsSteps, random, "seed " + seed);
                held.removeAll(gone);
                if (keepsSteps) {
                    gone.forEach(one -> held.add(one.withoutFigures()));
                }
                assertIsBookOf(held, book, allocator, "seed " + seed + ", round " + round);
                if (!keepsSteps && random.nextBoolean()) {
                    // Recorded anew, in part and with other contents.
                    List<RandomBooks.Observation> anew = gone.stream()
                            .filter(one -> random.nextInt(3) > 0)
                            .map(one -> one.withContent(random.nextInt(40)))
                            .toList();
                    assertThat(RandomBooks.feed(book, allocator, anew, false).isNone())
                            .isTrue();
                    held.addAll(anew);
                    assertIsBookOf(held, book, allocator, "seed " + seed + ", round " + round + ", anew");
                }
            }
        }
    }

    private static List<RandomBooks.Observation> takeBack(
            AccountBook book, List<RandomBooks.Observation> held, boolean keepsSteps, Random random, String as) {
        String run = "run-" + random.nextInt(3);
        int attempt = random.nextInt(4);
        long first = random.nextInt(60);
        long last = random.nextInt(5) == 0 ? Long.MAX_VALUE : first + random.nextInt(30);
        String source = random.nextBoolean() ? null : "rank-" + (5 + random.nextInt(3));
        List<RandomBooks.Observation> gone = held.stream()
                .filter(one -> one.run().equals(run) && one.attempt() == attempt)
                .filter(one -> one.step() >= first && one.step() <= last)
                .filter(one -> source == null || source.equals(one.source()))
                .toList();
        StepSpan steps = new StepSpan(run, attempt, source, first, last);
        assertThat(keepsSteps ? book.stripFigures(steps) : book.retract(steps))
                .as(as)
                .isEqualTo(gone.size());
        return gone;
    }

    private static void assertIsBookOf(
            List<RandomBooks.Observation> held, AccountBook book, RootAllocator allocator, String as) {
        AccountBook expected = new AccountBook();
        RandomBooks.feed(expected, allocator, held, false);
        assertThat(Arrays.mismatch(book.toBytes(), expected.toBytes())).as(as).isNegative();
        expected.use(book.formulas());
        for (String run : expected.runs()) {
            assertThat(book.account(run).figures())
                    .as(as)
                    .isEqualTo(expected.account(run).figures());
            assertThat(book.account(run).discarded())
                    .as(as)
                    .isEqualTo(expected.account(run).discarded());
            assertThat(book.account(run).attempts())
                    .as(as)
                    .isEqualTo(expected.account(run).attempts());
        }
    }
}
