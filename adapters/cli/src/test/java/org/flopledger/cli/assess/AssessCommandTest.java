package org.flopledger.cli.assess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.flopledger.cli.CommandLineRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssessCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        return CommandLineRun.into(out, err, line.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "--rule eu-gpai-sr --flop 10000000000000000000000001 --exact, 3, ABOVE",
        "--rule eu-gpai-sr --flop 10000000000000000000000000 --exact, 0, BELOW",
        "--rule eu-gpai-sr --flop 8e24, 4, IN_MARGIN",
        "--rule kr-aibasic-art32 --flop 1e26 --exact, 4, UNDETERMINED",
        "--rule eu-gpai-modifier --flop 3000000000000000000000001 --base-flop 9e24 --exact, 4, UNDETERMINED",
        "--rule eu-gpai-modifier --flop 3000000000000000000000001 --base-flop 9e24 --exact --other-actor yes, 3, ABOVE",
        "--rule eu-gpai-modifier --flop 3e24 --base-flop 9e24 --exact, 0, BELOW",
        "--rule eu-gpai-modifier --flop 3e24 --exact, 4, UNDETERMINED",
        "--rule eu-gpai-modifier-unknown --flop 3.4e24 --base-systemic-risk yes --exact, 4, UNDETERMINED",
        "--rule eu-gpai-modifier-unknown --flop 3.4e24 --base-systemic-risk yes --exact --other-actor yes, 3, ABOVE",
        "--rule eu-gpai-modifier-unknown --flop 3.3e24 --base-systemic-risk yes --exact, 0, BELOW",
        "--rule eu-gpai-modifier-unknown --flop 3.4e22 --base-systemic-risk no --exact, 4, UNDETERMINED",
        "--rule eu-gpai-modifier-unknown --flop 3.4e22 --base-systemic-risk no --exact --other-actor yes, 3, ABOVE",
        "--rule eu-gpai-modifier-unknown --flop 3.3e22 --base-systemic-risk no --exact, 0, BELOW",
        "--rule eu-gpai --flop 1e24 --modality speech-to-text --exact, 3, ABOVE",
        "--rule eu-gpai --flop 1e24 --modality chess --exact, 0, NOT_APPLICABLE",
        "--rule us-eo14110-bio --flop 2e23 --data biological, 3, ABOVE",
        "--rule us-eo14110-model --flop 2e23 --data biological, 0, BELOW",
        "--rule us-ny-raise-2025 --flop 2e26 --cost 90000000, 0, BELOW",
        "--rule us-ny-raise-2026 --flop 2e26 --cost 90000000, 3, ABOVE",
        "--rule us-ny-raise-2026 --flop 2e26 --as-of 2026-12-31, 0, NOT_APPLICABLE",
        "--rule us-ny-raise-2026 --flop 2e26 --as-of 2027-01-01, 3, ABOVE",
        "--rule us-ny-raise-2025 --flop 1e24 --cost 6e6 --fact distilled-from-covered=yes, 3, ABOVE",
        "--rule us-ca-sb1047 --flop 3.0e25 --cost 10000001 --base-flop 2e26 --fact base-covered=yes, 3, ABOVE",
        "--rule us-ca-sb53-large --flop 2e26 --revenue 500000000, 0, NOT_APPLICABLE",
        "--rule us-ca-sb53-large --flop 2e26 --revenue 500000001, 3, ABOVE",
        "--rule us-3a090-2023 --fact chip-tpp=15832, 3, ABOVE",
        "--rule us-3a090-2022 --fact chip-tpp=4992 --fact chip-io-gb-per-second=400, 0, BELOW",
        "--rule us-3a090-2023 --device h100-sxm, 3, ABOVE",
        "--rule us-3a090-2022 --device h100-sxm, 3, ABOVE",
        "--rule us-3a090-2022 --device a800-sxm, 0, BELOW",
        "--rule us-3a090-2023 --device a800-sxm, 3, ABOVE",
        "--rule us-h200-2026 --device h200-sxm --fact destination=china, 3, ABOVE",
        "--rule us-h200-2026 --device b200-sxm --fact destination=china, 0, BELOW",
        "--rule seed-current-bis-tdp --device a100-sxm-80gb, 0, BELOW",
        "--rule seed-current-bis-tdp --device h100-sxm, 3, ABOVE",
        "--rule seed-mixture-of-experts --flop 1e20 --moe, 3, ABOVE",
        "--rule seed-peft-on-reviewed-base --flop 1e18 --peft --base-flop 2e24 --exact, 3, ABOVE",
        "--rule seed-proposal-2026 --flop 1000000000000000000000001, 3, ABOVE",
        "--rule seed-proposal-2026 --flop 1e24, 0, BELOW",
        "--rule std-epoch --flop 1e25, 0, NOT_APPLICABLE",
        "--rule eu-gpai-sr --flop 2e25 --stage evaluation --exact, 0, BELOW",
        "--rule eu-gpai-sr --flop 2e25 --stage evaluation --exact --optional count, 3, ABOVE",
    })
    void theVerdictAndTheExitCodeAgree(String arguments, int status, String verdict) {
        assertThat(run("assess --output json " + arguments)).isEqualTo(status);
        assertThat(out.toString()).contains("\"verdict\":\"" + verdict + "\"");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theJsonBeginsWithTheKeysThatWerePromised() {
        run("assess --output json --rule kr-aibasic-art32 --flop 100000000000000000000000000 --exact");

        assertThat(out.toString())
                .startsWith("{\"schema\":\"flopledger.assessment/1\",\"findings\":[{\"rule\":\"kr-aibasic-art32\","
                        + "\"verdict\":\"UNDETERMINED\",\"comparison\":\">=\",\"threshold\":\"100000000000000000000000000\","
                        + "\"counted\":\"100000000000000000000000000\",\"otherFactsNeeded\":["
                        + "\"whether state-of-the-art technology is applied\","
                        + "\"whether its risk has a broad and serious effect on fundamental rights\"],\"citation\":\"");
    }

    @Test
    void theTableSaysWhyAnEstimateIsInTheMargin() {
        assertThat(run("assess --rule eu-gpai-sr --flop 8e24")).isEqualTo(4);
        assertThat(out.toString()).contains("IN_MARGIN").contains("30 %").contains("not classified automatically");
    }

    @Test
    void theProfileShowsBothSumsOfTheUnion() {
        assertThat(
                        run(
                                "assess --profile eu-gpai --flop 2e24 --base-flop 9e24 --other-actor yes --modality text --exact"))
                .isZero();
        assertThat(out.toString()).contains("eu-gpai  NOT_APPLICABLE").contains("eu-gpai-modifier  BELOW");
    }

    @Test
    void withoutARuleTheRulesInForceAreAsked() {
        assertThat(run("assess --flop 1e20 --modality text")).isZero();
        assertThat(out.toString()).contains("eu-gpai-sr  BELOW").contains("us-ca-sb53  BELOW");
    }

    @Test
    void aProfileOfTheUsersOwnIsAsked(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("mine.json"),
                "{\"format\":\"flopledger.profile/1\",\"id\":\"mine\",\"title\":\"Mine\",\"rules\":[\"us-ca-sb53\"]}");

        assertThat(run("assess --flop 2e26 --profile-file " + file)).isEqualTo(3);
        assertThat(out.toString()).contains("us-ca-sb53  ABOVE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        assess                                             | State a figure
        assess --rule nothing --flop 1                     | 'nothing'
        assess --rule eu-gpai-sr --flop -1                 | must be a whole number
        assess --rule eu-gpai-sr --flop 1.5                | must be a whole number
        assess --rule eu-gpai-sr --flop 1e99999999         | must be a whole number
        assess --rule eu-gpai-sr --flop 1 --stage cooking  | must be one of
        assess --rule eu-gpai-sr --flop 1 --other-actor so | must be yes or no
        assess --rule eu-gpai-sr --flop 1 --revenue -1     | must be a number >= 0
        assess --rule eu-gpai-sr --flop 1 --as-of today    | must be a date
        assess --rule eu-gpai-sr --flop 1 --fact price=1   | must be one of
        assess --rule eu-gpai-sr --flop 1 --fact price     | NAME=VALUE
        assess --rule eu-gpai-sr --flop 170141183460469231731687303715884105727 --base-flop 1 | add up to too much
        assess --rule eu-gpai --flop 1 --modality texts    | did you mean text
        assess --rule eu-gpia-sr --flop 1                  | did you mean eu-gpai-sr
        assess --rule us-3a090-2023 --device toaster       | 'toaster'
        assess --rule us-3a090-2023 --device RTX-4090-Laptop | the power its maker allows
        assess --rule us-3a090-2023 --device RTX-4090-Ti   | but also 'ti'
        rules show nothing                                 | 'nothing'
        """)
    void argumentsThatMakeNoSenseAreRefusedWithoutATrace(String line, String complaint) {
        assertThat(run(line.strip())).isEqualTo(2);
        assertThat(err.toString()).contains(complaint).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aProfileFileThatIsNotThereIsAFailure() {
        assertThat(run("assess --flop 1 --profile-file /does/not/exist.json")).isEqualTo(1);
        assertThat(err.toString()).contains("exist.json").doesNotContain("\tat ");
    }

    @Test
    void theCatalogueIsListed() {
        assertThat(run("rules")).isZero();
        assertThat(out.toString()).contains("eu-gpai-sr").contains("seed-proposal-2026");
    }

    @Test
    void aRuleIsShownWithWhatALawyerAsksFor() {
        assertThat(run("rules show eu-gpai-sr")).isZero();
        assertThat(out.toString())
                .contains("Art. 51(2)")
                .contains("above 10^25 (10000000000000000000000000) FLOP")
                .contains("two weeks")
                .contains("What counts")
                .contains("primary text")
                .contains("not legal advice");
    }

    @Test
    void rulesAreJsonForPrograms() {
        assertThat(run("rules show us-ny-raise-2026 --output json")).isZero();
        assertThat(out.toString())
                .startsWith("{\"schema\":\"flopledger.rules/1\",\"rules\":[{\"id\":\"us-ny-raise-2026\"")
                .contains("\"validFrom\":\"2027-01-01\"")
                .endsWith("}\n");
    }
}
