package org.flopledger.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.exports.ExportFormat.Recipient;
import org.junit.jupiter.api.Test;

/**
 * CycloneDX's library bundles the schemas up to 1.6 and none of 1.7. All that is written here was in 1.6 already, so the document is
 * checked as one of that version; the schema of 1.7 is not run by the build.
 */
class CycloneDxTest {

    private static String text(List<ExportedRun> runs) {
        return ExportFormat.CYCLONEDX.text(SampleRuns.LIBRARY, runs, SampleRuns.CREATED, Recipient.AI_OFFICE);
    }

    private static JsonNode document(ExportedRun run) {
        return Documents.tree(text(List.of(run)));
    }

    private static Map<String, String> properties(JsonNode card) {
        Map<String, String> properties = new HashMap<>();
        card.path("properties")
                .forEach(one -> properties.put(
                        one.get("name").textValue(), one.get("value").textValue()));
        return properties;
    }

    private static JsonNode asOf16(JsonNode document) {
        return ((ObjectNode) document)
                .put("specVersion", "1.6")
                .put("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
    }

    @Test
    void everyRunIsADocumentOfTheSchema() {
        for (ExportedRun run : SampleRuns.all()) {
            assertThat(Documents.faults(SpecificationVersion.DRAFT_7, "bom-1.6.schema.json", asOf16(document(run))))
                    .isEmpty();
        }
    }

    @Test
    void theSchemaRefusesWhatItShould() {
        JsonNode document = asOf16(document(SampleRuns.known()));
        ((ObjectNode) document.at(
                        "/components/0/modelCard/considerations/environmentalConsiderations/energyConsumptions/0"))
                .put("activity", "dreaming");
        assertThat(Documents.faults(SpecificationVersion.DRAFT_7, "bom-1.6.schema.json", document))
                .isNotEmpty();
    }

    @Test
    void aKnownRunFillsTheRegisteredNamesAndIsExactInOurOwn() {
        JsonNode card = document(SampleRuns.known()).at("/components/0/modelCard");
        Map<String, String> properties = properties(card);
        // Four steps of 1,000,000,007 tokens on 7e9 parameters: 6 N D.
        assertThat(properties)
                .containsEntry("flopledger:compute:total:best", "168000001176000000000")
                .containsEntry("nvidia:inference:compute_operations", "168000001176000000000")
                .containsEntry("flopledger:compute:retained:best", "126000000882000000000")
                .containsEntry("flopledger:compute:discarded:best", "42000000294000000000")
                .containsEntry("cdx:ai-ml:model:parameter:count", "7000000000")
                .containsEntry("cdx:ai-ml:model:parameter:tune_method", "lora")
                .containsEntry("nvidia:inference:training_duration_wall_clock", "40")
                .containsEntry("nvidia:inference:training_duration_hardware", "768.000277777778")
                .containsEntry("nvidia:inference:hardware_units_count", "8")
                .containsEntry("flopledger:device-seconds", "2764801")
                .containsEntry("flopledger:energy:joules", "21600000000.5")
                .containsEntry("flopledger:teacher", "teacher")
                .containsEntry("nvidia:architecture:base_model", "This model was developed based on orion-base");
        JsonNode energy = card.at("/considerations/environmentalConsiderations/energyConsumptions");
        assertThat(energy.size()).isEqualTo(1);
        assertThat(energy.at("/0/activity").textValue()).isEqualTo("fine-tuning");
        assertThat(energy.at("/0/activityEnergyCost/value").decimalValue())
                .isEqualByComparingTo(new BigDecimal("6000.00000013889"));
        assertThat(properties(energy.get(0))).containsEntry("flopledger:energy:joules", "21600000000.5");
    }

    @Test
    void halfAFigureStandsOnlyWhereItsCoverageStandsToo() {
        JsonNode card = document(SampleRuns.half()).at("/components/0/modelCard");
        assertThat(card.has("considerations")).isFalse();
        assertThat(properties(card))
                .containsEntry("flopledger:compute:total:best", "60000")
                .containsEntry("flopledger:compute:observations", "2")
                .containsEntry("flopledger:compute:observations-with-figure", "1")
                .containsEntry("flopledger:energy:joules", "7.5")
                .containsEntry("flopledger:energy:joules:observations", "1")
                .doesNotContainKey("nvidia:inference:compute_operations");
    }

    @Test
    void whatIsUnknownIsAbsentAndNotZero() {
        JsonNode card = document(SampleRuns.unknown()).at("/components/0/modelCard");
        assertThat(card.has("considerations")).isFalse();
        assertThat(properties(card).keySet())
                .containsExactlyInAnyOrder(
                        "flopledger:compute:observations",
                        "flopledger:compute:observations-with-figure",
                        "flopledger:compute:discarded:low",
                        "flopledger:compute:discarded:best",
                        "flopledger:compute:discarded:high",
                        "flopledger:attempts");
    }

    @Test
    void theBytesAreThoseOfTheGoldenFile() throws IOException {
        Documents.assertGolden("cyclonedx.json", text(SampleRuns.all()));
    }
}
