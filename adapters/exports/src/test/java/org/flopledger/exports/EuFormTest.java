package org.flopledger.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.flopledger.exports.ExportFormat.Recipient;
import org.junit.jupiter.api.Test;

class EuFormTest {

    private static String text(List<ExportedRun> runs, Recipient recipient) {
        return ExportFormat.EU_FORM.text(SampleRuns.LIBRARY, runs, SampleRuns.CREATED, recipient);
    }

    private static JsonNode model(ExportedRun run, Recipient recipient) {
        return Documents.tree(text(List.of(run), recipient)).at("/models/0");
    }

    @Test
    void theOfficeReadsTwoDigitsDaysAndMegawattHours() {
        JsonNode model = model(SampleRuns.known(), Recipient.AI_OFFICE);
        // Its own 1.68e20 and the base model's 1e25.
        assertThat(model.get("trainingComputeToAiOffice").textValue()).isEqualTo("1.0e25 FLOP");
        assertThat(model.get("trainingWallClockDaysToAiOffice").textValue()).isEqualTo("40.00");
        assertThat(model.get("trainingHardwareDaysToAiOffice").textValue()).isEqualTo("32.00");
        assertThat(model.get("trainingEnergyMegawattHours").textValue()).isEqualTo("6.0");
        assertThat(model.get("totalParameters").textValue()).isEqualTo("7.0e9");
        assertThat(model.get("totalParametersBand").textValue()).isEqualTo("5-15B");
        assertThat(model.get("baseModels").textValue()).isEqualTo("orion-base");
        assertThat(model.has("trainingComputeToNationalAuthorities")).isFalse();
    }

    @Test
    void anAuthorityReadsBandsAndOrdersOfMagnitude() {
        JsonNode model = model(SampleRuns.known(), Recipient.AUTHORITY);
        assertThat(model.get("trainingComputeToNationalAuthorities").textValue())
                .isEqualTo("10^25 FLOP");
        assertThat(model.get("trainingTimeToNationalAuthorities").textValue()).isEqualTo("1 to 3 months");
        assertThat(model.toString()).doesNotContain("ToAiOffice", "168000001176");
    }

    @Test
    void aFigureOfHalfTheStepsIsALeastFigure() {
        JsonNode model = model(SampleRuns.half(), Recipient.AI_OFFICE);
        assertThat(model.get("trainingComputeToAiOffice").textValue())
                .isEqualTo("6.0e4 FLOP at least (unknown: some steps)");
        assertThat(model.get("trainingComputeMethodology").textValue()).contains("1 of 2 observations have a figure");
        assertThat(model.get("trainingEnergyMegawattHours").textValue()).isEqualTo("N/A");
    }

    @Test
    void whatIsUnknownIsAbsentAndNotZero() {
        for (Recipient recipient : Recipient.values()) {
            JsonNode model = model(SampleRuns.unknown(), recipient);
            assertThat(model.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "run",
                            "trainingEnergyMegawattHours",
                            "trainingComputeMethodology",
                            "trainingEnergyMethodology");
            assertThat(model.get("trainingEnergyMegawattHours").textValue()).isEqualTo("N/A");
        }
    }

    @Test
    void theBytesAreThoseOfTheGoldenFiles() throws IOException {
        for (Recipient recipient : Recipient.values()) {
            Documents.assertGolden("eu-form-" + recipient + ".json", text(SampleRuns.all(), recipient));
        }
    }
}
