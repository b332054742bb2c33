package org.flopledger.cli.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.flopledger.cli.options.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables, trackers and evidence beside the runs, as the command prints them. */
class TrackersTest {

    private static final String MAPPING =
            "{\"schema\": \"flopledger.mapping/1\", \"name\": \"mine\", \"firstStep\": 0, \"columns\": ["
                    + "{\"name\": \"it\", \"means\": \"step\"},"
                    + "{\"name\": \"seen\", \"means\": \"tokens\", \"counts\": \"total\", \"of\": \"all\", \"unit\": \"million\"}]}";

    @TempDir
    private Path folder;

    @Test
    void readsATableByADeclaredMappingAndExplainsIt() throws IOException {
        Path mapping = Files.writeString(folder.resolve("mapping.json"), MAPPING);
        Path table = Files.writeString(folder.resolve("mine.csv"), "it,seen,note\n4,2.5,x\n9,5,y\n");

        CommandLineRun run =
                CommandLineRun.of("analyze", table, "--mapping", mapping, "--explain-columns", "--output", "json");
        JsonNode told = run.json().path("runs").path(0);

        assertThat(told.path("format").asText()).isEqualTo("mapped");
        assertThat(told.path("steps").asText()).isEqualTo("10");
        assertThat(told.path("tokens").asText()).isEqualTo("5000000");
        assertThat(run.err())
                .contains("it: step")
                .contains("seen: tokens, counts total, of all, times 1000000")
                .contains("note: not known, not used");
    }

    @Test
    void refusesAMappingThatIsNoneAndNamesTheField() throws IOException {
        Path mapping = Files.writeString(folder.resolve("mapping.json"), MAPPING.replace("million", "parsec"));
        Path table = Files.writeString(folder.resolve("mine.csv"), "it,seen\n4,2.5\n");

        CommandLineRun run = CommandLineRun.of("analyze", table, "--mapping", mapping);

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE.code());
        assertThat(run.err()).contains("columns[1].unit");
    }

    @Test
    void attachesEvidenceAndAddsNothing() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);
        JsonNode before =
                CommandLineRun.of("analyze", folder, "--output", "json").json();
        Files.writeString(
                folder.resolve("gpu.csv"),
                "timestamp, index, power.draw [W]\n2026/04/25 16:06:00.000, 0, 100 W\n2026/04/25 16:06:10.000, 0, 100 W\n");
        Files.writeString(
                folder.resolve("results.json"),
                "{\"results\": {\"piqa\": {\"acc\": 0.5}}, \"versions\": {\"piqa\": 1}}");

        JsonNode after =
                CommandLineRun.of("analyze", folder, "--output", "json").json();

        assertThat(after.path("runs")).isEqualTo(before.path("runs"));
        assertThat(after.path("rejected")).isEqualTo(before.path("rejected"));
        assertThat(after.path("evidence")).hasSize(2);
        assertThat(after.path("evidence").path(0).path("kind").asText()).isEqualTo("evaluation");
        JsonNode seconds = after.path("evidence").path(1).path("figures").path(2);
        assertThat(seconds.path("name").asText()).isEqualTo("device-seconds");
        assertThat(seconds.path("value").asText()).isEqualTo("10");
        assertThat(CommandLineRun.of("analyze", folder).out()).contains("Beside the runs, never part of a total");
    }

    @Test
    void neverPrintsZeroForARunOfWhichOnlyEpochsAreKnown() throws IOException {
        Files.writeString(folder.resolve("log.csv"), "epoch,loss\n0,0.5\n1,0.4\n");

        CommandLineRun run = CommandLineRun.of("analyze", folder, "--output", "json");
        JsonNode told = run.json().path("runs").path(0);

        assertThat(told.path("format").asText()).isEqualTo("keras-csv");
        assertThat(told.path("compute").path("total").path("flop").asText()).isNotEqualTo("0");
        assertThat(told.path("steps").isNull()).isTrue();
        assertThat(told.path("warnings").toString()).contains("ONLY_EPOCHS");
    }
}
