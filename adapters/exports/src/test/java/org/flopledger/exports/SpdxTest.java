package org.flopledger.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.exports.ExportFormat.Recipient;
import org.junit.jupiter.api.Test;

class SpdxTest {

    private static final String SCHEMA = "resources/schema-v3.0.1.json";

    private static String text(List<ExportedRun> runs) {
        return ExportFormat.SPDX.text(SampleRuns.LIBRARY, runs, SampleRuns.CREATED, Recipient.AI_OFFICE);
    }

    private static JsonNode document(ExportedRun run) {
        return Documents.tree(text(List.of(run)));
    }

    private static JsonNode model(ExportedRun run) {
        return document(run).at("/@graph/3");
    }

    private static Map<String, String> metrics(ExportedRun run) {
        Map<String, String> metrics = new HashMap<>();
        model(run)
                .get("ai_metric")
                .forEach(one ->
                        metrics.put(one.get("key").textValue(), one.get("value").textValue()));
        return metrics;
    }

    @Test
    void everyRunIsADocumentOfTheSchema() {
        for (ExportedRun run : SampleRuns.all()) {
            assertThat(Documents.faults(SpecificationVersion.DRAFT_2020_12, SCHEMA, document(run)))
                    .isEmpty();
        }
    }

    @Test
    void theSchemaRefusesWhatItShould() {
        JsonNode document = document(SampleRuns.known());
        ((ObjectNode) document.at("/@graph/3/ai_energyConsumption/ai_finetuningEnergyConsumption/0"))
                .put("ai_energyUnit", "joule");
        assertThat(Documents.faults(SpecificationVersion.DRAFT_2020_12, SCHEMA, document))
                .isNotEmpty();
    }

    @Test
    void amountsAndEnergyAreExact() {
        assertThat(model(SampleRuns.known())
                        .at("/ai_energyConsumption/ai_finetuningEnergyConsumption/0/ai_energyQuantity")
                        .textValue())
                .isEqualTo("21600.0000005");
        assertThat(metrics(SampleRuns.known()))
                .containsEntry("flopledger:compute:total:best", "168000001176000000000")
                .containsEntry("flopledger:parameters:total", "7000000000");
    }

    @Test
    void whatIsUnknownIsAbsentAndNotZero() {
        assertThat(model(SampleRuns.unknown()).has("ai_energyConsumption")).isFalse();
        assertThat(metrics(SampleRuns.unknown())).doesNotContainKey("flopledger:compute:total:best");
        assertThat(model(SampleRuns.half()).has("ai_energyConsumption")).isFalse();
        assertThat(model(SampleRuns.half()).get("ai_informationAboutTraining").textValue())
                .contains("1 of 2 observations have a figure");
    }

    @Test
    void theBytesAreThoseOfTheGoldenFile() throws IOException {
        Documents.assertGolden("spdx.jsonld", text(SampleRuns.all()));
    }
}
