package org.flopledger.logs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    private static double decimal(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Figures.decimal(bytes, 0, bytes.length);
    }

    private static long whole(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Figures.whole(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1.5E-04; 1.5E-04",
                "  2032.7 ms; 2032.7",
                "1997.8/2032.7; 1997.8",
                "1,023,456; 1023456",
                "1.258B; 1.258E9",
                "89.56P; 89.56E15",
                "5MiB; 5",
                "79740ms; 79740",
                "-0.25; -0.25",
                "12345678901234567890; 1.2345678901234567E19",
                ": 7; 7"
            })
    void readsNumbersAsTrainersWriteThem(String text, double value) {
        assertThat(decimal(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"1024 |; 1024", "4,096; 4096", "1,23; 1", "1.0E3; 1000", "99.0; 99", "1.258B; 1258000000", "0; 0"})
    void readsWholeNumbers(String text, long value) {
        assertThat(whole(text)).isEqualTo(value);
    }

    @Test
    void takesNothingForANumberThatIsNone() {
        for (String text : new String[] {"", "nan", "NaN", "inf", "Infinity", "None", "-", "x1", "n/a"}) {
            assertThat(whole(text)).as(text).isEqualTo(Figures.NONE);
            assertThat(decimal(text)).as(text).isNaN();
        }
        assertThat(whole("9223372036854775808")).isEqualTo(Figures.NONE);
        assertThat(whole("1e400")).isEqualTo(Figures.NONE);
        assertThat(whole("-5")).isEqualTo(Figures.NONE);
        assertThat(decimal("1e400")).isInfinite();
        assertThat(decimal("1e-400")).isZero();
        assertThat(decimal("1e99999999999")).isInfinite();
    }

    @Test
    void readsNumbersInsideOfPythonObjects() {
        byte[] wrapped = "np.float64(0.5)".getBytes(StandardCharsets.ISO_8859_1);
        byte[] quoted = "'49.18'".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Figures.wrapped(wrapped, 0, wrapped.length)).isEqualTo(0.5);
        assertThat(Figures.wrapped(quoted, 0, quoted.length)).isEqualTo(49.18);
    }
}
