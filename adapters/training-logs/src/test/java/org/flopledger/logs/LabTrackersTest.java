package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Real trainings whose steps and tokens were counted beside them. */
class LabTrackersTest {

    private static Path lab() {
        Path lab = Path.of(System.getProperty("flopledger.shared", ""))
                .resolve("lab/seed1")
                .normalize();
        Assumptions.assumeTrue(Files.isDirectory(lab), "no measured trainings at " + lab + ", test skipped");
        return lab;
    }

    private static JsonNode truth(String scenario) throws IOException {
        return new ObjectMapper()
                .readTree(lab().resolve(scenario + ".truth.json").toFile());
    }

    private static LogCollection read(Path path) {
        return TrainingLogs.read(List.of(path), 1, (done, files) -> {});
    }

    @Test
    void eventFilesKnowEveryStepThatWasMade() throws IOException {
        List<String> read = new ArrayList<>();
        try (DirectoryStream<Path> scenarios = Files.newDirectoryStream(lab())) {
            for (Path scenario : scenarios) {
                Path events = scenario.resolve("runs");
                String name = scenario.getFileName().toString();
                if (Files.isDirectory(events) && Files.isRegularFile(lab().resolve(name + ".truth.json"))) {
                    read.add(name);
                    LogCollection found = read(events);
                    assertThat(found.runs()).as(name).hasSize(1);
                    JsonNode truth = truth(name);
                    LoggedRun run = found.runs().get(0);
                    assertThat(run.attempts())
                            .as(name)
                            .isEqualTo(truth.path("attempts").asInt());
                    // A process that dies in a step has made it and not written it: one step at most for each restart
                    // here.
                    long steps = truth.path("optimizer_steps").asLong();
                    assertThat(run.observations().steps()).as(name).isBetween(steps - run.attempts() + 1, steps);
                    assertThat(run.setting().unknown().contains(Unknown.LOST_STEPS))
                            .as(name)
                            .isEqualTo(run.attempts() > 1);
                    assertThat(run.model()).as(name).isNotNull();
                }
            }
        }
        assertThat(read).hasSizeGreaterThan(5);
    }

    @Test
    void eventFilesOfARestartKnowTheTokensThatWereLost() throws IOException {
        LogCollection found = read(lab().resolve("hf-resume"));
        assertThat(found.runs()).hasSize(1);
        LoggedRun run = found.runs().get(0);
        assertThat(run.attempts()).isEqualTo(2);
        JsonNode truth = truth("hf-resume");
        long tokens = truth.path("tokens").asLong();
        long eachStep = tokens / truth.path("optimizer_steps").asLong();
        // The step in which the process died was made and is in no file.
        assertThat(run.observations().total(StepField.TOKENS)).isBetween(tokens - eachStep, tokens);
    }

    @Test
    void tablesAndEventFilesOfLightningAreOneRun() throws IOException {
        LogCollection found = read(lab().resolve("lightning"));
        JsonNode truth = truth("lightning");
        assertThat(found.runs()).hasSize(1);
        LoggedRun run = found.runs().get(0);
        assertThat(run.progress().steps())
                .isEqualTo(truth.path("optimizer_steps").asLong());
        assertThat(run.progress().tokens()).isEqualTo(truth.path("tokens").asLong());
        assertThat(run.model()).isNotNull();
    }

    @Test
    void noTrainingIsCountedTwice() throws IOException {
        try (DirectoryStream<Path> scenarios = Files.newDirectoryStream(lab(), Files::isDirectory)) {
            for (Path scenario : scenarios) {
                assertThat(read(scenario).runs())
                        .as(scenario.getFileName().toString())
                        .hasSizeLessThanOrEqualTo(1);
            }
        }
    }
}
