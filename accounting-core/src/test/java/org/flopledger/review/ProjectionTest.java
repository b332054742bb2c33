package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

class ProjectionTest {

    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final ReviewProfile REVIEW = ReviewProfiles.ofRule("seed-review-1e24");

    private static FlopBounds flop(String amount) {
        return FlopBounds.exactly(FlopCount.parse(amount));
    }

    private static Facts spent(FlopBounds amount) {
        return Facts.builder().line(Facts.Line.of(Stage.PRETRAINING, amount)).build();
    }

    @Test
    void theStepAfterTheOneThatReachesAnExclusiveLinePassesIt() {
        // 10 steps of 1e22 so far; the line at 1e24 is reached by step 100 and passed by step 101.
        Projection.Pace pace =
                Projection.Pace.soFar(Stage.PRETRAINING, flop("1e23"), 10, Duration.ofSeconds(100), 1_000L);

        Projection.Crossing crossing =
                Projection.of(REVIEW, spent(flop("1e23")), pace, CLOCK).get(0);

        assertThat(crossing.step()).isEqualTo(101L);
        assertThat(crossing.earliestStep()).isEqualTo(101L);
        assertThat(crossing.latestStep()).isEqualTo(101L);
        assertThat(crossing.at()).isEqualTo(NOW.plusSeconds(910));
        assertThat(crossing.withinPlan()).isTrue();
    }

    @Test
    void theBandComesFromTheBoundsOfTheFigures() {
        FlopBounds perStep = new FlopBounds(FlopCount.parse("1e22"), FlopCount.parse("2e22"), FlopCount.parse("4e22"));
        Projection.Pace pace = new Projection.Pace(Stage.PRETRAINING, perStep, 1, null, 0, 60L);

        Projection.Crossing crossing =
                Projection.of(REVIEW, spent(FlopBounds.ZERO), pace, CLOCK).get(0);

        assertThat(crossing.earliestStep()).isEqualTo(26L);
        assertThat(crossing.step()).isEqualTo(51L);
        assertThat(crossing.latestStep()).isEqualTo(101L);
        assertThat(crossing.at()).isNull();
        assertThat(crossing.withinPlan()).isTrue();
    }

    @Test
    void aLineBeyondThePlanIsSaidToBeBeyondIt() {
        Projection.Pace pace = new Projection.Pace(Stage.PRETRAINING, flop("1e22"), 1, null, 0, 100L);

        assertThat(Projection.of(REVIEW, spent(FlopBounds.ZERO), pace, CLOCK)
                        .get(0)
                        .withinPlan())
                .isFalse();
    }

    @Test
    void aLineThatIsPassedOrThatTheStageDoesNotCountTowardsIsLeftOut() {
        Projection.Pace training = new Projection.Pace(Stage.PRETRAINING, flop("1"), 1, null, 0, null);
        Projection.Pace evaluation = new Projection.Pace(Stage.EVALUATION, flop("1e24"), 1, null, 0, null);

        assertThat(Projection.of(REVIEW, spent(flop("2e24")), training, CLOCK)).isEmpty();
        assertThat(Projection.of(REVIEW, spent(FlopBounds.ZERO), evaluation, CLOCK))
                .isEmpty();
    }

    @Test
    void aPaceTooSlowForAnyCalendarHasNoDate() {
        Projection.Pace pace = new Projection.Pace(Stage.PRETRAINING, flop("1"), 1, Duration.ofDays(365), 5, null);

        Projection.Crossing crossing =
                Projection.of(REVIEW, spent(FlopBounds.ZERO), pace, CLOCK).get(0);

        assertThat(crossing.step()).isNull();
        assertThat(crossing.at()).isNull();
        assertThat(crossing.withinPlan()).isFalse();
    }

    @Test
    void theRestOfThePlanBecomesALineOfFacts() {
        Projection.Pace pace = Projection.Pace.soFar(Stage.PRETRAINING, flop("1e23"), 10, null, 30L);

        assertThat(pace.remaining()).isEqualTo(Facts.Line.of(Stage.PRETRAINING, flop("2e23")));
        assertThat(Projection.Pace.soFar(Stage.PRETRAINING, flop("1e23"), 10, null, null)
                        .remaining())
                .isNull();
    }

    @Test
    void aShareOfAKnownOriginalIsProjectedToo() {
        Facts facts = Facts.builder()
                .line(Facts.Line.of(Stage.SUPERVISED_FINE_TUNING, flop("0")))
                .answer(FactName.OTHER_ACTOR, true)
                .original(new Facts.Original(flop("9")))
                .build();
        Projection.Pace pace = new Projection.Pace(Stage.SUPERVISED_FINE_TUNING, flop("1"), 1, null, 0, null);

        List<Projection.Crossing> crossings =
                Projection.of(ReviewProfiles.ofRule("eu-gpai-modifier"), facts, pace, CLOCK);

        assertThat(crossings).hasSize(1);
        assertThat(crossings.get(0).step()).isEqualTo(4L);
    }

    @Test
    void aPlanShorterThanWhatIsDoneIsRefused() {
        assertThatThrownBy(() -> new Projection.Pace(Stage.PRETRAINING, flop("1"), 1, null, 10, 9L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9");
    }
}
