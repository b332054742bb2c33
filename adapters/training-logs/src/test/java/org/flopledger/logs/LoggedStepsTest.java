package org.flopledger.logs;

import static org.assertj.core.api.Assertions.assertThat;

import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;

/** Steps as logs tell them: compact where they are regular, complete where they are not, and never absurd. */
class LoggedStepsTest {

    private final LoggedStepsBuilder steps = LoggedSteps.builder();

    @Test
    void keepsAMillionEqualStepsInOneRow() {
        for (long step = 1; step <= 1_000_000; step++) {
            assertThat(steps.step(step)
                            .stage(Stage.PRETRAINING)
                            .sequences(512, 2048)
                            .add())
                    .isTrue();
        }

        LoggedSteps built = steps.build();

        assertThat(built.rows()).isEqualTo(1);
        assertThat(built.steps()).isEqualTo(1_000_000);
        assertThat(built.ranges()).containsExactly(new StepRange(1, 1_000_000, 512, 2048));
        assertThat(built.total(StepField.TOKENS)).isEqualTo(1_000_000L * 512 * 2048);
        assertThat(built.total(StepField.SQUARED_LENGTHS)).isEqualTo(1_000_000L * 512 * 2048 * 2048);
    }

    @Test
    void beginsARowWhereAnyFigureAttemptOrStageChanges() {
        steps.step(1).tokens(10).add();
        steps.step(2).tokens(11).add();
        steps.step(3).tokens(11).paddingTokens(1).add();
        steps.step(5).tokens(11).paddingTokens(1).add();
        steps.newAttempt().step(6).tokens(11).paddingTokens(1).add();
        steps.step(7).stage(Stage.EVALUATION).tokens(11).paddingTokens(1).add();
        steps.step(8)
                .stage(Stage.EVALUATION)
                .tokens(11)
                .paddingTokens(1)
                .reportedFlop(FlopCount.of(5))
                .add();

        LoggedSteps built = steps.build();

        assertThat(built.rows()).isEqualTo(7);
        assertThat(built.total(StepField.TOKENS)).isEqualTo(76);
        assertThat(built.total(StepField.PADDING_TOKENS))
                .as("two steps do not say")
                .isNull();
        assertThat(built.totalReportedFlop()).isNull();
        assertThat(steps.attempts()).isEqualTo(2);
    }

    @Test
    void keepsStepsWithAClockApart() {
        steps.step(1).tokens(10).startedAtMicros(1).endedAtMicros(2).add();
        steps.step(2).tokens(10).startedAtMicros(1).endedAtMicros(2).add();

        assertThat(steps.build().rows()).isEqualTo(2);
    }

    @Test
    void refusesWhatMakesNoSenseAndKeepsTheRest() {
        assertThat(steps.step(-1).tokens(1).add()).isFalse();
        assertThat(steps.step(1).tokens(-1).add()).isFalse();
        assertThat(steps.step(1).tokens(5).paddingTokens(6).add()).isFalse();
        assertThat(steps.step(1).tokens(5).generatedTokens(6).add()).isFalse();
        assertThat(steps.step(1).startedAtMicros(2).endedAtMicros(1).add()).isFalse();
        assertThat(steps.step(1).sequences(1L << 32, 1L << 32).add()).isFalse();
        assertThat(steps.steps(1, 0).tokens(1).add()).isFalse();
        assertThat(steps.steps(Long.MAX_VALUE, 2).tokens(1).add()).isFalse();
        assertThat(steps.isTooLong()).isFalse();
        assertThat(steps.step(1).tokens(5).add()).isTrue();

        assertThat(steps.build().steps()).isEqualTo(1);
    }

    @Test
    void refusesMoreStepsThanAnyRunHas() {
        assertThat(steps.steps(1, LoggedSteps.MOST_STEPS).tokens(1).add()).isTrue();
        assertThat(steps.isTooLong()).isFalse();
        assertThat(steps.steps(LoggedSteps.MOST_STEPS + 1, 1).tokens(1).add()).isFalse();
        assertThat(steps.isTooLong()).isTrue();

        assertThat(steps.build().steps()).isEqualTo(LoggedSteps.MOST_STEPS);
    }

    @Test
    void tellsNoTotalAbove2To63() {
        steps.steps(1, 3).tokens(Long.MAX_VALUE / 2).add();

        assertThat(steps.build().total(StepField.TOKENS)).isNull();
    }

    @Test
    void addsUpReportedFlopBeyond64Bits() {
        FlopCount each = FlopCount.parse("1000000000000000000000001");
        steps.steps(1, 1000).reportedFlop(each).add();

        assertThat(steps.build().totalReportedFlop()).isEqualTo(each.times(1000));
    }

    @Test
    void seesThatOneLogIsTheBeginningOfAnother() {
        steps.steps(1, 10).tokens(5).add();
        steps.step(11).tokens(6).add();
        LoggedSteps whole = steps.build();

        assertThat(LoggedSteps.NONE.isBeginningOf(whole)).isTrue();
        assertThat(ofTokens(1, 5, 5, 5).isBeginningOf(whole)).isTrue();
        assertThat(ofTokens(1, 5, 5, 6).isBeginningOf(whole)).isFalse();
        assertThat(ofTokens(2, 5).isBeginningOf(whole)).isFalse();
        assertThat(whole.isBeginningOf(whole)).isTrue();
        assertThat(ofTokens(1, 5, 5)).isEqualTo(ofTokens(1, 5, 5)).isNotEqualTo(ofTokens(1, 5));
        assertThat(ofTokens(1, 5, 5)).hasSameHashCodeAs(ofTokens(1, 5, 5));
        assertThat(whole.isBeginningOf(ofTokens(1, 5, 5, 5))).isFalse();
    }

    private static LoggedSteps ofTokens(long first, long... tokens) {
        LoggedStepsBuilder builder = LoggedSteps.builder();
        for (int i = 0; i < tokens.length; i++) {
            builder.step(first + i).tokens(tokens[i]).add();
        }
        return builder.build();
    }
}
