package org.flopledger.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.flopledger.exports.ExportFormat.Recipient;
import org.junit.jupiter.api.Test;

/**
 * No artifact of OpenLineage holds its schema, so the build does not run it: what it requires of an event is checked here by hand, and
 * our own facet by its own schema.
 */
class OpenLineageTest {

    private static final Path FACET = Path.of("docs/training-compute-run-facet.json");
    private static final String POINTER = "#/$defs/TrainingComputeRunFacet";

    private static String text(List<ExportedRun> runs) {
        return ExportFormat.OPENLINEAGE.text(SampleRuns.LIBRARY, runs, SampleRuns.CREATED, Recipient.AI_OFFICE);
    }

    private static JsonNode event(ExportedRun run) {
        return Documents.tree(text(List.of(run)));
    }

    private static JsonNode facet(ExportedRun run) {
        return event(run).at("/run/facets/flopledger_trainingCompute");
    }

    @Test
    void everyEventHasWhatOpenLineageRequires() {
        for (ExportedRun run : SampleRuns.all()) {
            JsonNode event = event(run);
            assertThat(Instant.parse(event.get("eventTime").textValue())).isNotNull();
            assertThat(URI.create(event.get("producer").textValue()).isAbsolute())
                    .isTrue();
            assertThat(event.get("schemaURL").textValue())
                    .isEqualTo("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
            assertThat(event.get("eventType").textValue()).isEqualTo("OTHER");
            assertThat(UUID.fromString(event.at("/run/runId").textValue())).isNotNull();
            assertThat(event.at("/job/namespace").textValue()).isNotBlank();
            assertThat(event.at("/job/name").textValue()).isNotBlank();
            JsonNode facet = facet(run);
            assertThat(facet.get("_producer")).isEqualTo(event.get("producer"));
            assertThat(facet.get("_schemaURL").textValue()).endsWith("1-0-0.json" + POINTER);
        }
    }

    @Test
    void everyFacetIsOneOfItsSchema() throws IOException {
        for (ExportedRun run : SampleRuns.all()) {
            assertThat(Documents.faultsByFile(FACET, POINTER, facet(run))).isEmpty();
        }
    }

    @Test
    void theSchemaRefusesAFigureThatIsNoInteger() throws IOException {
        JsonNode facet = facet(SampleRuns.known());
        ((ObjectNode) facet.get("total")).put("best", "1e20");
        assertThat(Documents.faultsByFile(FACET, POINTER, facet)).isNotEmpty();
    }

    @Test
    void aRunHasTheSameIdentityInEveryExport() {
        assertThat(event(SampleRuns.half()).at("/run/runId"))
                .isEqualTo(event(SampleRuns.half()).at("/run/runId"));
        assertThat(event(SampleRuns.half()).at("/run/runId"))
                .isNotEqualTo(event(SampleRuns.unknown()).at("/run/runId"));
    }

    @Test
    void whatIsUnknownIsAbsentAndNotZero() {
        JsonNode facet = facet(SampleRuns.unknown());
        assertThat(facet.get("total").has("best")).isFalse();
        assertThat(facet.at("/total/observationsWithFigure").textValue()).isEqualTo("0");
        assertThat(facet.has("energyJoules")).isFalse();
        assertThat(facet.has("totalParameters")).isFalse();
        assertThat(facet(SampleRuns.known()).at("/total/best").textValue()).isEqualTo("168000001176000000000");
    }

    @Test
    void theBytesAreThoseOfTheGoldenFile() throws IOException {
        String lines = text(SampleRuns.all());
        assertThat(lines.lines().count()).isEqualTo(3);
        Documents.assertGolden("openlineage.jsonl", lines);
    }
}
