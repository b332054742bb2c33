package org.flopledger.cli.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.cli.CommandLineRun;
import org.flopledger.cli.SampleLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyzeCommandTest {

    private static final List<String> RUN_KEYS = List.of(
            "run",
            "format",
            "sources",
            "benchmark",
            "steps",
            "lastStep",
            "sequences",
            "tokens",
            "globalBatchSize",
            "sequenceLength",
            "startedAt",
            "endedAt",
            "durationMillis",
            "devices",
            "deviceModel",
            "attempts",
            "status",
            "prior",
            "model",
            "peft",
            "compute",
            "estimates",
            "modelFlopUtilization",
            "findings",
            "warnings");

    @TempDir
    private Path folder;

    @Test
    void printsEveryKeyOfTheContract() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);

        JsonNode json = CommandLineRun.of("analyze", folder, "--output", "json").json();

        assertThat(keys(json))
                .containsExactly(
                        "schema", "library", "profiles", "runs", "duplicates", "evidence", "rejected", "files");
        assertThat(json.path("schema").asText()).isEqualTo("flopledger.analysis/1");
        assertThat(keys(json.path("runs").path(0))).containsSubsequence(RUN_KEYS);
        assertThat(keys(json.path("runs").path(0).path("compute")))
                .containsExactly("total", "retained", "discarded", "coverage");
        assertThat(keys(json.path("runs").path(0).path("compute").path("total")))
                .containsExactly("flop", "method", "low", "high", "exaFlopDays");
        assertThat(keys(json.path("runs").path(0).path("model")))
                .containsExactly(
                        "name", "totalParameters", "activeParameters", "trainableParameters", "mixtureOfExperts");
    }

    @Test
    void printsIntegersExactlyAndInstantsInUtc() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);

        JsonNode run = CommandLineRun.of("analyze", folder, "--output", "json")
                .json()
                .path("runs")
                .path(0);

        assertThat(run.path("tokens").isTextual()).isTrue();
        assertThat(run.path("tokens").asText()).isEqualTo("655360");
        assertThat(run.path("durationMillis").longValue()).isEqualTo(20_000);
        assertThat(run.path("startedAt").asText()).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(run.path("devices").longValue()).isEqualTo(1024);
        assertThat(run.path("prior").path("tokens").asText()).isEqualTo("327680");
    }

    @Test
    void countsByAtLeastTwoMethods() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);

        JsonNode run = CommandLineRun.of("analyze", folder, "--output", "json")
                .json()
                .path("runs")
                .path(0);

        var methods = new ArrayList<String>();
        run.path("estimates")
                .forEach(estimate -> methods.add(estimate.path("method").asText()));
        assertThat(methods).contains("ARCHITECTURE", "PARAMETER_TOKEN", "HARDWARE");
        BigInteger parameters =
                new BigInteger(run.path("model").path("activeParameters").asText());
        assertThat(run.path("estimates").path(1).path("flop").asText())
                .isEqualTo(parameters.multiply(BigInteger.valueOf(6L * 655_360)).toString());
    }

    @Test
    void namesTheFirstStepThatIsAboveAThresholdAndEndsWithThree() throws IOException {
        SampleLogs.gpt3(folder, 40, 1);
        JsonNode run = CommandLineRun.of("analyze", folder, "--output", "json")
                .json()
                .path("runs")
                .path(0);
        BigInteger total =
                new BigInteger(run.path("compute").path("total").path("flop").asText());
        BigInteger prior = new BigInteger(run.path("prior").path("flop").asText());
        BigInteger step = total.divide(BigInteger.valueOf(40));
        BigInteger atSeventeen = prior.add(step.multiply(BigInteger.valueOf(17)));

        CommandLineRun exactly = CommandLineRun.of("analyze", folder, "--output", "json", "--threshold", atSeventeen);
        CommandLineRun oneLess = CommandLineRun.of(
                "analyze", folder, "--output", "json", "--threshold", atSeventeen.subtract(BigInteger.ONE));

        assertThat(exactly.status()).isEqualTo(3);
        assertThat(finding(exactly).path("step").asText()).isEqualTo("18");
        assertThat(finding(oneLess).path("step").asText()).isEqualTo("17");
        assertThat(finding(oneLess).path("kind").asText()).isEqualTo("CROSSED");
        assertThat(finding(oneLess).path("flop").asText()).isEqualTo(atSeventeen.toString());
        // The log first shows step 17 done at the evaluation after step 20.
        assertThat(finding(oneLess).path("at").asText()).isEqualTo("2023-11-14T22:13:40Z");
    }

    @Test
    void endsWithZeroWhereNothingIsCrossed() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);

        CommandLineRun run = CommandLineRun.of("analyze", folder, "--threshold", "1e30");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Findings").contains("none");
    }

    @Test
    void endsWithFourWhereTooLittleIsKnown() throws IOException {
        Files.writeString(
                folder.resolve("log.txt"),
                Files.readString(SampleLogs.gpt3(folder.resolve("x"), 20, 1)).replace("gpt3", "something_new"));
        Files.delete(folder.resolve("x/org/results/box/gpt3/result_1.txt"));

        CommandLineRun run = CommandLineRun.of("analyze", folder.resolve("log.txt"), "--threshold", "1e20");

        assertThat(run.status()).isEqualTo(4);
        assertThat(run.out()).contains("BASIS_UNKNOWN");
    }

    @Test
    void holdsRunsAgainstTheRulesOfAProfile() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);

        CommandLineRun run = CommandLineRun.of("analyze", folder, "--output", "json", "--rule", "seed-review-1e24");

        assertThat(run.status()).isZero();
        assertThat(run.json().path("profiles").path(0).asText()).isEqualTo("seed-review-1e24");
    }

    @Test
    void saysThatABaseIsUnknownAlsoWhereNothingElseChanges() throws IOException {
        Path log = SampleLogs.gpt3(folder.resolve("x"), 20, 1);
        Files.writeString(
                folder.resolve("log.txt"),
                Files.readString(log).replace("gpt3", "llama31_405b").replace("epoch_num", "samples_count"));

        CommandLineRun run = CommandLineRun.of(
                "analyze", folder.resolve("log.txt"), "--output", "json", "--rule", "seed-review-1e24");

        assertThat(finding(run).path("kind").asText()).isEqualTo("BASIS_UNKNOWN");
        assertThat(run.status()).isEqualTo(4);
    }

    @Test
    void refusesArgumentsThatMakeNoSense() {
        assertThat(CommandLineRun.of("analyze").status()).isEqualTo(2);
        assertThat(CommandLineRun.of("analyze", folder, "--threshold", "many").status())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("analyze", folder, "--threshold", "-5").status())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("analyze", folder, "--rule", "nobodys-rule")
                        .err())
                .contains("nobodys-rule")
                .doesNotContain("Exception");
        assertThat(CommandLineRun.of("analyze", folder, "--output", "xml").status())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("unknown-command").status()).isEqualTo(2);
        assertThat(CommandLineRun.of().status()).isEqualTo(2);
    }

    @Test
    void failsWithAMessageWhereNothingUsableIsFound() {
        CommandLineRun run = CommandLineRun.of("analyze", folder);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("empty-folder").contains("no usable step");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void printsEmptyListsAsJsonWhereNothingUsableIsFound() {
        CommandLineRun run = CommandLineRun.of("analyze", folder.resolve("nowhere"), "--output", "json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json().path("runs")).isEmpty();
        assertThat(run.json().path("rejected").path(0).path("reason").asText()).isEqualTo("missing-path");
    }

    @Test
    void readsTheOtherPathsWhereOneDoesNotExist() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);

        CommandLineRun run = CommandLineRun.of("analyze", folder, folder.resolve("nowhere"));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("nowhere: the path does not exist");
        assertThat(run.out()).contains("gpt3");
    }

    @Test
    void neverPrintsAZeroForWhatItDoesNotKnow() throws IOException {
        Files.writeString(
                folder.resolve("trainer_state.json"),
                "{\"global_step\": 5, \"max_steps\": 5, \"total_flos\": 0, \"num_input_tokens_seen\": 0,"
                        + " \"log_history\": [{\"step\": 5, \"loss\": 1.5}]}");

        JsonNode run = CommandLineRun.of("analyze", folder, "--output", "json")
                .json()
                .path("runs")
                .path(0);
        CommandLineRun table = CommandLineRun.of("analyze", folder);

        assertThat(run.path("compute").isNull()).isTrue();
        assertThat(run.path("tokens").isNull()).isTrue();
        assertThat(run.path("estimates")).isEmpty();
        assertThat(table.out()).contains("What these runs cost is not known.");
        assertThat(table.status()).isZero();
    }

    @Test
    void listsRepeatsApartFromTheSum() throws IOException {
        Path log = SampleLogs.gpt3(folder, 20, 1);
        SampleLogs.gpt3(folder, 20, 2);
        Files.copy(log, folder.resolve("again.txt"));

        CommandLineRun json = CommandLineRun.of("analyze", folder, "--output", "json");
        CommandLineRun table = CommandLineRun.of("analyze", folder);

        assertThat(json.json().path("runs")).hasSize(2);
        assertThat(json.json().path("duplicates")).hasSize(1);
        assertThat(table.out()).contains("Repeats, not summed").contains("in 2 runs");
    }

    @Test
    void marksASumOverUnlikeMethodsAndNamesTheRunsItLeavesOut() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);
        SampleLogs.gpt3(folder, 20, 2);
        trainerState("claimed", "123456789012345678");
        trainerState("silent", "0");

        JsonNode runs =
                CommandLineRun.of("analyze", folder, "--output", "json").json().path("runs");
        String table = CommandLineRun.of("analyze", folder).out();

        BigInteger layers = BigInteger.ZERO;
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            JsonNode total = runs.path(i).path("compute").path("total");
            if (total.path("method").asText().equals("ARCHITECTURE")) {
                layers = layers.add(new BigInteger(total.path("flop").asText()));
            } else if (total.isMissingNode()) {
                unknown.add("run " + (i + 1));
            }
        }
        String exactly = layers.toString();
        assertThat(unknown).hasSize(1);
        assertThat(table.lines())
                .contains("Total by method")
                .anyMatch(line -> line.matches("layers +\\S+ +" + exactly + " +.*"))
                .anyMatch(line -> line.matches("the trainer's claim +1\\.235e17 +123456789012345678 +\\d"))
                .anyMatch(
                        line -> line.startsWith("Sum across methods (not comparable) ") && line.endsWith(" in 3 runs."))
                .contains("Exactly " + layers.add(new BigInteger("123456789012345678")) + " FLOP.")
                .contains("Not in it: " + unknown.get(0) + ", whose cost is not known.");
    }

    @Test
    void saysByWhichMethodAllRunsWereCounted() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);
        SampleLogs.gpt3(folder, 20, 2);

        assertThat(CommandLineRun.of("analyze", folder).out().lines())
                .anyMatch(line -> line.startsWith("Together ") && line.endsWith(" in 2 runs, by layers."))
                .noneMatch(line -> line.contains("unlike") || line.contains("Not in it"));
    }

    private void trainerState(String name, String reported) throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve(name)).resolve("trainer_state.json"),
                "{\"global_step\": 5, \"max_steps\": 5, \"total_flos\": " + reported
                        + ", \"log_history\": [{\"step\": 5, \"loss\": 1.5, \"epoch\": 0." + name.length() + "}]}");
    }

    @Test
    void printsTheSameBytesEachTime() throws IOException {
        SampleLogs.gpt3(folder, 20, 1);
        SampleLogs.gpt3(folder, 30, 2);

        assertThat(CommandLineRun.of("analyze", folder, "--output", "json").out())
                .isEqualTo(
                        CommandLineRun.of("analyze", folder, "--output", "json").out());
    }

    @Test
    void explainsItself() {
        CommandLineRun run = CommandLineRun.of("analyze", "--help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("--threshold", "--rule", "--output", "Examples");
        assertThat(CommandLineRun.of("--help").out()).contains("analyze", "Exit codes");
        assertThat(CommandLineRun.of("--version").out()).contains("flopledger");
    }

    private static JsonNode finding(CommandLineRun run) {
        JsonNode findings = run.json().path("runs").path(0).path("findings");
        assertThat(findings).hasSize(1);
        return findings.path(0);
    }

    private static List<String> keys(JsonNode object) {
        var keys = new ArrayList<String>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
