package org.flopledger.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlopCountTest {

    private static final String MAX = "170141183460469231731687303715884105727";

    @Test
    void tellsApartNeighboursThatADoubleCannot() {
        FlopCount threshold = FlopCount.parse("1e25");
        FlopCount oneMore = FlopCount.parse("10000000000000000000000001");

        assertThat(oneMore).isGreaterThan(threshold).isNotEqualTo(threshold);
        assertThat(oneMore.minus(threshold)).isEqualTo(FlopCount.of(1));
        assertThat(threshold.toDouble()).isEqualTo(oneMore.toDouble());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, 9223372036854775808",
        "18446744073709551616, 18446744073709551616",
        "1e25, 10000000000000000000000000",
        "3.8e25, 38000000000000000000000000",
        "10_000, 10000",
        "7.0, 7",
        "5.27162132754432e+20, 527162132754432000000",
        "170141183460469231731687303715884105727, 170141183460469231731687303715884105727"
    })
    void readsAWholeNumberInTheUsualSpellings(String text, String exact) {
        assertThat(FlopCount.parse(text)).hasToString(exact);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "0.5",
                "1e-3",
                "NaN",
                "Infinity",
                "0x10",
                "1e999999999",
                "1e-999999999",
                "170141183460469231731687303715884105728",
                "1e39",
                "ten"
            })
    void refusesWhatIsNotAWholeNumberInRange(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlopCount.parse(text))
                .withMessageContaining("must be a whole number from 0 to 2^127 - 1");
    }

    @Test
    void showsOnlyTheBeginningOfAnOverlongText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlopCount.parse("9".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void neverWrapsAndNeverSaturates() {
        FlopCount max = FlopCount.parse(MAX);

        assertThat(max).isEqualTo(FlopCount.MAX_VALUE);
        assertThatThrownBy(() -> max.plus(FlopCount.of(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> max.times(2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> FlopCount.ofBits(2, 0).times(Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> FlopCount.of(1).minus(FlopCount.of(2))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> FlopCount.of(BigInteger.ONE.shiftLeft(127))).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void hasNoNegativeAmounts() {
        assertThatIllegalArgumentException().isThrownBy(() -> FlopCount.of(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> FlopCount.of(BigInteger.ONE.negate()));
        assertThatIllegalArgumentException().isThrownBy(() -> FlopCount.ofBits(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> FlopCount.product(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> FlopCount.of(1).times(-1));
    }

    @Test
    void holdsOneStepOfALargeModelThatALongCannot() {
        // 405 853 388 800 parameters x 6 x 16.8 million tokens, above 2^63 = 9.22e18.
        FlopCount step = FlopCount.product(6L * 405_853_388_800L, 16_777_216L);

        assertThat(step).hasToString("40854539809377484800");
    }

    @Test
    void convertsToExaFlopDaysAsTheTextbookDoes() {
        // 10^25 FLOP are 115.741 exaFLOP-days, 8.64e22 FLOP each.
        assertThat(FlopCount.parse("1e25").toExaFlopDays()).isEqualByComparingTo(new BigDecimal("115.741"));
        assertThat(FlopCount.EXA_FLOP_DAY.toExaFlopDays()).isEqualByComparingTo(BigDecimal.ONE);
        assertThat(FlopCount.ZERO.toExaFlopDays()).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 0", "1e25, 2, 1.0e25", "38200000000000000000000000, 3, 3.82e25", "1234, 3, 1.23e3"})
    void writesScientificNotation(String exact, int digits, String expected) {
        assertThat(FlopCount.parse(exact).toScientific(digits)).isEqualTo(expected);
    }
}
