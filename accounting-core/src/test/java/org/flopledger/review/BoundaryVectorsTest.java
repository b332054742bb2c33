package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Boundary and lineage vectors constructed from the texts of the rules, integers one apart. */
class BoundaryVectorsTest {

    private static FlopBounds flop(String amount) {
        return FlopBounds.exactly(FlopCount.parse(amount));
    }

    private static Facts.Builder exactly(Stage stage, String amount) {
        return Facts.builder().exactness(Facts.Exactness.EXACT).line(Facts.Line.of(stage, flop(amount)));
    }

    private static Facts.Builder exactly(String amount) {
        return exactly(Stage.PRETRAINING, amount);
    }

    private static Facts.Builder estimate(String amount) {
        return exactly(amount).exactness(Facts.Exactness.ESTIMATE);
    }

    private static Ancestor base(String amount) {
        return new Ancestor("base", Ancestor.Role.WEIGHTS, Ancestor.Developer.OTHER, flop(amount));
    }

    private static Assessment assess(String rule, Facts.Builder facts) {
        return ReviewProfiles.ofRule(rule).assess(facts.build()).get(0);
    }

    private static Verdict verdict(String rule, Facts.Builder facts) {
        return assess(rule, facts).verdict();
    }

    @ParameterizedTest
    @CsvSource({
        "eu-gpai-sr, 9999999999999999999999999, BELOW",
        "eu-gpai-sr, 10000000000000000000000000, BELOW",
        "eu-gpai-sr, 10000000000000000000000001, ABOVE",
        "us-ca-sb53, 100000000000000000000000000, BELOW",
        "us-ca-sb53, 100000000000000000000000001, ABOVE",
        "us-ny-raise-2026, 100000000000000000000000000, BELOW",
        "us-ny-raise-2026, 100000000000000000000000001, ABOVE",
        "us-il-sb315, 100000000000000000000000000, BELOW",
        "us-il-sb315, 100000000000000000000000001, ABOVE",
        "us-eo14110-model, 100000000000000000000000000, BELOW",
        "us-eo14110-model, 100000000000000000000000001, ABOVE",
        "us-bis-nprm-2024-run, 100000000000000000000000000, BELOW",
        "us-bis-nprm-2024-run, 100000000000000000000000001, ABOVE",
        "kr-aibasic-art32, 99999999999999999999999999, BELOW",
        "kr-aibasic-art32, 100000000000000000000000000, UNDETERMINED",
        "us-4e091, 99999999999999999999999999, BELOW",
        "us-4e091, 100000000000000000000000000, UNDETERMINED",
        "us-4e091-preamble, 100000000000000000000000000, BELOW",
        "us-4e091-preamble, 100000000000000000000000001, UNDETERMINED",
        "seed-review-1e24, 1000000000000000000000000, BELOW",
        "seed-review-1e24, 1000000000000000000000001, ABOVE",
        "seed-restricted-1e25, 10000000000000000000000000, BELOW",
        "seed-restricted-1e25, 10000000000000000000000001, ABOVE",
    })
    void aLineIsPassedExactlyWhereItsComparisonSays(String rule, String flop, Verdict expected) {
        assertThat(verdict(rule, exactly(flop))).isEqualTo(expected);
    }

    @Test
    void koreaAtTheLineListsTheTwoOtherFacts() {
        Assessment korea = assess("kr-aibasic-art32", exactly("1e26"));

        assertThat(korea.verdict()).isEqualTo(Verdict.UNDETERMINED);
        assertThat(korea.comparison()).isEqualTo(">=");
        assertThat(korea.otherFactsNeeded())
                .containsExactly(FactName.STATE_OF_THE_ART.description(), FactName.BROAD_SERIOUS_RISK.description());
    }

    @Test
    void speechToTextMeetsTheCriterionWithANoteThatItMayBeOverridden() {
        Assessment speech = assess("eu-gpai", exactly("1e24").tag(FactName.MODALITY, "speech-to-text"));

        assertThat(speech.verdict()).isEqualTo(Verdict.ABOVE);
        assertThat(String.join(" ", speech.explanation())).contains("indicative, an override is possible");
    }

    @ParameterizedTest
    @CsvSource({"chess", "weather"})
    void aModelForANarrowTaskIsOutsideTheCriterion(String modality) {
        assertThat(verdict("eu-gpai", exactly("1e24").tag(FactName.MODALITY, modality)))
                .isEqualTo(Verdict.NOT_APPLICABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "9e24, 3000000000000000000000000, BELOW",
        "9e24, 3000000000000000000000001, ABOVE",
        // A third of 10 rounds to 3; 3 x 3 is not above 10, 3 x 4 is.
        "10, 3, BELOW",
        "10, 4, ABOVE",
    })
    void aModificationIsComparedWithOneThirdByWholeNumbers(String original, String modification, Verdict expected) {
        Facts.Builder facts =
                exactly(Stage.SUPERVISED_FINE_TUNING, modification).ancestor(base(original));

        assertThat(verdict("eu-gpai-modifier", facts)).isEqualTo(expected);
    }

    @Test
    void theRatioShowsTheWholeNumberItAmountsTo() {
        Assessment ratio = assess(
                "eu-gpai-modifier",
                exactly(Stage.SUPERVISED_FINE_TUNING, "3e24").ancestor(base("9e24")));

        assertThat(ratio.threshold()).isEqualTo(FlopCount.parse("3e24"));
        assertThat(ratio.comparison()).isEqualTo(">");
    }

    @Test
    void aSmallModificationDoesNotMakeAProviderAlthoughTheSumIsAboveTheLine() {
        Assessment systemicRisk = assess(
                "eu-gpai-sr", exactly(Stage.SUPERVISED_FINE_TUNING, "2e24").ancestor(base("9e24")));

        assertThat(systemicRisk.verdict()).isEqualTo(Verdict.NOT_APPLICABLE);
        assertThat(systemicRisk.counted()).isEqualTo(flop("11e24"));
    }

    @Test
    void aLargeModificationMakesAProviderOfTheCumulativeSum() {
        Facts.Builder facts = exactly(Stage.SUPERVISED_FINE_TUNING, "3100000000000000000000000")
                .ancestor(base("9e24"));
        Assessment systemicRisk = assess("eu-gpai-sr", facts);

        assertThat(verdict("eu-gpai-modifier", facts)).isEqualTo(Verdict.ABOVE);
        assertThat(systemicRisk.verdict()).isEqualTo(Verdict.ABOVE);
        assertThat(systemicRisk.counted()).isEqualTo(flop("12100000000000000000000000"));
    }

    @ParameterizedTest
    @CsvSource({
        "true, 3400000000000000000000000, ABOVE",
        "true, 3333333333333333333333334, ABOVE",
        "true, 3333333333333333333333333, BELOW",
        "true, 3300000000000000000000000, BELOW",
        "false, 34000000000000000000000, ABOVE",
        "false, 33333333333333333333334, ABOVE",
        "false, 33333333333333333333333, BELOW",
        "false, 33000000000000000000000, BELOW",
    })
    void anOriginalOfUnknownComputeFallsBackToAThirdOfItsClass(boolean systemic, String flop, Verdict expected) {
        Facts.Builder facts = exactly(Stage.SUPERVISED_FINE_TUNING, flop)
                .original(new Facts.Original(null))
                .answer(FactName.OTHER_ACTOR, true)
                .answer(FactName.ORIGINAL_SYSTEMIC_RISK, systemic);

        assertThat(verdict("eu-gpai-modifier-unknown", facts)).isEqualTo(expected);
        assertThat(verdict("eu-gpai-modifier", facts)).isEqualTo(Verdict.UNDETERMINED);
    }

    @Test
    void aModifierOfASystemicRiskModelInheritsTheStatus() {
        Facts.Builder facts = exactly(Stage.SUPERVISED_FINE_TUNING, "10000000000000000000000001")
                .ancestor(base("3e25"));

        assertThat(verdict("eu-gpai-modifier-sr", facts)).isEqualTo(Verdict.ABOVE);
    }

    @Test
    void aLoraOnALargeBaseIsNeverNearAThird() {
        // 1e9 tokens on 405e9 parameters, at most 6 FLOP for each: 2.43e21, about 0.006 % of the base.
        Facts.Builder facts = exactly(Stage.SUPERVISED_FINE_TUNING, "2430000000000000000000")
                .exactness(Facts.Exactness.ESTIMATE)
                .ancestor(base("38e24"));

        assertThat(verdict("eu-gpai-modifier", facts)).isEqualTo(Verdict.BELOW);
    }

    @Test
    void theBasisOfTheRatioFollowsTheOriginalsClass() {
        // Rollouts count on the wide basis only.
        Facts.Builder ofSystemic =
                exactly(Stage.ROLLOUT_GENERATION, "4e24").ancestor(base("10000000000000000000000001"));
        Facts.Builder ofOrdinary =
                exactly(Stage.ROLLOUT_GENERATION, "4e24").ancestor(base("10000000000000000000000000"));

        assertThat(verdict("eu-gpai-modifier", ofSystemic)).isEqualTo(Verdict.ABOVE);
        assertThat(verdict("eu-gpai-modifier", ofOrdinary)).isEqualTo(Verdict.BELOW);
    }

    @Test
    void samplesThatWereThrownAwayCountOnTheWideBasisAndNotOnTheNarrow() {
        FlopCount forward = FlopCount.parse("14000000000");
        Facts.Builder facts = Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .line(Facts.Line.of(Stage.SYNTHETIC_DATA_GENERATION, FlopBounds.exactly(forward.times(100))));

        assertThat(assess("eu-gpai-sr", facts).counted()).isEqualTo(FlopBounds.exactly(forward.times(100)));
        assertThat(assess("eu-gpai", facts).counted()).isEqualTo(FlopBounds.ZERO);
        assertThat(assess("eu-gpai", facts).countedMost()).isEqualTo(FlopBounds.exactly(forward.times(100)));
    }

    @Test
    void anEstimateBelowTheLineCanBeInItsMarginAndSaysWhy() {
        Assessment estimate = assess("eu-gpai-sr", estimate("8e24"));

        assertThat(estimate.verdict()).isEqualTo(Verdict.IN_MARGIN);
        assertThat(String.join(" ", estimate.explanation()))
                .contains("5.600e24 to 1.040e25")
                .contains("30 %")
                .contains("not classified automatically");
    }

    @ParameterizedTest
    @CsvSource({
        // 10^25 / 1.3 = 7692307692307692307692307.69...
        "7692307692307692307692307, BELOW",
        "7692307692307692307692308, IN_MARGIN",
        "10000000000000000000000001, IN_MARGIN",
        // 10^25 / 0.7 = 14285714285714285714285714.28...
        "14285714285714285714285714, IN_MARGIN",
        "14285714285714285714285715, ABOVE",
    })
    void theMarginOfAnEstimateEndsAtTheToleranceOnBothSides(String flop, Verdict expected) {
        assertThat(verdict("eu-gpai-sr", estimate(flop))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "7692307692307692307692307, BELOW",
        "7692307692307692307692308, IN_MARGIN",
        "10000000000000000000000000, IN_MARGIN",
        "10000000000000000000000001, ABOVE",
    })
    void aMeasuredSumIsWarnedOfBeforeTheLineAndCrossesAtIt(String flop, Verdict expected) {
        assertThat(verdict("eu-gpai-sr", exactly(flop).exactness(Facts.Exactness.MEASURED)))
                .isEqualTo(expected);
    }

    @Test
    void biologicalDataMeetsTheOrdersLowerLineOnly() {
        Facts.Builder facts = exactly("2e23").tag(FactName.DATA_KIND, "biological");

        assertThat(verdict("us-eo14110-bio", facts)).isEqualTo(Verdict.ABOVE);
        assertThat(verdict("us-eo14110-model", facts)).isEqualTo(Verdict.BELOW);
    }

    @Test
    void aCheapRunIsOutsideTheOldNewYorkTextAndInsideTheNew() {
        Facts.Builder facts = exactly("2e26").amount(FactName.TRAINING_COST_USD, new BigDecimal("90000000"));

        assertThat(verdict("us-ny-raise-2025", facts)).isEqualTo(Verdict.BELOW);
        assertThat(verdict("us-ny-raise-2026", facts)).isEqualTo(Verdict.ABOVE);
    }

    @Test
    void distillationWasInTheOldNewYorkTextOnly() {
        Facts.Builder facts = exactly("1e24")
                .amount(FactName.TRAINING_COST_USD, new BigDecimal("6000000"))
                .answer(FactName.DISTILLED_FROM_COVERED, true);

        assertThat(verdict("us-ny-raise-2025", facts)).isEqualTo(Verdict.ABOVE);
        assertThat(verdict("us-ny-raise-2026", facts)).isEqualTo(Verdict.BELOW);
    }

    @ParameterizedTest
    @CsvSource({
        "29999999999999999999999999, 10000001, BELOW",
        "30000000000000000000000000, 10000001, ABOVE",
        "30000000000000000000000000, 10000000, BELOW",
    })
    void theVetoedDerivativeRuleIsInclusiveInComputeAndStrictInCost(String flop, String cost, Verdict expected) {
        Facts.Builder facts = exactly(Stage.SUPERVISED_FINE_TUNING, flop)
                .ancestor(base("20000000000000000000000000"))
                .answer(FactName.BASE_COVERED, true)
                .amount(FactName.TRAINING_COST_USD, new BigDecimal(cost));

        assertThat(verdict("us-ca-sb1047", facts)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // DeepSeek-V3: 6 x active x tokens is below the line, 6 x total x tokens is falsely above it.
        "3285600000000000000000000, BELOW",
        // Llama 3.1 405B: 6 x 405e9 x 15e12.
        "36450000000000000000000000, ABOVE",
        // Llama 3.1 8B: 6 x 8e9 x 15e12.
        "720000000000000000000000, BELOW",
    })
    void publicModelsAreReadAsExpected(String flop, Verdict expected) {
        assertThat(verdict("eu-gpai-sr", estimate(flop))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // Llama 3.1 405B: architecture against hardware at U = 0.40, +16 to 21 %: they agree.
        "36450000000000000000000000, 43920000000000000000000000, BELOW",
        // The Commission's example H against Llama 3.2 1B, a factor of 9.9.
        "66420000000000000000000, 658674000000000000000000, ABOVE",
        // Draft B against Pythia-1B, a factor of 1.60.
        "1820600000000000000000, 2921200000000000000000, ABOVE",
    })
    void twoMethodsFurtherApartThanTheToleranceDisagree(String formula, String hardware, Verdict expected) {
        Facts.Builder facts = Facts.builder()
                .figure(CountingMethod.PARAMETER_TOKEN, FlopCount.parse(formula))
                .figure(CountingMethod.HARDWARE, FlopCount.parse(hardware));

        assertThat(verdict("cross-check-methods", facts)).isEqualTo(expected);
    }
}
