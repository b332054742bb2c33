package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.flopledger.estimation.Estimate.Utilisation.Kind;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.FlopRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HardwareEstimateTest {

    // European Commission, guidelines on general-purpose models, annex A.3 (final and consultation draft).
    @ParameterizedTest
    @CsvSource({
        "200000, 300, 0.50, 108000000000000000000000",
        "370000, 989, 0.50, 658674000000000000000000",
        "35000, 300, 0.56, 21168000000000000000000",
        "4830, 300, 0.56, 2921184000000000000000",
        "200000, 300, 0.56, 120960000000000000000000"
    })
    void theCommissionsHardwareExamplesAreExact(double deviceHours, double peakTera, double utilisation, String flop) {
        Estimate estimate = Estimate.ofHardware(
                deviceHours * 3600, FlopRate.ofTera(peakTera), new Estimate.Utilisation(Kind.MFU, utilisation));

        assertThat(estimate.value()).hasToString(flop);
        assertThat(estimate.method()).isEqualTo(CountingMethod.HARDWARE);
    }

    // The same annex: 6 x parameters x tokens; the seventh counts 164 epochs of 61e9 tokens.
    @ParameterizedTest
    @CsvSource({
        "3800000000, 3300000000000, 7.524e22",
        "600000000, 36000000000000, 1.296e23",
        "1540000000, 18000000000000, 1.6632e23",
        "1700000000, 36000000000000, 3.672e23",
        "2500000000, 12000000000000, 1.800e23",
        "2600000000, 10004000000000, 1.560624e23",
        "1100000000, 3000000000000, 1.98e22"
    })
    void theCommissionsParameterExamplesAreExact(long parameters, long tokens, String flop) {
        Estimate estimate = Estimate.ofParameters(parameters, tokens);

        assertThat(estimate.value()).isEqualTo(FlopCount.parse(flop));
        assertThat(estimate.method()).isEqualTo(CountingMethod.PARAMETER_TOKEN);
    }

    @Test
    void anUnknownArchitectureLiesBetweenActiveAndTotalParameters() {
        // DeepSeek-V3: 3.2856e24 is below 1e25, the reading as a dense model falsely above.
        Estimate estimate = Estimate.ofParameters(37_000_000_000L, 671_000_000_000L, 14_800_000_000_000L);

        assertThat(estimate.bounds().low()).isEqualTo(FlopCount.parse("3.2856e24"));
        assertThat(estimate.value()).isEqualTo(FlopCount.parse("3.2856e24"));
        assertThat(estimate.bounds().high()).isEqualTo(FlopCount.parse("5.95848e25"));
        assertThat(estimate.unknown()).anyMatch(reason -> reason.contains("architecture is not known"));
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 5, active parameters", "6, 5, 5, total parameters", "5, 5, 0, tokens"})
    void impossibleCountsAreRefusedByName(long active, long total, long tokens, String field) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Estimate.ofParameters(active, total, tokens))
                .withMessageStartingWith(field);
    }

    @Test
    void aUtilisationThatIncludesRecomputationLeavesRoomBelow() {
        Estimate estimate =
                Estimate.ofHardware(3600, FlopRate.ofTera(100), new Estimate.Utilisation(Kind.TENSOR_ACTIVE, 0.5));

        assertThat(estimate.value()).isEqualTo(FlopCount.parse("180000000000000000"));
        assertThat(estimate.bounds().low()).isEqualTo(FlopCount.parse("135000000000000000"));
        assertThat(estimate.unknown()).isNotEmpty();
    }

    @Test
    void anAssumedUtilisationGivesARange() {
        Estimate estimate = Estimate.assumingUtilisation(
                3600,
                FlopRate.ofTera(100),
                new Estimate.Utilisation(Kind.MFU, 0.2),
                new Estimate.Utilisation(Kind.MFU, 0.4),
                new Estimate.Utilisation(Kind.MFU, 0.6));

        assertThat(estimate.bounds().low().times(3)).isEqualTo(estimate.bounds().high());
        assertThat(estimate.unknown()).containsExactly("utilisation is assumed, from 0.2 to 0.6");
    }

    @Test
    void theBusyShareOfNvmlIsRefusedWithTheReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Estimate.Utilisation(Kind.DEVICE_BUSY, 1))
                .withMessageContaining("not how much of the peak rate it used");
    }

    @ParameterizedTest
    @CsvSource({"0", "-0.1", "1.01", "NaN"})
    void aUtilisationOutsideItsRangeIsRefused(double value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Estimate.Utilisation(Kind.MFU, value))
                .withMessageContaining("must be above 0 and at most 1");
    }
}
