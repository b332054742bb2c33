package org.flopledger.logs.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A claim is turned back into what was counted, exactly or not at all. */
class TotalFlosTest {

    @Test
    void readsTheDoubleThatWasWritten() {
        assertThat(TotalFlos.asWritten(new BigDecimal("1.346142800487383e+17")))
                .isEqualTo(new BigInteger("134614280048738304"));
    }

    @Test
    void findsTheInputsBehindEveryDoubleAboveAndBelow53Bits() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            long parameters = 1 + random.nextLong(1L << (10 + random.nextInt(30)));
            long inputs = 1 + random.nextLong(1L << (4 + random.nextInt(38)));
            BigInteger claim = BigInteger.valueOf(6)
                    .multiply(BigInteger.valueOf(parameters))
                    .multiply(BigInteger.valueOf(inputs));
            BigInteger written = TotalFlos.asWritten(new BigDecimal(Double.toString(claim.doubleValue())));
            assertThat(TotalFlos.inputs(written, parameters))
                    .as(parameters + " x " + inputs)
                    .isEqualTo(inputs);
        }
    }

    @Test
    void saysNothingOfAClaimThatOtherParametersMade() {
        // 6 x 266 240 norm values x 42 548 976 tokens, of a model with 8 030 261 248 parameters.
        BigInteger claim = BigInteger.valueOf(6L * 266_240).multiply(BigInteger.valueOf(42_548_976));

        assertThat(TotalFlos.inputs(claim, 8_030_261_248L)).isNull();
        assertThat(TotalFlos.inputs(claim, 266_240)).isEqualTo(42_548_976L);
    }
}
