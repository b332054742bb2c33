package org.flopledger.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.flopledger.lineage.Lineage;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTest {

    private static final Statement.Provenance PROVENANCE = new Statement.Provenance(
            "0.1.0",
            "exact-causal/1",
            "devices/2026-11",
            CountingMethod.ARCHITECTURE,
            "causal pairs, head and router counted");
    private static final Instant START = Instant.parse("2026-01-31T00:00:00Z");

    private static FlopBounds flop(String amount) {
        return FlopBounds.exactly(FlopCount.parse(amount));
    }

    private static Facts.Builder fineTune() {
        Lineage lineage = Lineage.builder()
                .model(new Lineage.Model("base", "lab", flop("9e24")))
                .model(new Lineage.Model("own", "shop", null))
                .link("own", Lineage.Relation.FINE_TUNED_FROM, "base")
                .build();
        return Facts.builder()
                .line(Facts.Line.of(Stage.SUPERVISED_FINE_TUNING, flop("3100000000000000000000001")))
                .line(new Facts.Line(
                        Stage.SUPERVISED_FINE_TUNING, Facts.Part.DISCARDED, false, flop("100000000000000000000000"), 1))
                .line(new Facts.Line(
                        Stage.SUPERVISED_FINE_TUNING,
                        Facts.Part.RECOMPUTED,
                        false,
                        flop("900000000000000000000000"),
                        1))
                .tag(FactName.MODALITY, "text")
                .ancestors(lineage.ancestorsOf("own"));
    }

    private static Statement statement() {
        Facts facts = fineTune().build();
        return Statement.about(new Statement.Subject("own", 405_000_000_000L, null), facts, PROVENANCE)
                .profile(ReviewProfiles.named("eu-gpai"))
                .findings(ReviewProfiles.named("eu-gpai").findings(Facts.none(), facts))
                .conduct(new Statement.Conduct(
                        2, 1_000L, START, Instant.parse("2026-03-02T12:00:00Z"), 8_640_000.0, 7.771_68e13))
                .flopPerGeneratedToken(FlopCount.parse("810000000000"))
                .build();
    }

    private static JsonNode json(Statement statement) throws IOException {
        return new ObjectMapper().readTree(statement.toJson());
    }

    @Test
    void figuresAreGivenExactlyAndToTwoDigits() throws IOException {
        JsonNode total = json(statement()).at("/compute/total");

        assertThat(total.get("flop").textValue()).isEqualTo("3200000000000000000000001");
        assertThat(total.get("twoSignificantDigits").textValue()).isEqualTo("3.2e24");
        assertThat(total.get("exaFlopDays").textValue()).isEqualTo("37.0370");
    }

    @Test
    void totalIsRetainedAndDiscardedAndRecomputationStandsApart() throws IOException {
        JsonNode compute = json(statement()).get("compute");

        assertThat(compute.at("/retained/flop").textValue()).isEqualTo("3100000000000000000000001");
        assertThat(compute.at("/discarded/flop").textValue()).isEqualTo("100000000000000000000000");
        assertThat(compute.at("/recomputed/flop").textValue()).isEqualTo("900000000000000000000000");
    }

    @Test
    void theCumulativeFigureHoldsTheAncestorOnce() throws IOException {
        assertThat(json(statement()).at("/lineage/cumulative/flop").textValue())
                .isEqualTo("12200000000000000000000001");
    }

    @Test
    void whatWasCountedIsListedWithTheSentenceReliedOn() throws IOException {
        JsonNode wide = json(statement()).at("/rules/1");

        assertThat(wide.get("rule").textValue()).isEqualTo("eu-gpai-sr");
        assertThat(wide.get("verdict").textValue()).isEqualTo("ABOVE");
        assertThat(wide.at("/items/2/counted").booleanValue()).isFalse();
        assertThat(wide.at("/items/2/treatment").textValue()).isEqualTo("MAY");
        assertThat(wide.at("/items/2/sentence").textValue()).contains("Annex A.1");
    }

    @Test
    void theDocumentationFormHoldsWhatEachAuthorityAsksFor() throws IOException {
        JsonNode form = json(statement()).get("euDocumentationForm");

        assertThat(form.get("baseModels").textValue()).isEqualTo("base");
        assertThat(form.get("totalParameters").textValue()).isEqualTo("4.1e11");
        assertThat(form.get("totalParametersBand").textValue()).isEqualTo("100-500B");
        assertThat(form.get("trainingComputeToNationalAuthorities").textValue()).isEqualTo("10^25 FLOP");
        assertThat(form.get("trainingComputeToAiOffice").textValue()).isEqualTo("1.2e25 FLOP");
        assertThat(form.get("trainingTimeToNationalAuthorities").textValue()).isEqualTo("1 to 3 months");
        assertThat(form.get("trainingWallClockDaysToAiOffice").textValue()).isEqualTo("30.50");
        assertThat(form.get("trainingHardwareDaysToAiOffice").textValue()).isEqualTo("100.00");
        // 21 588 MWh to two figures.
        assertThat(form.get("trainingEnergyMegawattHours").textValue()).isEqualTo("22000");
        assertThat(form.get("inferenceComputeFlop").textValue()).isEqualTo("8.1e16");
    }

    @ParameterizedTest
    @CsvSource({
        // 30.84 M hours and 1.46 M hours at 700 W.
        "7.77168e13, 22000",
        "3.6792e12, 1000",
        "0, 0",
    })
    void energyIsGivenToTwoFigures(double joules, String expected) {
        assertThat(DocumentationForm.megawattHours(joules)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-27T23:59:59Z, less than 1 month",
        "2026-02-28T00:00:00Z, 1 to 3 months",
        "2026-04-29T23:59:59Z, 1 to 3 months",
        "2026-04-30T00:00:00Z, 3 to 6 months",
        "2026-07-31T00:00:00Z, more than 6 months",
    })
    void trainingTimeIsGivenAsABandOfCalendarMonths(Instant end, String band) throws IOException {
        Statement statement = Statement.about(
                        new Statement.Subject("m", null, null), fineTune().build(), PROVENANCE)
                .conduct(new Statement.Conduct(null, null, START, end, null, null))
                .build();

        assertThat(json(statement)
                        .at("/euDocumentationForm/trainingTimeToNationalAuthorities")
                        .textValue())
                .isEqualTo(band);
    }

    @Test
    void theSameFactsGiveTheSameBytes() {
        assertThat(statement().toJson()).isEqualTo(statement().toJson());
        assertThat(statement().toMarkdown()).isEqualTo(statement().toMarkdown());
    }

    @Test
    void whatIsUnknownIsNullAndNotZero() throws IOException {
        JsonNode empty = json(Statement.about(new Statement.Subject("m", null, null), Facts.none(), PROVENANCE)
                .profile(ReviewProfiles.named("eu-gpai"))
                .build());

        assertThat(empty.at("/compute/total").isNull()).isTrue();
        assertThat(empty.at("/rules/1/verdict").textValue()).isEqualTo("UNDETERMINED");
        assertThat(empty.at("/euDocumentationForm/trainingComputeToAiOffice").textValue())
                .isEqualTo("N/A");
    }

    @Test
    void anAncestorOfUnknownComputeIsNamedBesideTheFigure() {
        Facts facts = Facts.builder()
                .line(Facts.Line.of(Stage.SUPERVISED_FINE_TUNING, flop("5")))
                .ancestor(new org.flopledger.lineage.Ancestor(
                        "secret",
                        org.flopledger.lineage.Ancestor.Role.WEIGHTS,
                        org.flopledger.lineage.Ancestor.Developer.OTHER,
                        null))
                .build();
        String markdown = Statement.about(new Statement.Subject("m", null, null), facts, PROVENANCE)
                .build()
                .toMarkdown();

        assertThat(markdown).contains("at least: the compute of secret is unknown");
    }

    @Test
    void theMarkdownReadsFromTheFigureToTheSource() {
        String markdown = statement().toMarkdown();

        assertThat(markdown)
                .startsWith("# Training compute of own\n")
                .contains("**3.2e24 FLOP**, exactly 3200000000000000000000001")
                .contains("## eu-gpai-sr: ABOVE")
                .contains("## eu-gpai-modifier: ABOVE")
                .contains("Attempts: 2; steps: 1000.")
                .contains("Not legal advice");
    }

    @Test
    void aHostileNameCannotBreakTheMarkdown() {
        String markdown = Statement.about(
                        new Statement.Subject("a|b\n# c <script>", null, null),
                        fineTune().build(),
                        PROVENANCE)
                .build()
                .toMarkdown();

        assertThat(markdown).startsWith("# Training compute of a\\|b # c \\<script\\>\n");
    }

    @Test
    void anEndBeforeTheStartIsRefused() {
        assertThatThrownBy(() -> new Statement.Conduct(1, 1L, START, START.minusSeconds(1), null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be before");
    }

    @Test
    void theFormSaysOfAPartThatItIsALeastFigureAndNothingOfNoFigure() {
        Facts.Line half = new Facts.Line(Stage.PRETRAINING, Facts.Part.RETAINED, false, flop("3000"), 0.5);
        Facts.Line none = new Facts.Line(Stage.PRETRAINING, Facts.Part.RETAINED, false, FlopBounds.ZERO, 0);
        assertThat(formOf(half).get("trainingComputeToAiOffice"))
                .isEqualTo("3.0e3 FLOP at least (unknown: some steps)");
        assertThat(formOf(half).get("trainingComputeToNationalAuthorities"))
                .isEqualTo("10^3 FLOP at least (unknown: some steps)");
        assertThat(formOf(none).get("trainingComputeToAiOffice")).startsWith("N/A");
        assertThat(formOf(none).get("trainingComputeToNationalAuthorities")).startsWith("N/A");
    }

    private static Map<String, String> formOf(Facts.Line line) {
        return Statement.about(
                        new Statement.Subject("m", null, null),
                        Facts.builder().line(line).build(),
                        PROVENANCE)
                .build()
                .documentationForm();
    }
}
