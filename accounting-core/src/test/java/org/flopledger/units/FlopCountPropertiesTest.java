package org.flopledger.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** FlopCount against BigInteger, over amounts of every bit length. */
class FlopCountPropertiesTest {

    private static final long SEED = 20_261_121L;
    private static final int CASES = 20_000;
    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(127);

    private final Random random = new Random(SEED);

    @Test
    void addsSubtractsComparesAndPrintsLikeBigInteger() {
        for (int i = 0; i < CASES; i++) {
            BigInteger a = amount(126);
            BigInteger b = amount(126);
            FlopCount x = FlopCount.of(a);
            FlopCount y = FlopCount.of(b);

            String hint = "seed " + SEED + ", case " + i + ": " + a + " and " + b;
            assertThat(x.toBigInteger()).as(hint).isEqualTo(a);
            assertThat(x).as(hint).hasToString(a.toString());
            assertThat(FlopCount.parse(a.toString())).as(hint).isEqualTo(x).hasSameHashCodeAs(x);
            assertThat(x.plus(y).toBigInteger()).as(hint).isEqualTo(a.add(b));
            assertThat(x.plus(y).minus(y)).as(hint).isEqualTo(x);
            assertThat(Integer.signum(x.compareTo(y))).as(hint).isEqualTo(a.compareTo(b));
        }
    }

    @Test
    void multipliesLikeBigIntegerOrRefuses() {
        for (int i = 0; i < CASES; i++) {
            BigInteger a = amount(127);
            long factor = amount(63).longValueExact();
            BigInteger expected = a.multiply(BigInteger.valueOf(factor));

            String hint = "seed " + SEED + ", case " + i + ": " + a + " times " + factor;
            FlopCount product = productOrNull(FlopCount.of(a), factor);
            if (expected.compareTo(LIMIT) < 0) {
                assertThat(product).as(hint).isEqualTo(FlopCount.of(expected));
            } else {
                assertThat(product).as(hint).isNull();
            }
        }
    }

    @Test
    void multipliesTwoLongsLikeBigInteger() {
        for (int i = 0; i < CASES; i++) {
            long a = amount(63).longValueExact();
            long b = amount(63).longValueExact();

            assertThat(FlopCount.product(a, b).toBigInteger())
                    .as("seed %d, case %d: %d and %d", SEED, i, a, b)
                    .isEqualTo(BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)));
        }
    }

    private BigInteger amount(int maxBits) {
        return new BigInteger(random.nextInt(maxBits + 1), random);
    }

    private static FlopCount productOrNull(FlopCount count, long factor) {
        try {
            return count.times(factor);
        } catch (ArithmeticException aboveTheLimit) {
            return null;
        }
    }
}
