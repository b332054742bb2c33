package org.flopledger.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {

    private static final Path SAMPLES = Path.of("../../samples/logs");
    private static final String AT = "--created=2026-11-21T10:00:00Z";

    @TempDir
    private Path folder;

    private static CommandLineRun export(String format, Object... more) {
        Object[] words = new Object[more.length + 4];
        System.arraycopy(new Object[] {"export", "--format", format, AT}, 0, words, 0, 4);
        System.arraycopy(more, 0, words, 4, more.length);
        CommandLineRun run = CommandLineRun.of(words);
        assertThat(run.status()).as(run.err()).isZero();
        return run;
    }

    private static List<Error> faults(SpecificationVersion draft, String schema, JsonNode document) {
        return SchemaRegistry.withDefaultDialect(
                        draft,
                        builder -> builder.schemaIdResolvers(
                                ids -> ids.mapPrefix("http://cyclonedx.org/schema", "classpath:")))
                .getSchema(SchemaLocation.of("classpath:" + schema))
                .validate(document);
    }

    private static Map<String, String> pairs(JsonNode entries, String key) {
        Map<String, String> pairs = new HashMap<>();
        entries.forEach(entry ->
                pairs.put(entry.get(key).textValue(), entry.get("value").textValue()));
        return pairs;
    }

    @Test
    void every_sample_run_is_a_document_of_the_schemas_and_has_the_figure_of_analyze() {
        JsonNode analysis =
                CommandLineRun.of("analyze", SAMPLES, "--output", "json").json().get("runs");
        // The library bundles no schema of 1.7; all that is written was in 1.6 already.
        JsonNode bom = export("cyclonedx", SAMPLES).json();
        assertThat(bom.get("specVersion").textValue()).isEqualTo("1.7");
        ((ObjectNode) bom).put("specVersion", "1.6").put("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
        JsonNode spdx = export("spdx", SAMPLES).json();
        List<String> events = export("openlineage", SAMPLES).out().lines().toList();

        assertThat(faults(SpecificationVersion.DRAFT_7, "bom-1.6.schema.json", bom))
                .isEmpty();
        assertThat(faults(SpecificationVersion.DRAFT_2020_12, "resources/schema-v3.0.1.json", spdx))
                .isEmpty();
        assertThat(analysis.size()).isGreaterThan(3);
        assertThat(bom.get("components").size()).isEqualTo(analysis.size());
        assertThat(events).hasSize(analysis.size());
        for (int i = 0; i < analysis.size(); i++) {
            String name = analysis.get(i).get("run").textValue();
            String best = analysis.get(i).at("/compute/total/flop").textValue();
            JsonNode component = bom.at("/components/" + i);
            assertThat(component.get("name").textValue()).isEqualTo(name);
            assertThat(pairs(component.at("/modelCard/properties"), "name"))
                    .containsEntry("flopledger:compute:total:best", best);
            assertThat(pairs(spdx.at("/@graph/" + (i + 3) + "/ai_metric"), "key"))
                    .containsEntry("flopledger:compute:total:best", best);
            assertThat(events.get(i)).contains("\"best\":\"" + best + "\"", name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cyclonedx", "openlineage", "spdx", "eu-form"})
    void logs_and_the_ledger_that_took_them_in_tell_the_same_figure(String format) throws IOException {
        SampleLogs.gpt3(folder.resolve("logs"), 20, 1);
        Path ledger = folder.resolve("ledger");
        CommandLineRun.of("ingest", "--ledger", ledger, folder.resolve("logs"));
        String best = CommandLineRun.of("totals", ledger, "--output", "json")
                .json()
                .at("/together/flop")
                .textValue();
        String figure = format.equals("eu-form") ? "trainingComputeToAiOffice" : best;

        assertThat(export(format, folder.resolve("logs")).out()).contains(figure);
        assertThat(export(format, "--ledger", ledger).out()).contains(figure);
    }

    @Test
    void a_run_is_chosen_and_a_recipient_reads_the_form_of_its_kind() throws IOException {
        SampleLogs.gpt3(folder.resolve("a"), 20, 1);
        SampleLogs.gpt3(folder.resolve("b"), 30, 2);

        JsonNode office = export("eu-form", folder, "--run", "2").json();
        JsonNode authority = export("eu-form", folder, "--run", "2", "--recipient", "authority")
                .json();
        assertThat(office.get("models").size()).isEqualTo(1);
        assertThat(office.at("/models/0").has("trainingComputeToAiOffice")).isTrue();
        assertThat(authority.at("/models/0").has("trainingComputeToAiOffice")).isFalse();
        assertThat(authority
                        .at("/models/0/trainingComputeToNationalAuthorities")
                        .textValue())
                .startsWith("10^");
        assertThat(authority.at("/models/0/run")).isEqualTo(office.at("/models/0/run"));
    }

    @Test
    void a_run_without_a_price_has_no_figure_and_not_zero() throws IOException {
        Path log = Files.createDirectories(folder.resolve("dark")).resolve("trainer_state.json");
        Files.writeString(
                log,
                "{\"global_step\": 3, \"max_steps\": 3, \"num_input_tokens_seen\": 4096, \"log_history\":"
                        + " [{\"step\": 2, \"loss\": 0.25}, {\"step\": 3, \"loss\": 0.2}]}");
        CommandLineRun run = CommandLineRun.of("export", "--format", "cyclonedx", AT, folder);

        Map<String, String> properties = pairs(run.json().at("/components/0/modelCard/properties"), "name");
        assertThat(properties)
                .doesNotContainKeys("flopledger:compute:total:best", "nvidia:inference:compute_operations")
                .containsEntry("flopledger:compute:observations-with-figure", "0");
        assertThat(CommandLineRun.of("export", "--format", "eu-form", AT, folder)
                        .json()
                        .at("/models/0")
                        .has("trainingComputeToAiOffice"))
                .isFalse();
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThat(CommandLineRun.of("export", "--format", "spdx").status()).isEqualTo(2);
        assertThat(CommandLineRun.of("export", SAMPLES).status()).isEqualTo(2);
        assertThat(CommandLineRun.of("export", "--format", "xml", SAMPLES).status())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("export", "--format", "spdx", "--recipient", "authority", SAMPLES)
                        .status())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("export", "--format", "spdx", "--created", "today", SAMPLES)
                        .status())
                .isEqualTo(2);
        CommandLineRun missing = CommandLineRun.of("export", "--format", "spdx", "--run", "99", SAMPLES);
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.out()).isEmpty();
    }
}
