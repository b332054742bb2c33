package org.flopledger.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FlopBoundsTest {

    private static final FlopBounds ONE_TO_THREE = new FlopBounds(FlopCount.of(1), FlopCount.of(2), FlopCount.of(3));

    @Test
    void addsAndMultipliesPartByPart() {
        assertThat(ONE_TO_THREE.plus(ONE_TO_THREE)).isEqualTo(ONE_TO_THREE.times(2));
        assertThat(ONE_TO_THREE.plus(FlopBounds.ZERO)).isEqualTo(ONE_TO_THREE);
    }

    @Test
    void refusesPartsOutOfOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlopBounds(FlopCount.of(2), FlopCount.of(1), FlopCount.of(3)))
                .withMessageContaining("low <= best <= high");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlopBounds(FlopCount.of(1), FlopCount.of(4), FlopCount.of(3)));
    }
}
