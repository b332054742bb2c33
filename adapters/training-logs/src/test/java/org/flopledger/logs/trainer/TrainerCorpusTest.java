package org.flopledger.logs.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.flopledger.logs.Corpus;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.TrainingLogs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads the real trainer states and compares every figure with what is known about each file. */
class TrainerCorpusTest {

    private static final String FOLDER = "trainer_state";

    private final Path corpus = Corpus.folder();
    private final LogCollection found = TrainingLogs.read(List.of(corpus.resolve(FOLDER)), (done, files) -> {});

    @Test
    void tellsEveryStateAsARunOrAsARepeat() throws IOException {
        var files = new ArrayList<String>();
        found.runs().forEach(run -> files.add(file(run)));
        found.duplicates()
                .forEach(copy ->
                        files.add(corpus.relativize(copy.sources().get(0)).toString()));

        assertThat(files)
                .containsExactlyInAnyOrderElementsOf(Corpus.known(FOLDER).keySet());
    }

    @Test
    void countsNestedCheckpointsOnce() {
        assertThat(found.runs())
                .extracting(this::file)
                .contains("trainer_state/syGOAT+Mistral-v0.2-Translator-bf16/trainer_state.json");
        assertThat(found.duplicates())
                .hasSize(3)
                .allSatisfy(copy -> assertThat(copy.why()).startsWith("a checkpoint at step"));
    }

    @Test
    void agreesWithEveryKnownFigure() throws IOException {
        Map<String, JsonNode> known = Corpus.known(FOLDER);
        var softly = new SoftAssertions();
        for (LoggedRun run : found.runs()) {
            JsonNode truth = known.get(file(run));
            softly.assertThat(run.progress().steps())
                    .isEqualTo(truth.path("global_step").longValue());
            softly.assertThat(run.progress().tokens())
                    .as("0 means not counted")
                    .isEqualTo(counted(truth, "num_input_tokens_seen", "num_tokens_last"));
            BigDecimal claim = new BigDecimal(truth.path("total_flos").asText());
            softly.assertThat(String.valueOf(run.reportedFlop()))
                    .as("0 means not counted")
                    .isEqualTo(
                            claim.signum() == 0
                                    ? "null"
                                    // The double that was written, not its shortest decimal form.
                                    : new BigDecimal(claim.doubleValue())
                                            .toBigIntegerExact()
                                            .toString());
            softly.assertThat(run.lines().records())
                    .isEqualTo(truth.path("log_entries").longValue());
            softly.assertThat(run.timing().durationMillis())
                    .isEqualTo(
                            truth.has("final_train_runtime")
                                    ? Long.valueOf(new BigDecimal(truth.path("final_train_runtime")
                                                    .asText())
                                            .movePointRight(3)
                                            .setScale(0, RoundingMode.HALF_UP)
                                            .longValueExact())
                                    : null);
        }
        softly.assertAll();
    }

    @Test
    void contradictsTheClaimThatIsFalseByAFactorAndNoOther() {
        assertThat(found.runs())
                .filteredOn(run -> run.warnings().stream().anyMatch(w -> w.code() == LogWarning.Code.METHODS_DISAGREE))
                .extracting(this::file)
                .containsExactly("trainer_state/ljh696+MetaMath/output/trainer_state.json");
    }

    private static @Nullable Long counted(JsonNode truth, String... names) {
        for (String name : names) {
            if (truth.path(name).longValue() > 0) {
                return truth.path(name).longValue();
            }
        }
        return null;
    }

    private String file(LoggedRun run) {
        return corpus.relativize(run.sources().get(0)).toString();
    }
}
