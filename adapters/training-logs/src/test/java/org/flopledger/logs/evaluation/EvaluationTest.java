package org.flopledger.logs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.logs.FileUse;
import org.flopledger.logs.LogCollection;
import org.flopledger.logs.LoggedEvidence;
import org.flopledger.logs.TrainingLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

    @TempDir
    private Path folder;

    private LoggedEvidence only(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        LogCollection found = TrainingLogs.read(List.of(folder), (done, files) -> {});
        assertThat(found.runs()).isEmpty();
        assertThat(found.rejections()).isEmpty();
        assertThat(found.uses()).extracting(FileUse::use).containsExactly(FileUse.Use.EVIDENCE);
        return found.evidence().get(0);
    }

    private static long figure(LoggedEvidence evidence, String name) {
        return evidence.figure(name).longValueExact();
    }

    @Test
    void countsTasksOfTheFormOf2023() throws IOException {
        LoggedEvidence evidence = only(
                "results.json",
                "{\"results\": {\"hellaswag\": {\"alias\": \"secret\", \"acc,none\": 0.5, \"acc_stderr,none\": 0.01},"
                        + " \"piqa\": {\"acc,none\": 0.7}}, \"configs\": {}, \"total_evaluation_time_seconds\": \"1234.5\"}");

        assertThat(evidence.kind()).isEqualTo(LoggedEvidence.Kind.EVALUATION);
        assertThat(figure(evidence, "tasks")).isEqualTo(2);
        assertThat(figure(evidence, "metrics")).isEqualTo(3);
        assertThat(evidence.figure("duration")).isEqualByComparingTo(new BigDecimal("1234.5"));
        assertThat(evidence.toString()).doesNotContain("secret").doesNotContain("hellaswag");
    }

    @Test
    void countsTasksOfAList() throws IOException {
        LoggedEvidence evidence = only(
                "results.json",
                "{\"results\": [{\"task_name\": \"axb\", \"prompt_name\": \"a\", \"acc\": 0.4, \"list\": [1, 2]},"
                        + " {\"task_name\": \"axb\", \"prompt_name\": \"b\", \"acc\": 0.5}, {\"task_name\": \"cb\", \"acc\": 1}],"
                        + " \"config\": {\"num_fewshot\": 0}}");

        assertThat(figure(evidence, "tasks")).isEqualTo(2);
        assertThat(figure(evidence, "metrics")).isEqualTo(3);
    }

    @Test
    void countsTasksWithALevelOfDates() throws IOException {
        LoggedEvidence evidence = only(
                "results.json",
                "{\"results\": {\"arc\": {\"2022-07-12\": {\"acc\": 0.4}}, \"copa\": {\"2022-07-12\": {\"acc\": 0.4}}}, \"versions\": {}}");

        assertThat(figure(evidence, "tasks")).isEqualTo(2);
        assertThat(figure(evidence, "metrics")).isEqualTo(2);
    }

    @Test
    void knowsSharesOfSolvedProblemsAlone() throws IOException {
        LoggedEvidence evidence =
                only("humaneval.json", "{\"pass@1\": 0.0045, \"pass@10\": 0.025, \"pass@100\": 0.059}");

        assertThat(figure(evidence, "tasks")).isEqualTo(1);
        assertThat(figure(evidence, "metrics")).isEqualTo(3);
    }

    @Test
    void readsTheSummaryOfMlperfInference() throws IOException {
        LoggedEvidence evidence = only(
                "mlperf_log_summary.txt",
                "================================================\nMLPerf Results Summary\n"
                        + "================================================\nSUT name : secret\nScenario : Offline\n"
                        + "Mode     : PerformanceOnly\nSamples per second: 1434.8\nTokens per second: 2000.5\nResult is : VALID\n"
                        + "  Min duration satisfied : Yes\n");

        assertThat(evidence.kind()).isEqualTo(LoggedEvidence.Kind.INFERENCE);
        assertThat(evidence.figure("samples-per-second")).isEqualByComparingTo("1434.8");
        assertThat(evidence.figure("tokens-per-second")).isEqualByComparingTo("2000.5");
        assertThat(figure(evidence, "valid")).isEqualTo(1);
        assertThat(evidence.toString()).doesNotContain("secret");
    }

    @Test
    void neverTakesTheDetailsOfInferenceForATraining() throws IOException {
        LoggedEvidence evidence = only(
                "mlperf_log_detail.txt",
                ":::MLLOG {\"key\": \"loadgen_version\", \"value\": \"2.1\", \"time_ms\": 0.1, \"namespace\": \"mlperf::logging\"}\n"
                        + ":::MLLOG {\"key\": \"result_validity\", \"value\": \"INVALID\", \"time_ms\": 9.0}\n"
                        + ":::MLLOG {\"key\": \"result_samples_per_second\", \"value\": 33.69, \"time_ms\": 9.0}\n");

        assertThat(figure(evidence, "valid")).isZero();
        assertThat(evidence.figure("samples-per-second")).isEqualByComparingTo("33.69");
    }
}
