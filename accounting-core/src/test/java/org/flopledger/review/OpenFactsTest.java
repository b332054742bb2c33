package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.flopledger.review.ReviewRule.Status;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

/** What rules say while facts are open, and which rules may find anything. */
class OpenFactsTest {

    private static Facts.Builder spent(String amount) {
        return Facts.builder().line(Facts.Line.of(Stage.PRETRAINING, FlopBounds.exactly(FlopCount.parse(amount))));
    }

    @Test
    void noRuleSaysAboveWhileAFactItAsksForIsOpen() {
        int open = 0;
        for (ReviewRule rule : ReviewProfiles.rules()) {
            Assessment assessment = ReviewProfiles.ofRule(rule.id())
                    .assess(spent("1e30").build())
                    .get(0);
            if (assessment.verdict() == Verdict.ABOVE) {
                assertThat(assessment.otherFactsNeeded()).as(rule.id()).isEmpty();
            } else if (!assessment.otherFactsNeeded().isEmpty()) {
                open++;
                assertThat(assessment.verdict()).as(rule.id()).isEqualTo(Verdict.UNDETERMINED);
            }
        }
        assertThat(open).isGreaterThan(5);
    }

    @Test
    void koreasRuleIsUndeterminedUntilItsFactsAreKnown() {
        ReviewProfile profile = ReviewProfiles.ofRule("kr-aibasic-art32");
        Facts.Builder facts = spent("2e26");
        Assessment open = profile.assess(facts.build()).get(0);

        assertThat(open.verdict()).isEqualTo(Verdict.UNDETERMINED);
        assertThat(open.otherFactsNeeded()).hasSize(2);
        facts.answer(FactName.STATE_OF_THE_ART, true).answer(FactName.BROAD_SERIOUS_RISK, true);
        assertThat(profile.assess(facts.build()).get(0).verdict()).isEqualTo(Verdict.ABOVE);
    }

    @Test
    void aLineThatIsPassedIsFoundWhileFactsAreOpen() {
        List<Finding> findings = ReviewProfiles.ofRule("kr-aibasic-art32")
                .findings(Facts.none(), spent("2e26").build());

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).kind()).isEqualTo(FindingKind.CROSSED);
        assertThat(findings.get(0).verdict()).isEqualTo(Verdict.UNDETERMINED);
        assertThat(findings.get(0).summary()).contains("still needed");
    }

    @Test
    void endedRulesFindNothingExceptInsideTheirDates() {
        int ended = 0;
        for (ReviewRule rule : ReviewProfiles.rules()) {
            Status status = rule.status();
            ReviewProfile profile = ReviewProfiles.ofRule(rule.id());
            if (status == Status.REVOKED || status == Status.VETOED || status == Status.SUPERSEDED) {
                ended++;
                assertThat(profile.findings(Facts.none(), spent("1e30").build()))
                        .as(rule.id())
                        .isEmpty();
                LocalDate last = rule.validTo();
                if (last != null) {
                    Facts late = spent("1e30").asOf(last.plusDays(1)).build();
                    assertThat(profile.findings(Facts.none(), late))
                            .as(rule.id())
                            .isEmpty();
                }
            }
        }
        assertThat(ended).isGreaterThan(2);
        Facts inside = spent("2e26").asOf(LocalDate.of(2024, 6, 1)).build();
        assertThat(ReviewProfiles.ofRule("us-eo14110-model").findings(Facts.none(), inside))
                .hasSize(1);
    }

    @Test
    void aToleranceHoldsOnBothSidesOfAnEstimate() {
        ReviewRule rule = ReviewProfiles.rules().stream()
                .filter(one -> one.tolerance().compareTo(new BigDecimal("0.3")) == 0)
                .filter(one -> one.id().equals("eu-gpai-sr"))
                .findFirst()
                .orElseThrow();
        ReviewProfile profile = ReviewProfiles.ofRule(rule.id());
        // 1e25: an estimate of 0.8e25 may be above by 30 %, one of 1.4e25 may be below, 1.5e25 is above all the same.
        for (String amount : List.of("0.8e25", "1.4e25")) {
            assertThat(verdict(profile, amount)).as(amount).isEqualTo(Verdict.IN_MARGIN);
        }
        assertThat(verdict(profile, "0.7e25")).isEqualTo(Verdict.BELOW);
        assertThat(verdict(profile, "1.5e25")).isEqualTo(Verdict.ABOVE);
    }

    private static Verdict verdict(ReviewProfile profile, String amount) {
        Facts facts = spent(amount)
                .exactness(Facts.Exactness.ESTIMATE)
                .tag(FactName.MODALITY, "text")
                .build();
        return profile.assess(facts).get(0).verdict();
    }
}
