package org.flopledger.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flopledger.estimation.PublishedModels.Run;
import org.flopledger.model.Oracles;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.FlopCount;
import org.flopledger.units.FlopRate;
import org.flopledger.units.NumericFormat;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Keeps {@code docs/published-totals.md} honest: our figures are computed again, claims compared, reasons required. */
class PublishedTotalsTest {

    private static final double NOTEWORTHY = 0.05;

    private static StepEstimate estimate(Run run, Convention convention) {
        return FlopEstimator.of(run.architecture(), TrainingSetting.FULL).estimate(run.batch(), convention);
    }

    private static String figure(FlopCount flop) {
        return flop.toScientific(4);
    }

    private static String text() {
        try {
            return Files.readString(Path.of("docs", "published-totals.md"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the rows of the table that has so many cells, without its heading. */
    private static List<List<String>> rows(int cells) {
        return text().lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Model"))
                .map(line -> Stream.of(line.split("\\|", -1))
                        .skip(1)
                        .map(String::strip)
                        .toList())
                .filter(row -> row.size() == cells)
                .toList();
    }

    /** Returns the cells of each row of the first table, by model. */
    private static Map<String, List<String>> table() {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        rows(9).forEach(cells -> rows.put(cells.get(0), cells));
        return rows;
    }

    @Test
    void theTableListsEveryModelThatIsDescribed() {
        assertThat(table().keySet())
                .containsExactlyElementsOf(PublishedModels.runs().keySet());
    }

    @TestFactory
    Stream<DynamicTest> ourFiguresInTheTableAreComputed() {
        return PublishedModels.runs().entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    Run run = entry.getValue();
                    List<String> cells = table().get(entry.getKey());
                    assertThat(cells.subList(1, 6))
                            .containsExactly(
                                    Long.toString(run.tokens() / 1_000_000_000),
                                    Long.toString(run.length()),
                                    figure(estimate(run, Convention.EXACT).model()),
                                    figure(estimate(run, Convention.FULL_SQUARE).model()),
                                    figure(estimate(run, Convention.SIX_ND).model()));
                }));
    }

    @TestFactory
    Stream<DynamicTest> claimsAreThePublishedOnesAndDifferencesHaveAReason() {
        return Oracles.elements(Oracles.read("published.json").get("models")).stream()
                .filter(row ->
                        PublishedModels.runs().containsKey(row.get("model").asText()))
                .map(row -> dynamicTest(row.get("model").asText(), () -> compareClaim(row)));
    }

    private static void compareClaim(JsonNode row) {
        String name = row.get("model").asText();
        List<String> cells = table().get(name);
        FlopCount exact =
                estimate(PublishedModels.runs().get(name), Convention.EXACT).model();
        if (row.get("claimed_training_flop").isNull()) {
            assertThat(cells.get(6)).isEqualTo("none");
            return;
        }
        double claim = row.get("claimed_training_flop").asDouble();
        double ratio = claim / exact.toDouble();
        assertThat(Double.parseDouble(cells.get(6))).isEqualTo(claim);
        String[] parts = cells.get(7).split(" ", 2);
        assertThat(parts[0])
                .isEqualTo(
                        new BigDecimal(ratio).setScale(3, RoundingMode.HALF_UP).toString());
        if (Math.abs(ratio - 1) > NOTEWORTHY) {
            assertThat(parts).as("a reason why " + name + " differs").hasSize(2);
        }
    }

    @TestFactory
    Stream<DynamicTest> closedFormsOfPublishedRunsAreEqual() {
        return Oracles.elements(Oracles.read("published.json").get("models")).stream()
                .filter(row -> row.has("check_closed_form"))
                .map(row -> dynamicTest(row.get("model").asText(), () -> {
                    Run run = PublishedModels.runs().get(row.get("model").asText());
                    JsonNode check = row.get("check_closed_form");
                    // The checks count fractions of a sequence where tokens do not divide: equal to nine digits.
                    assertThat(digits(estimate(run, Convention.EXACT).model().toDouble()))
                            .isEqualTo(digits(check.get("exact_causal").asDouble()));
                    assertThat(digits(estimate(run, Convention.FULL_SQUARE)
                                    .model()
                                    .toDouble()))
                            .isEqualTo(digits(check.get("full_square").asDouble()));
                }));
    }

    private static BigDecimal digits(double value) {
        return new BigDecimal(value).round(new MathContext(9));
    }

    // Chowdhery et al., arXiv 2204.02311, appendix B: 238.3K tokens/s on 6144 TPU v4.
    @Test
    void palmUtilisationIsThatOfThePaper() {
        Run palm = PublishedModels.runs().get("PaLM 540B");
        FlopRate peak = AcceleratorTable.standard()
                .find("TPU v4")
                .orElseThrow()
                .densePeak(NumericFormat.BF16)
                .orElseThrow();
        double deviceSeconds = 6144 * (palm.tokens() / 238_300.0);

        double without =
                Estimate.Utilisation.of(estimate(palm, Convention.SIX_ND).model(), deviceSeconds, peak);
        double with =
                Estimate.Utilisation.of(estimate(palm, Convention.PALM_MFU).model(), deviceSeconds, peak);

        assertThat(without).isCloseTo(0.457, within(0.0005));
        assertThat(with).isCloseTo(0.462, within(0.0005));
        assertThat(ParameterCount.of(palm.architecture()).total()).isBetween(540_350_000_000L, 540_360_000_000L);
    }

    // Nemotron-4 340B: 2304 sequences of 4096 in 8.0 s on 6144 H100, printed as 41 %.
    @Test
    void nemotronUtilisationIsThatOfTheReport() {
        FlopCount step = FlopEstimator.of(
                        PublishedModels.runs().get("Nemotron-4 340B").architecture(), TrainingSetting.FULL)
                .estimate(Batch.of(2304, 4096), Convention.FULL_SQUARE)
                .model();

        assertThat(Estimate.Utilisation.of(step, 6144 * 8.0, FlopRate.ofTera(989)))
                .isCloseTo(0.41, within(0.005));
    }

    /** Device-hours, peak and utilisation in the second table give its figure; the claim is the published one. */
    @TestFactory
    Stream<DynamicTest> hardwareFiguresInTheTableAreComputed() {
        return rows(8).stream()
                .map(cells -> dynamicTest(cells.get(0), () -> {
                    Estimate estimate = Estimate.ofHardware(
                            Double.parseDouble(cells.get(1)) * 3600,
                            FlopRate.ofTera(Double.parseDouble(cells.get(2))),
                            new Estimate.Utilisation(
                                    Estimate.Utilisation.Kind.valueOf(
                                            cells.get(3).split(" ", 2)[0]),
                                    percent(cells.get(3))));
                    assertThat(cells.get(4)).isEqualTo(figure(estimate.value()));
                }));
    }

    private static double percent(String cell) {
        return Double.parseDouble(cell.split(" ", 2)[1]);
    }

    @Test
    void everyPublishedTotalIsInATable() {
        assertThat(Oracles.elements(Oracles.read("published.json").get("models")))
                .extracting(row -> row.get("model").asText())
                .allSatisfy(name -> assertThat(text()).contains("| " + name));
    }
}
