package org.flopledger.huggingface.peft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixTreatmentsTest {

    @ParameterizedTest
    @CsvSource({
        "128, -1, 8, 16",
        "127, -1, 1, 127",
        "256, -1, 16, 16",
        "128, 4, 4, 32",
        "96, 10, 8, 12",
        "96, 48, 48, 2"
    })
    void aDimensionIsSplitAsInLycoris(long dimension, long factor, long first, long second) {
        assertThat(MatrixTreatments.divisors(dimension, factor)).containsExactly(first, second);
    }
}
