package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flopledger.lineage.Ancestor;
import org.flopledger.lineage.Lineage;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

/** A lineage under the rules: base 9e24, two fine-tunes, their merge, and a full fine-tune past one third. */
class LineageRulesTest {

    private static final ReviewProfile EU = ReviewProfiles.named("eu-gpai");

    private static FlopBounds flop(String amount) {
        return FlopBounds.exactly(FlopCount.parse(amount));
    }

    private static final Lineage LINEAGE = Lineage.builder()
            .model(new Lineage.Model("base", "lab", flop("9e24")))
            .model(new Lineage.Model("left", "shop", flop("1e24")))
            .model(new Lineage.Model("right", "shop", flop("1e24")))
            .model(new Lineage.Model("merged", "shop", FlopBounds.ZERO))
            .model(new Lineage.Model("own", "shop", flop("3100000000000000000000000")))
            .link("left", Lineage.Relation.PEFT_TRAINED_ON, "base")
            .link("right", Lineage.Relation.PEFT_TRAINED_ON, "base")
            .link("merged", Lineage.Relation.MERGED_FROM, "left")
            .link("merged", Lineage.Relation.MERGED_FROM, "right")
            .link("own", Lineage.Relation.FINE_TUNED_FROM, "base")
            .build();

    private static Facts.Builder factsOf(String model) {
        FlopBounds compute = LINEAGE.model(model).compute();
        return Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .tag(FactName.MODALITY, "text")
                .line(Facts.Line.of(Stage.SUPERVISED_FINE_TUNING, compute == null ? FlopBounds.ZERO : compute))
                .ancestors(LINEAGE.ancestorsOf(model));
    }

    private static Assessment assess(String rule, Facts facts) {
        return ReviewProfiles.ofRule(rule).assess(facts).get(0);
    }

    @Test
    void theMergeOfTwoFineTunesCountsItsBaseOnce() {
        Assessment merged = assess("eu-gpai-sr", factsOf("merged").build());

        assertThat(merged.counted()).isEqualTo(flop("11e24"));
    }

    @Test
    void ownAncestorsBelongToTheModification() {
        // Two fine-tunes of 1e24 by the same shop are 2e24 of modification: below a third of 9e24.
        Assessment ratio = assess("eu-gpai-modifier", factsOf("merged").build());

        assertThat(ratio.counted()).isEqualTo(flop("2e24"));
        assertThat(ratio.verdict()).isEqualTo(Verdict.BELOW);
        assertThat(assess("eu-gpai-sr", factsOf("merged").build()).verdict()).isEqualTo(Verdict.NOT_APPLICABLE);
    }

    @Test
    void aFullFineTunePastOneThirdIsFoundTwiceByItsShareAndByTheSum() {
        List<Finding> findings =
                EU.findings(Facts.none(), factsOf("own").position(12L, null).build());

        assertThat(findings)
                .extracting(finding -> finding.rule() + " " + finding.kind())
                .containsExactly("eu-gpai CROSSED", "eu-gpai-sr CROSSED", "eu-gpai-modifier RATIO_CROSSED");
        assertThat(findings.get(2).summary()).contains("eu-gpai-modifier").contains("section 3.2, point 63");
    }

    @Test
    void aMeasuredModificationCrossesAtOneThirdAndIsWarnedOfBefore() {
        Facts.Builder below = Facts.builder()
                .line(Facts.Line.of(Stage.SUPERVISED_FINE_TUNING, flop("3e24")))
                .ancestors(LINEAGE.ancestorsOf("own"));
        Facts.Builder above = Facts.builder()
                .line(Facts.Line.of(Stage.SUPERVISED_FINE_TUNING, flop("3000000000000000000000001")))
                .ancestors(LINEAGE.ancestorsOf("own"));

        assertThat(assess("eu-gpai-modifier", below.build()).verdict()).isEqualTo(Verdict.IN_MARGIN);
        assertThat(assess("eu-gpai-modifier", above.build()).verdict()).isEqualTo(Verdict.ABOVE);
    }

    @Test
    void anAncestorOfUnknownComputeIsAFindingAndNotAZero() {
        Facts facts = Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .line(Facts.Line.of(Stage.SUPERVISED_FINE_TUNING, flop("1e24")))
                .ancestor(new Ancestor("secret", Ancestor.Role.WEIGHTS, Ancestor.Developer.OTHER, null))
                .build();

        assertThat(assess("eu-gpai-sr", facts).verdict()).isEqualTo(Verdict.UNDETERMINED);
        assertThat(EU.findings(Facts.none(), facts))
                .extracting(finding -> finding.rule() + " " + finding.kind())
                .contains("eu-gpai-sr BASIS_UNKNOWN", "eu-gpai-modifier BASIS_UNKNOWN");
    }

    @Test
    void bothEuropeanSumsComeFromOneSetOfFacts() {
        Facts facts = Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .line(Facts.Line.of(Stage.PRETRAINING, flop("5e24")))
                .line(Facts.Line.of(Stage.ROLLOUT_GENERATION, flop("6e24")))
                .line(Facts.Line.of(Stage.EVALUATION, flop("1e24")))
                .build();
        Assessment narrow = assess("eu-gpai", facts);
        Assessment wide = assess("eu-gpai-sr", facts);

        assertThat(narrow.counted()).isEqualTo(flop("5e24"));
        assertThat(wide.counted()).isEqualTo(flop("11e24"));
        assertThat(wide.countedMost()).isEqualTo(flop("12e24"));
        assertThat(wide.items()).extracting(Assessment.Item::counted).containsExactly(true, true, false);
    }

    @Test
    void itemsThatMayBeLeftOutCanBeChosenAndTheOtherVerdictIsShown() {
        Facts facts = Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .line(Facts.Line.of(Stage.PRETRAINING, flop("9e24")))
                .line(Facts.Line.of(Stage.EVALUATION, flop("2e24")))
                .build();
        ReviewProfile rule = ReviewProfiles.ofRule("eu-gpai-sr");
        Assessment usual = rule.assess(facts).get(0);
        Assessment everything = rule.assess(facts, ReviewProfile.Choice.COUNT).get(0);

        assertThat(usual.verdict()).isEqualTo(Verdict.BELOW);
        assertThat(String.join(" ", usual.explanation())).contains("verdict would be ABOVE");
        assertThat(everything.verdict()).isEqualTo(Verdict.ABOVE);
    }

    @Test
    void discardedWorkIsCountedAndTaggedAndCanBeLeftOut() {
        Facts facts = Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .line(Facts.Line.of(Stage.PRETRAINING, flop("9e24")))
                .line(new Facts.Line(Stage.PRETRAINING, Facts.Part.DISCARDED, false, flop("2e24"), 1))
                .line(new Facts.Line(Stage.PRETRAINING, Facts.Part.RECOMPUTED, false, flop("3e24"), 1))
                .build();
        ReviewProfile rule = ReviewProfiles.ofRule("eu-gpai-sr");

        assertThat(rule.assess(facts).get(0).counted()).isEqualTo(flop("11e24"));
        assertThat(rule.assess(facts, ReviewProfile.Choice.LEAVE_OUT).get(0).counted())
                .isEqualTo(flop("9e24"));
    }

    @Test
    void publicSyntheticDataIsLeftOutAndItsLineKept() {
        Facts facts = Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .line(new Facts.Line(Stage.SYNTHETIC_DATA_GENERATION, Facts.Part.RETAINED, true, flop("2e25"), 1))
                .build();
        Assessment wide = assess("eu-gpai-sr", facts);

        assertThat(wide.counted()).isEqualTo(FlopBounds.ZERO);
        assertThat(wide.items()).hasSize(1);
    }

    @Test
    void partialCoverageIsUndeterminedUntilTheKnownPartPasses() {
        Facts.Line half = new Facts.Line(Stage.PRETRAINING, Facts.Part.RETAINED, false, flop("9e24"), 0.5);
        Facts.Line over = new Facts.Line(Stage.PRETRAINING, Facts.Part.RETAINED, false, flop("2e25"), 0.5);

        assertThat(assess("eu-gpai-sr", Facts.builder().line(half).build()).verdict())
                .isEqualTo(Verdict.UNDETERMINED);
        assertThat(assess("eu-gpai-sr", Facts.builder().line(over).build()).verdict())
                .isEqualTo(Verdict.ABOVE);
    }

    @Test
    void anIntervalOnBothSidesOfALineIsInTheMargin() {
        FlopBounds interval = new FlopBounds(
                FlopCount.parse("9e23"), FlopCount.parse("1100000000000000000000000"), FlopCount.parse("2e24"));
        Facts facts =
                Facts.builder().line(Facts.Line.of(Stage.PRETRAINING, interval)).build();

        assertThat(assess("seed-review-1e24", facts).verdict()).isEqualTo(Verdict.IN_MARGIN);
        assertThat(ReviewProfiles.ofRule("seed-review-1e24").findings(Facts.none(), facts))
                .extracting(Finding::kind)
                .containsExactly(FindingKind.ENTERED_MARGIN);
    }

    @Test
    void aPlanThatWillPassTheLineIsFoundOnceAndEarly() {
        Facts before = Facts.builder()
                .line(Facts.Line.of(Stage.PRETRAINING, flop("1e24")))
                .build();
        Facts planned = before.toBuilder()
                .planned(Facts.Line.of(Stage.PRETRAINING, flop("9000000000000000000000001")))
                .build();
        ReviewProfile rule = ReviewProfiles.ofRule("eu-gpai-sr");

        assertThat(rule.findings(before, planned))
                .extracting(Finding::kind)
                .containsExactly(FindingKind.PROJECTED_TO_CROSS);
        assertThat(rule.findings(planned, planned)).isEmpty();
    }

    @Test
    void aRuleOutsideItsDatesDoesNotApply() {
        Facts facts = Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .line(Facts.Line.of(Stage.PRETRAINING, flop("2e26")))
                .asOf(java.time.LocalDate.parse("2026-11-21"))
                .build();
        Assessment newYork = assess("us-ny-raise-2026", facts);

        assertThat(newYork.verdict()).isEqualTo(Verdict.NOT_APPLICABLE);
        assertThat(String.join(" ", newYork.explanation())).contains("effective from 2027-01-01");
        assertThat(assess("us-ca-sb53", facts).verdict()).isEqualTo(Verdict.ABOVE);
    }
}
