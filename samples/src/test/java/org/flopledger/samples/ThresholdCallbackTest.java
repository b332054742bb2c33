package org.flopledger.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import org.flopledger.RunFinding;
import org.junit.jupiter.api.Test;

class ThresholdCallbackTest {

    /**
     * FLOP of one step by hand. A layer multiplies each token with 8192 x 8192 twice, 8192 x 1024 twice and 8192 x 28672 three
     * times; the head with 8192 x 128256; 2 FLOP a multiply-add, three products a matrix. Causal attention scores s(s+1)/2
     * pairs a sequence, each 4 x 64 x 128 FLOP, three times.
     */
    private static final BigInteger STEP = stepByHand();

    private static BigInteger stepByHand() {
        long layer = 2 * 8192L * 8192 + 2 * 8192L * 1024 + 3 * 8192L * 28_672;
        BigInteger matrices = BigInteger.valueOf(6 * (80 * layer + 8192L * 128_256));
        BigInteger tokens = BigInteger.valueOf(2048L * 8192);
        BigInteger pairs = BigInteger.valueOf(2048L * (8192L * 8193 / 2));
        return matrices.multiply(tokens).add(pairs.multiply(BigInteger.valueOf(3L * 80 * 4 * 64 * 128)));
    }

    @Test
    void isCalledBackOnceAtTheStepThatPassesTheThreshold() {
        List<RunFinding> heard = ThresholdCallback.record();

        BigInteger threshold = BigInteger.TEN.pow(24);
        long step = threshold.divide(STEP).longValueExact() + 1;
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).finding().step()).isEqualTo(step);
        assertThat(step % 1000).as("lies inside a batch").isNotIn(0L, 1L);
        assertThat(heard.get(0).finding().flop().toBigInteger()).isEqualTo(STEP.multiply(BigInteger.valueOf(step)));
    }
}
