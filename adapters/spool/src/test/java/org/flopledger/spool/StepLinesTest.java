package org.flopledger.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.flopledger.ComputeLedger;
import org.flopledger.account.CellTotals;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepLinesTest {

    private static final String CONFIG = "{\"model_type\":\"gpt2\",\"vocab_size\":100,\"n_positions\":32,\"n_embd\":8,"
            + "\"n_layer\":2,\"n_head\":2,\"architectures\":[\"GPT2LMHeadModel\"]}";

    private final ComputeLedger ledger =
            ComputeLedger.inMemory().plausibility(null).start();
    private final StepLines lines = new StepLines(ledger);

    @AfterEach
    void close() {
        lines.close();
        ledger.close();
    }

    private LineTotals take(String... texts) {
        long number = 0;
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            lines.line(bytes, 0, bytes.length, "test", ++number);
        }
        lines.flush();
        return lines.totals();
    }

    private static String step(String more) {
        return "{\"v\":1,\"run\":\"r\",\"attempt\":0,\"step\":1,\"source\":\"s\",\"stage\":\"PRETRAINING\"" + more
                + "}";
    }

    @Test
    void everyFieldReachesItsColumn() {
        LineTotals totals = take(step(",\"tokens\":100,\"padding_tokens\":4,\"sequences\":2,\"squared_lengths\":5000,"
                + "\"reported_flop\":\"12345678901234567890123\",\"devices\":8,\"device_seconds\":1.5,\"utilisation\":0.25,"
                + "\"energy_joules\":7,\"total_parameters\":30,\"active_parameters\":20,\"trainable_parameters\":10,"
                + "\"moe\":true,\"peft_event\":\"TRAINED\",\"peft_method\":\"LORA\",\"started_at\":1000000,"
                + "\"ended_at\":2000000,\"unknown_to_us\":{\"a\":[1,2]}"));
        assertThat(totals.isWhole()).isTrue();
        CellTotals cell = ledger.totals("r").totals().cells().get(0);
        assertThat(cell.tokens()).isEqualTo(BigInteger.valueOf(100));
        assertThat(cell.paddingTokens()).isEqualTo(BigInteger.valueOf(4));
        assertThat(cell.sequences()).isEqualTo(BigInteger.TWO);
        assertThat(cell.squaredLengths()).isEqualTo(BigInteger.valueOf(5000));
        assertThat(cell.deviceSeconds()).isEqualByComparingTo("1.5");
        assertThat(cell.utilisedDeviceSeconds()).isEqualByComparingTo("0.375");
        assertThat(cell.energyJoules()).isEqualByComparingTo("7");
        assertThat(cell.devices()).hasValue(8);
        assertThat(cell.totalParameters())
                .hasValueSatisfying(range -> assertThat(range.least()).isEqualTo(30));
        assertThat(cell.activeParameters())
                .hasValueSatisfying(range -> assertThat(range.least()).isEqualTo(20));
        assertThat(cell.trainableParameters())
                .hasValueSatisfying(range -> assertThat(range.least()).isEqualTo(10));
        assertThat(cell.moeObservations()).isOne();
        assertThat(cell.firstSeen().orElseThrow().getEpochSecond()).isEqualTo(1);
        assertThat(cell.lastSeen().orElseThrow().getEpochSecond()).isEqualTo(2);
        assertThat(ledger.totals("r").total().bounds().best()).hasToString("12345678901234567890123");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "NOT_JSON|[1]",
                "NOT_JSON|{\"v\":1",
                "NOT_JSON|{\"v\":1,\"v\":1}",
                "NOT_JSON|{\"v\":1}{}",
                "UNKNOWN_VERSION|{\"v\":2}",
                "MISSING_FIELD|{}",
                "MISSING_FIELD|{\"v\":1,\"run\":\"r\"}",
                "WRONG_TYPE|{\"v\":1,\"run\":5}",
                "WRONG_TYPE|{\"v\":1,\"step\":1.0}",
                "WRONG_TYPE|{\"v\":1,\"step\":\"1\"}",
                "OUT_OF_RANGE|{\"v\":1,\"step\":9223372036854775808}",
                "OUT_OF_RANGE|{\"v\":1,\"attempt\":2147483648}",
                "OUT_OF_RANGE|{\"v\":1,\"run\":\"\"}",
                "UNKNOWN_WORD|{\"v\":1,\"run\":\"r\",\"attempt\":0,\"step\":1,\"source\":\"s\",\"stage\":\"LUNCH\"}",
                "UNKNOWN_WORD|{\"v\":1,\"type\":\"other\"}",
            })
    void aBadLineIsRefusedWholeAndNamed(LineFault fault, String text) {
        LineTotals totals = take(text, step(",\"tokens\":3"));
        assertThat(totals.refused()).isEqualTo(Map.of(fault, 1L));
        assertThat(totals.firstRefusal()).startsWith("test:1: " + fault);
        assertThat(SpoolFixture.tokens(ledger, "r")).isEqualTo(3);
    }

    @Test
    void deepNestingAndLongLinesAreRefusedAndLeaveTheNextLine() {
        String deep = "{\"v\":1,\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
        String longLine = "{\"v\":1,\"run\":\"" + "x".repeat(StepLines.LONGEST_LINE) + "\"}";
        LineTotals totals = take(deep, longLine, step(",\"tokens\":3"));
        assertThat(totals.refused()).isEqualTo(Map.of(LineFault.NOT_JSON, 1L, LineFault.TOO_LONG, 1L));
        assertThat(SpoolFixture.tokens(ledger, "r")).isEqualTo(3);
    }

    @Test
    void aRefusedLineLeavesNothingInTheNextRow() {
        take(
                "{\"v\":1,\"run\":\"x\",\"attempt\":3,\"step\":9,\"source\":\"s\",\"stage\":\"PRETRAINING\",\"tokens\":7,"
                        + "\"reported_flop\":\"-1\"}",
                step(""));
        assertThat(ledger.runs()).containsExactly("r");
        assertThat(ledger.totals("r").totals().known(CellTotals.Known.TOKENS)).isZero();
    }

    @Test
    void whatTheLedgerRefusesIsCountedByItsReason() {
        LineTotals totals = take(step(",\"tokens\":-5"));
        assertThat(totals.rejected()).isEqualTo(Map.of("TOKENS_NEGATIVE", 1L));
    }

    @Test
    void theGreatestLossThatAStartTellsIsItsLoss() {
        take(step(",\"tokens\":1,\"lost\":2"), step(",\"tokens\":1,\"lost\":5"), step(",\"tokens\":1,\"lost\":3"));
        assertThat(lines.totals().lost()).isEqualTo(5);
    }

    @Test
    void aDescribedModelPricesItsStepsWhicheverComesFirst() {
        String model = "{\"v\":1,\"type\":\"model\",\"run\":\"r\",\"stage\":\"PRETRAINING\",\"model\":\"m\",\"config\":"
                + CONFIG + ",\"recompute\":\"none\"}";
        String priced = step(",\"model\":\"m\",\"tokens\":64,\"sequences\":2,\"squared_lengths\":2048");
        take(priced, model);
        var stepFirst = ledger.totals("r").total();
        try (ComputeLedger other = ComputeLedger.inMemory().start();
                StepLines there = new StepLines(other)) {
            for (String text : new String[] {model, priced}) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                there.line(bytes, 0, bytes.length, "test", 1);
            }
            there.flush();
            assertThat(other.totals("r").total()).isEqualTo(stepFirst);
        }
        assertThat(stepFirst.isComplete()).isTrue();
        assertThat(stepFirst.method()).isEqualTo("ARCHITECTURE");
        // Two layers of 8 x 24, 8 x 8, 8 x 32 and 32 x 8, a head of 8 x 100, 6 FLOP a weight and token; and causal
        // pairs.
        long weights = 2 * (8 * 24 + 8 * 8 + 2 * 8 * 32) + 8 * 100;
        long pairs = 2 * (32 * 33 / 2);
        assertThat(stepFirst.bounds().best()).hasToString(Long.toString(6 * weights * 64 + 3 * 2 * 2 * 8 * 2 * pairs));
    }

    @Test
    void otherParametersThanTheDescriptionsGiveNoPriceByIt() {
        LineTotals totals = take("{\"v\":1,\"type\":\"model\",\"run\":\"r\",\"stage\":\"PRETRAINING\",\"model\":\"m\","
                + "\"config\":" + CONFIG + ",\"total_parameters\":12}");
        assertThat(totals.refused()).isEqualTo(Map.of(LineFault.MODEL_NOT_READ, 1L));
        take(step(",\"model\":\"m\",\"tokens\":64"));
        assertThat(ledger.totals("r").total().covered()).isZero();
    }

    @Test
    void frozenWeightsNobodyNamesGiveAnIntervalAroundWhatTheyMayNeed() {
        long total = 2 * (12L * 8 * 8 + 13 * 8) + 100 * 8 + 32 * 8 + 16;
        take(
                "{\"v\":1,\"type\":\"model\",\"run\":\"r\",\"stage\":\"PRETRAINING\",\"model\":\"m\",\"config\":"
                        + CONFIG + ",\"total_parameters\":" + total + ",\"trainable_parameters\":500}",
                step(",\"model\":\"m\",\"tokens\":64,\"sequences\":2,\"squared_lengths\":2048"));
        assertThat(lines.totals().refused()).isEmpty();
        var figure = ledger.totals("r").total();
        assertThat(figure.method()).isEqualTo("PARAMETER_TOKEN");
        assertThat(figure.bounds().low().compareTo(figure.bounds().best())).isNegative();
        assertThat(figure.bounds().best().compareTo(figure.bounds().high())).isNegative();
    }

    @Test
    void generatedTokensAreARowOfTheirOwnPricedByTheForwardPass() {
        take(
                "{\"v\":1,\"type\":\"model\",\"run\":\"r\",\"stage\":\"REINFORCEMENT_LEARNING\",\"model\":\"m\",\"config\":"
                        + CONFIG + "}",
                step(",\"model\":\"m\",\"tokens\":64,\"sequences\":2,\"squared_lengths\":2048,\"generated_tokens\":40")
                        .replace("PRETRAINING", "REINFORCEMENT_LEARNING"));
        var stages = ledger.totals("r").totalByStage();
        assertThat(stages).containsOnlyKeys(Stage.REINFORCEMENT_LEARNING, Stage.ROLLOUT_GENERATION);
        var rollout = stages.get(Stage.ROLLOUT_GENERATION);
        assertThat(rollout.isComplete()).isTrue();
        // 2 FLOP for each active parameter: 2 x (12 x 64 + 13 x 8) + 100 x 8 + 32 x 8 + 16.
        assertThat(rollout.bounds().best())
                .hasToString(Long.toString(2L * 40 * (2 * (12 * 64 + 13 * 8) + 800 + 256 + 16)));
        assertThat(ledger.runs()).containsExactly("r");
    }

    @Test
    void anotherDescriptionOfAModelIsRefusedAndTheFirstStays() {
        String model = "{\"v\":1,\"type\":\"model\",\"run\":\"r\",\"stage\":\"PRETRAINING\",\"model\":\"m\","
                + "\"total_parameters\":100,\"active_parameters\":100}";
        LineTotals totals = take(model, model, model.replace("100", "200"), step(",\"model\":\"m\",\"tokens\":10"));
        assertThat(totals.refused()).isEqualTo(Map.of(LineFault.DESCRIBED_DIFFERENTLY, 1L));
        assertThat(ledger.totals("r").total().bounds().best()).hasToString("6000");
    }
}
