package org.flopledger.logs.mlperf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.flopledger.logs.Corpus;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.StepRange;
import org.flopledger.logs.TrainingLogs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads the real MLPerf logs and compares every figure with what is known about each file. */
class MlperfCorpusTest {

    private static final String FOLDER = "mlperf";

    private final Path corpus = Corpus.folder();
    private final LogCollection found = TrainingLogs.read(List.of(corpus.resolve(FOLDER)), (done, files) -> {});

    @Test
    void findsEveryRunOnceAndListsRepeatsApart() throws IOException {
        var files = new ArrayList<String>();
        found.runs().forEach(run -> files.add(relative(run.sources().get(0))));
        found.duplicates().forEach(copy -> files.add(relative(copy.sources().get(0))));

        assertThat(files)
                .containsExactlyInAnyOrderElementsOf(Corpus.known(FOLDER).keySet());
        assertThat(found.runs()).extracting(LoggedRun::id).doesNotHaveDuplicates();
    }

    @Test
    void listsByteIdenticalResubmissionsAndRepeatedRuns() {
        assertThat(found.duplicates())
                .extracting(copy -> relative(copy.sources().get(0)))
                .containsExactlyInAnyOrder(
                        "mlperf/v3.1/NVIDIA/results/eos_ngc23.04_pytorch/bert/result_8.txt",
                        "mlperf/v4.0/NVIDIA/results/eos_ngc23.04_pytorch/bert/result_8.txt");
    }

    @Test
    void agreesWithEveryKnownFigure() throws IOException {
        Map<String, JsonNode> known = Corpus.known(FOLDER);
        var softly = new SoftAssertions();
        for (LoggedRun run : found.runs()) {
            String file = relative(run.sources().get(0));
            compare(softly, file, known.get(file), run);
        }
        softly.assertAll();
    }

    private static void compare(SoftAssertions softly, String file, JsonNode known, LoggedRun run) {
        LoggedRun.Progress progress = run.progress();
        softly.assertThat(run.benchmark())
                .as(file)
                .isEqualTo(known.path("submission_benchmark").asText());
        softly.assertThat(progress.sequences()).as(file + " sequences").isEqualTo(whole(known, "sequences_in_run"));
        softly.assertThat(progress.globalBatchSize()).as(file).isEqualTo(whole(known, "global_batch_size"));
        if (known.has("tokens_in_run")) {
            softly.assertThat(progress.tokens()).as(file + " tokens").isEqualTo(whole(known, "tokens_in_run"));
        }
        if (known.has("images_in_run")) {
            softly.assertThat(progress.samples()).as(file + " images").isEqualTo(whole(known, "images_in_run"));
        }
        if (known.has("optimizer_steps_in_run")) {
            softly.assertThat(progress.steps()).as(file + " steps").isEqualTo((long)
                    Math.ceil(known.path("optimizer_steps_in_run").doubleValue()));
        }
        softly.assertThat(run.timing().durationMillis()).as(file + " ms").isEqualTo(whole(known, "run_ms"));
        softly.assertThat(run.devices()).as(file + " devices").isNotNull();
        if (run.devices() != null) {
            softly.assertThat(run.devices().count()).as(file).isEqualTo(whole(known, "accelerators"));
            softly.assertThat(run.devices().model())
                    .as(file)
                    .isEqualTo(known.path("accelerator_model_name").asText());
        }
        Long prior = whole(known, "tokens_before_run_from_checkpoint");
        softly.assertThat(
                        run.prior().tokens() == null
                                ? null
                                : run.prior().tokens().longValueExact())
                .as(file + " prior tokens")
                .isEqualTo(prior);
        softly.assertThat(run.status() == null ? null : run.status().label())
                .as(file + " status")
                .isEqualTo(known.path("status").asText("unfinished"));
        softly.assertThat(run.lines().lines())
                .as(file + " lines")
                .isEqualTo(known.path("lines").longValue());
        softly.assertThat(run.lines().records())
                .as(file + " records")
                .isEqualTo(known.path("mllog_records").longValue());
        long steps = run.steps().stream().mapToLong(StepRange::totalSequences).sum();
        softly.assertThat(steps)
                .as(file + " steps' sequences")
                .isEqualTo(known.path("sequences_in_run").longValue());
    }

    private static @Nullable Long whole(JsonNode known, String key) {
        return known.has(key) ? Long.valueOf(known.path(key).longValue()) : null;
    }

    private String relative(Path file) {
        return corpus.relativize(file).toString();
    }
}
