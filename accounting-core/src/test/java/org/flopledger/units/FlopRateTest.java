package org.flopledger.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlopRateTest {

    @Test
    void speaksTheUnitOfDataSheets() {
        assertThat(FlopRate.ofTera(989).flopPerSecond()).isEqualTo(989e12);
        assertThat(new FlopRate(989e12).toTera()).isEqualTo(989);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void isFiniteAndPositive(double rate) {
        assertThatIllegalArgumentException().isThrownBy(() -> new FlopRate(rate));
    }
}
