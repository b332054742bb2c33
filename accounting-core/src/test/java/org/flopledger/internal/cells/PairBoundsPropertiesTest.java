package org.flopledger.internal.cells;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.flopledger.estimation.AttentionMask;
import org.junit.jupiter.api.Test;

/** The interval of scored pairs holds the true count of any sequences, and is that count where lengths are equal. */
class PairBoundsPropertiesTest {

    @Test
    void theIntervalHoldsTheTrueCount() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            long[] lengths = random.longs(1 + random.nextInt(8), 1, 2 + random.nextInt(60))
                    .toArray();
            AttentionMask mask = mask(random);
            BigInteger truth = pairs(mask, lengths);

            PairBounds bounds = bounds(mask, lengths, 0);

            assertThat(truth).as("seed %d", seed).isBetween(bounds.low(), bounds.high());
            assertThat(bounds.best()).as("seed %d", seed).isBetween(bounds.low(), bounds.high());
        }
    }

    @Test
    void equalLengthsAreExact() {
        for (long seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            long[] lengths = new long[1 + random.nextInt(8)];
            Arrays.fill(lengths, 1 + random.nextInt(60));
            AttentionMask mask = mask(random);

            PairBounds bounds = bounds(mask, lengths, 0);

            assertThat(bounds.low())
                    .as("seed %d", seed)
                    .isEqualTo(pairs(mask, lengths))
                    .isEqualTo(bounds.high());
        }
    }

    @Test
    void theLeastHoldsWhateverIsPadding() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            long[] padded = random.longs(1 + random.nextInt(8), 1, 2 + random.nextInt(60))
                    .toArray();
            long[] real = Arrays.stream(padded)
                    .map(length -> random.nextLong(length + 1))
                    .toArray();
            AttentionMask mask = mask(random);
            long padding = Arrays.stream(padded).sum() - Arrays.stream(real).sum();

            PairBounds bounds = bounds(mask, padded, padding);

            assertThat(bounds.least()).as("seed %d", seed).isLessThanOrEqualTo(pairs(mask, real));
            assertThat(bounds.least()).as("seed %d", seed).isLessThanOrEqualTo(bounds.low());
        }
    }

    private static AttentionMask mask(Random random) {
        long size = 1 + random.nextInt(40);
        AttentionMask.Kind[] kinds = AttentionMask.Kind.values();
        return kinds[random.nextInt(kinds.length)].ofSize(size);
    }

    private static BigInteger pairs(AttentionMask mask, long[] lengths) {
        return BigInteger.valueOf(Arrays.stream(lengths).map(mask::pairs).sum());
    }

    private static PairBounds bounds(AttentionMask mask, long[] lengths, long padding) {
        return PairBounds.of(
                mask,
                BigInteger.valueOf(Arrays.stream(lengths).sum()),
                BigInteger.valueOf(padding),
                BigInteger.valueOf(lengths.length),
                BigInteger.valueOf(
                        Arrays.stream(lengths).map(length -> length * length).sum()));
    }
}
