package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.Facts.Inference.Latency;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Facts beside compute: chips, clusters, inference, actors, dates. */
class OtherFactsTest {

    private static Verdict verdict(String rule, Facts.Builder facts) {
        return ReviewProfiles.ofRule(rule).assess(facts.build()).get(0).verdict();
    }

    private static Facts.Builder amounts(Object... factsAndNumbers) {
        Facts.Builder builder = Facts.builder();
        for (int i = 0; i < factsAndNumbers.length; i += 2) {
            builder.amount((FactName) factsAndNumbers[i], new BigDecimal((String) factsAndNumbers[i + 1]));
        }
        return builder;
    }

    @ParameterizedTest
    @CsvSource({
        // 600 TOPS at 8 bit or 300 at 16 bit: the agency's own example, exactly on the inclusive line.
        "4800, ABOVE, ABOVE",
        "4799.9, BELOW, BELOW",
        "4992, ABOVE, ABOVE",
        "15832, ABOVE, ABOVE",
    })
    void totalProcessingPerformanceDecidesAboutAFastConnectedChip(String tpp, Verdict in2022, Verdict since2023) {
        Facts.Builder chip = amounts(
                        FactName.CHIP_TPP,
                        tpp,
                        FactName.CHIP_IO_GB_PER_SECOND,
                        "600",
                        FactName.CHIP_PERFORMANCE_DENSITY,
                        "1")
                .answer(FactName.DATACENTRE_CHIP, true);

        assertThat(verdict("us-3a090-2022", chip)).isEqualTo(in2022);
        assertThat(verdict("us-3a090-2023", chip)).isEqualTo(since2023);
    }

    @Test
    void aSlowerConnectionFreedAChipUnderTheFirstRuleOnly() {
        Facts.Builder chip = amounts(FactName.CHIP_TPP, "4992", FactName.CHIP_IO_GB_PER_SECOND, "400");

        assertThat(verdict("us-3a090-2022", chip)).isEqualTo(Verdict.BELOW);
        assertThat(verdict("us-3a090-2023", chip)).isEqualTo(Verdict.ABOVE);
    }

    @ParameterizedTest
    @CsvSource({
        "1600, 5.92, true, ABOVE, BELOW",
        "1600, 5.91, true, BELOW, ABOVE",
        "1599, 5.92, true, BELOW, BELOW",
        "2400, 1.6, true, BELOW, ABOVE",
        "2399, 1.6, true, BELOW, BELOW",
        "2400, 1.6, false, BELOW, NOT_APPLICABLE",
    })
    void performanceDensityDecidesAboutSmallerChips(
            String tpp, String density, boolean datacentre, Verdict a, Verdict b) {
        Facts.Builder chip = amounts(FactName.CHIP_TPP, tpp, FactName.CHIP_PERFORMANCE_DENSITY, density)
                .answer(FactName.DATACENTRE_CHIP, datacentre);

        assertThat(verdict("us-3a090-2023", chip)).isEqualTo(a);
        assertThat(verdict("us-3a090-2023-b", chip)).isEqualTo(b);
    }

    @Test
    void theCaseByCaseLineIsStrict() {
        Facts.Builder below = amounts(FactName.CHIP_TPP, "20999", FactName.CHIP_DRAM_GB_PER_SECOND, "6499")
                .tag(FactName.DESTINATION, "china");
        Facts.Builder at = amounts(FactName.CHIP_TPP, "21000", FactName.CHIP_DRAM_GB_PER_SECOND, "6499")
                .tag(FactName.DESTINATION, "china");

        assertThat(verdict("us-h200-2026", below)).isEqualTo(Verdict.ABOVE);
        assertThat(verdict("us-h200-2026", at)).isEqualTo(Verdict.BELOW);
    }

    @Test
    void aClusterNeedsEveryPartAndTheTwoTextsCompareDifferently() {
        Facts.Builder cluster = amounts(
                        FactName.CLUSTER_NETWORK_GBIT_PER_SECOND,
                        "400",
                        FactName.CLUSTER_PEAK_OP_PER_SECOND,
                        "100000000000000000000")
                .answer(FactName.SINGLE_DATACENTRE, true);

        assertThat(verdict("us-eo14110-cluster", cluster)).isEqualTo(Verdict.ABOVE);
        assertThat(verdict("us-bis-nprm-2024-cluster", cluster)).isEqualTo(Verdict.BELOW);
    }

    @Test
    void inferenceFactsReachTheArticlesRules() {
        Facts.Inference inference = new Facts.Inference(
                8, List.of(new Latency(1, 99, 140), new Latency(1, 50, 99.9), new Latency(8, 50, 20)), true, null);
        Facts.Builder facts = Facts.builder().inference(inference);

        assertThat(verdict("seed-inference-latency", facts)).isEqualTo(Verdict.ABOVE);
        assertThat(verdict("seed-inference-accelerators", facts)).isEqualTo(Verdict.ABOVE);
        assertThat(ReviewProfiles.named("seed-proposal-2026").findings(Facts.none(), facts.build()))
                .extracting(Finding::kind)
                .containsExactly(FindingKind.INFERENCE_SETUP, FindingKind.INFERENCE_SETUP);
    }

    @Test
    void aLatencyOfExactlyTheLineOrATaskNotDeclaredSensitiveIsNoFinding() {
        Facts.Inference atLine = new Facts.Inference(1, List.of(new Latency(1, 50, 100)), true, null);
        Facts.Inference ordinary = new Facts.Inference(8, List.of(new Latency(1, 50, 10)), false, null);

        assertThat(verdict("seed-inference-latency", Facts.builder().inference(atLine)))
                .isEqualTo(Verdict.BELOW);
        assertThat(verdict("seed-inference-latency", Facts.builder().inference(ordinary)))
                .isEqualTo(Verdict.NOT_APPLICABLE);
    }

    @Test
    void latenciesThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() ->
                        new Facts.Inference(1, List.of(new Latency(1, 50, 10), new Latency(1, 50, 11)), null, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void publishedWeightsAreOutsideTheDiffusionRule() {
        Facts.Builder facts = Facts.builder()
                .line(Facts.Line.of(Stage.PRETRAINING, FlopBounds.exactly(FlopCount.parse("2e26"))))
                .tag(FactName.RELEASE, "published-weights");

        assertThat(verdict("us-4e091", facts)).isEqualTo(Verdict.NOT_APPLICABLE);
    }

    @Test
    void anAnswerTakenAsUsualIsSaid() {
        Facts facts = Facts.builder()
                .line(Facts.Line.of(Stage.PRETRAINING, FlopBounds.exactly(FlopCount.of(1))))
                .build();

        assertThat(ReviewProfiles.ofRule("seed-mixture-of-experts")
                        .assess(facts)
                        .get(0)
                        .assumed())
                .containsExactly("whether the model has mixture-of-experts layers: not stated, taken as no");
    }

    @Test
    void aFactOfAnotherKindOrANegativeAmountOrAnAncestorTwiceIsRefused() {
        Ancestor base = new Ancestor("base", Ancestor.Role.WEIGHTS, Ancestor.Developer.OTHER, null);

        assertThatThrownBy(() -> Facts.builder().answer(FactName.MODALITY, true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> amounts(FactName.CHIP_TPP, "-1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Facts.builder().ancestor(base).ancestor(base))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("once");
    }

    @Test
    void everyStageHasAnActivityToBeCountedUnder() {
        for (Stage stage : Stage.values()) {
            assertThat(Activity.of(Facts.Line.of(stage, FlopBounds.ZERO)).name())
                    .isEqualTo(stage.name());
        }
    }
}
