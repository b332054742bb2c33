package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reads the real files of trackers, tables and counters, and compares with what is known of each. */
class TrackerCorpusTest {

    private interface Check {
        void check(LogCollection found, JsonNode known, String file);
    }

    private static void each(String kind, Check check) throws IOException {
        Map<String, JsonNode> known = Corpus.known(kind);
        assertThat(known).as(kind).isNotEmpty();
        for (Map.Entry<String, JsonNode> file : known.entrySet()) {
            Path path = Corpus.folder().resolve(file.getKey());
            LogCollection found = TrainingLogs.read(List.of(path), 1, (done, files) -> {});
            assertThat(found.rejections())
                    .as(file.getKey())
                    .extracting(Rejection::reason)
                    .doesNotContain(
                            RejectionReason.READER_FAILED,
                            RejectionReason.UNRECOGNISED_JSON,
                            RejectionReason.UNRECOGNISED_TEXT,
                            RejectionReason.BINARY);
            check.check(found, file.getValue(), file.getKey());
        }
    }

    private static long count(LogCollection found, RejectionReason reason) {
        return found.rejections().stream()
                .filter(rejection -> rejection.reason() == reason)
                .mapToLong(Rejection::count)
                .sum();
    }

    private static double figure(LogCollection found, String name, String file) {
        assertThat(found.evidence()).as(file).hasSize(1);
        assertThat(found.evidence().get(0).figure(name)).as(file + " " + name).isNotNull();
        return found.evidence().get(0).figure(name).doubleValue();
    }

    @Test
    void readsEventFiles() throws IOException {
        each("tfevents", (found, known, file) -> {
            boolean truncated = known.path("truncated_tail").asBoolean();
            assertThat(count(found, RejectionReason.TRUNCATED_TAIL)).as(file).isEqualTo(truncated ? 1 : 0);
            boolean onlyText =
                    known.path("last_scalars").isEmpty() && known.path("tags").has("keras");
            if (onlyText) {
                // A graph of the model and nothing else: refused with the reason.
                assertThat(found.unused()).as(file).extracting(FileUse::reason).containsExactly(RejectionReason.NO_RUN);
            } else {
                assertThat(found.runs()).as(file).hasSize(1);
            }
        });
    }

    @Test
    void readsTablesOfLightning() throws IOException {
        each("lightning_csv", (found, known, file) -> {
            assertThat(found.runs()).as(file).hasSize(1);
            assertThat(found.runs().get(0).progress().lastStep())
                    .as(file)
                    .isEqualTo(known.path("last_step").asLong());
            assertThat(found.runs().get(0).attempts() - 1)
                    .as(file)
                    .isEqualTo(known.path("step_goes_back").asInt());
        });
    }

    @Test
    void knowsRunsOfKeras() throws IOException {
        each("keras_csv", (found, known, file) -> {
            assertThat(found.runs()).as(file).hasSize(1);
            LoggedRun run = found.runs().get(0);
            assertThat(run.progress().steps()).as(file).isNull();
            assertThat(RunCompute.of(run).total()).as(file).isNull();
            long epochs = Long.parseLong(known.path("last_epoch").asText()) + 1;
            assertThat(run.warnings())
                    .as(file)
                    .anySatisfy(warning -> assertThat(warning.message()).contains("tells of " + epochs + " epochs"));
        });
    }

    @Test
    void knowsRunsOfUltralytics() throws IOException {
        each("ultralytics_csv", (found, known, file) -> {
            assertThat(found.runs()).as(file).hasSize(1);
            assertThat(found.runs().get(0).warnings())
                    .as(file)
                    .extracting(LogWarning::code)
                    .contains(LogWarning.Code.ONLY_EPOCHS);
            assertThat(RunCompute.of(found.runs().get(0)).total()).as(file).isNull();
            assertThat(count(found, RejectionReason.CONFLICT_MARKER))
                    .as(file)
                    .isEqualTo(known.path("conflict_markers").asLong());
            assertThat(count(found, RejectionReason.CONFLICT_MARKER) + count(found, RejectionReason.UNEVEN_ROW))
                    .as(file)
                    .isEqualTo(known.path("short_rows").asLong());
        });
    }

    @Test
    void readsSummariesOfWandb() throws IOException {
        each("wandb_summary", (found, known, file) -> {
            assertThat(found.runs()).as(file).hasSize(1);
            LoggedRun run = found.runs().get(0);
            if (known.has("_runtime") && known.has("_timestamp")) {
                assertThat((double) run.timing().durationMillis())
                        .as(file)
                        .isCloseTo(1_000 * known.path("_runtime").asDouble(), within(1.0));
            }
            if (known.has("iter") && !known.has("train/global_step")) {
                assertThat(run.progress().lastStep())
                        .as(file)
                        .isEqualTo(known.path("iter").asLong());
            }
        });
    }

    @Test
    void readsFileStoresOfMlflow() throws IOException {
        each("mlflow_run", (found, known, file) -> {
            assertThat(found.runs()).as(file).hasSize(1);
            LoggedRun run = found.runs().get(0);
            assertThat(run.timing().start())
                    .as(file)
                    .isEqualTo(Instant.ofEpochMilli(
                            Long.parseLong(known.path("start_time").asText())));
            assertThat(run.timing().end())
                    .as(file)
                    .isEqualTo(Instant.ofEpochMilli(
                            Long.parseLong(known.path("end_time").asText())));
            assertThat(run.status() == RunStatus.SUCCESS)
                    .as(file)
                    .isEqualTo(known.path("status").asText().equals("3"));
            int files = 1 + known.path("metrics").size() + known.path("params").size();
            assertThat(run.sources().size()).as(file).isGreaterThanOrEqualTo(files);
            long points = 0;
            for (JsonNode metric : known.path("metrics")) {
                points += metric.path("points").asLong();
            }
            assertThat(run.lines().records()).as(file).isLessThanOrEqualTo(points);
        });
    }

    @Test
    void readsSamplesOfDevices() throws IOException {
        each("gpu_csv", (found, known, file) -> {
            assertThat(figure(found, "samples", file))
                    .as(file)
                    .isEqualTo(known.path("rows").asLong());
            assertThat(figure(found, "power-mean", file))
                    .as(file)
                    .isCloseTo(
                            known.path("power_mean_w").asDouble(),
                            within(1e-9 * known.path("power_mean_w").asDouble()));
            assertThat(figure(found, "power-maximum", file))
                    .as(file)
                    .isEqualTo(known.path("power_max_w").asDouble());
        });
    }

    @Test
    void readsEmissions() throws IOException {
        each("codecarbon", (found, known, file) -> {
            assertThat(figure(found, "rows", file))
                    .as(file)
                    .isEqualTo(known.path("rows").asLong());
            if (!known.path("columns").toString().contains("\"run_id\"")) {
                assertThat(figure(found, "duration", file))
                        .as(file)
                        .isCloseTo(known.path("sum_duration").asDouble(), within(1e-6));
                assertThat(figure(found, "energy", file))
                        .as(file)
                        .isCloseTo(3.6e6 * known.path("sum_energy_consumed").asDouble(), within(1e-3));
            }
        });
    }

    @Test
    void attachesResultsOfEvaluation() throws IOException {
        each("lm_eval", (found, known, file) -> {
            assertThat(found.runs()).as(file).isEmpty();
            assertThat(found.uses()).as(file).extracting(FileUse::use).containsExactly(FileUse.Use.EVIDENCE);
            if (known.has("tasks")) {
                assertThat(figure(found, "tasks", file))
                        .as(file)
                        .isEqualTo(known.path("tasks").asLong());
            }
        });
    }

    @Test
    void saysWhyTelemetryIsNotRead() throws IOException {
        each(
                "otlp_json",
                (found, known, file) -> assertThat(found.unused())
                        .as(file)
                        .extracting(FileUse::reason)
                        .containsExactly(RejectionReason.UNSUPPORTED_TELEMETRY));
    }
}
