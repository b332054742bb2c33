package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

/** The article's proposal, integers one apart. */
class SeedProposalTest {

    private static final ReviewProfile SEED = ReviewProfiles.named("seed-proposal-2026");

    private static Facts.Builder spent(String flop) {
        return Facts.builder().line(Facts.Line.of(Stage.PRETRAINING, FlopBounds.exactly(FlopCount.parse(flop))));
    }

    @Test
    void aReviewBeginsOneFlopAboveTheLine() {
        List<Finding> at = SEED.findings(Facts.none(), spent("1e24").build());
        List<Finding> above = SEED.findings(
                spent("1e24").build(),
                spent("1000000000000000000000001").position(7L, null).build());

        assertThat(at).isEmpty();
        assertThat(above).hasSize(1);
        assertThat(above.get(0).rule()).isEqualTo("seed-review-1e24");
        assertThat(above.get(0).kind()).isEqualTo(FindingKind.CROSSED);
        assertThat(above.get(0).step()).isEqualTo(7L);
        assertThat(above.get(0).flop()).isEqualTo(FlopCount.parse("1000000000000000000000001"));
    }

    @Test
    void theGapBetweenAllowedAndReviewedIsNoFinding() {
        Assessment allowed = SEED.assess(spent("1e22").build()).get(0);
        Assessment gap = SEED.assess(spent("10000000000000000000001").build()).get(0);

        assertThat(allowed.verdict()).isEqualTo(Verdict.BELOW);
        assertThat(String.join(" ", allowed.explanation())).contains("is allowed");
        assertThat(gap.verdict()).isEqualTo(Verdict.BELOW);
        assertThat(String.join(" ", gap.explanation())).contains("No finding");
    }

    @Test
    void mixtureOfExpertsIsFlaggedWhenItBecomesKnown() {
        Facts dense = spent("1e20").build();
        Facts mixture = spent("1e20").answer(FactName.MIXTURE_OF_EXPERTS, true).build();

        assertThat(SEED.findings(dense, mixture))
                .extracting(Finding::kind)
                .containsExactly(FindingKind.MIXTURE_OF_EXPERTS);
        assertThat(SEED.findings(mixture, mixture)).isEmpty();
    }

    @Test
    void aLoraOnAReviewedBaseIsAFindingWhateverItsCompute() {
        Facts facts = spent("1e15")
                .answer(FactName.PEFT, true)
                .original(new Facts.Original(FlopBounds.exactly(FlopCount.parse("1000000000000000000000001"))))
                .build();

        assertThat(SEED.findings(Facts.none(), facts))
                .extracting(Finding::kind)
                .containsExactly(FindingKind.PEFT_ON_REVIEWED_BASE);
    }

    @Test
    void thresholdsCanBeSearchedForTheExactStep() {
        List<ReviewRule.Threshold> lines = SEED.thresholds(Facts.none());

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).leastPassing()).isEqualTo(FlopCount.parse("1000000000000000000000001"));
        assertThat(lines.get(0).isPassedBy(FlopCount.parse("1e24"))).isFalse();
        assertThat(lines.get(0).counts(Facts.Line.of(Stage.EVALUATION, FlopBounds.ZERO)))
                .isFalse();
    }
}
