package org.flopledger.logs.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.TrainingLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters of trainings in exported metrics. */
class OtlpJsonTest {

    private static final String CUMULATIVE = "2";
    private static final String DELTA = "1";

    @TempDir
    private Path folder;

    @Test
    void theLastValueOfACumulativeCounterCounts() throws IOException {
        write(request("a", CUMULATIVE, 1, 960, 5), request("a", CUMULATIVE, 1, 4801, 25));

        LoggedRun run = only();

        assertThat(run.progress().tokens()).isEqualTo(4801);
        assertThat(run.progress().steps()).isEqualTo(25);
        assertThat(run.attempts()).isEqualTo(1);
    }

    @Test
    void anotherStartIsAnotherAttemptAndBothCount() throws IOException {
        write(request("a", CUMULATIVE, 1, 960, 5), request("a", CUMULATIVE, 100, 384, 2));

        LoggedRun run = only();

        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.progress().tokens()).isEqualTo(1344);
    }

    @Test
    void deltasAddUpAndExportersAreRunsOfTheirOwn() throws IOException {
        write(request("a", DELTA, 1, 960, 5), request("a", DELTA, 2, 960, 5), request("b", DELTA, 1, 100, 1));

        assertThat(read().runs()).extracting(run -> run.progress().tokens()).containsExactlyInAnyOrder(1920L, 100L);
    }

    @Test
    void metricsOfSomethingElseAreNoRun() throws IOException {
        write(
                "{\"resourceMetrics\": [{\"scopeMetrics\": [{\"metrics\": [{\"name\": \"http.requests\", \"sum\": {}}]}]}]}");

        LogCollection found = read();

        assertThat(found.runs()).isEmpty();
        assertThat(found.unused())
                .singleElement()
                .satisfies(file -> assertThat(String.valueOf(file.reason())).isEqualTo("UNSUPPORTED_TELEMETRY"));
    }

    private static String request(String instance, String temporality, long startSecond, long tokens, long steps) {
        String points = ", \"aggregationTemporality\": " + temporality + ", \"isMonotonic\": true}}";
        return "{\"resourceMetrics\": [{\"resource\": {\"attributes\": [{\"key\": \"service.instance.id\", \"value\":"
                + " {\"stringValue\": \"" + instance + "\"}}]}, \"scopeMetrics\": [{\"metrics\": ["
                + "{\"name\": \"train.tokens\", \"unit\": \"{token}\", \"sum\": " + point(startSecond, tokens) + points
                + ", {\"name\": \"train.steps\", \"sum\": " + point(startSecond, steps) + points + "]}]}]}";
    }

    private static String point(long startSecond, long value) {
        return "{\"dataPoints\": [{\"startTimeUnixNano\": \"" + (1_795_279_174L + startSecond)
                + "947513186\", \"timeUnixNano\": \"1795279975955220200\", \"asInt\": \"" + value + "\"}]";
    }

    private void write(String... requests) throws IOException {
        Files.write(folder.resolve("metrics.jsonl"), List.of(requests));
    }

    private LogCollection read() {
        return TrainingLogs.read(List.of(folder), 1, (done, files) -> {});
    }

    private LoggedRun only() {
        List<LoggedRun> runs = read().runs();
        assertThat(runs).hasSize(1);
        return runs.get(0);
    }
}
