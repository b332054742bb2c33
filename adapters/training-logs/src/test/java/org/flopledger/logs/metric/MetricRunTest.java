package org.flopledger.logs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.StepField;
import org.junit.jupiter.api.Test;

class MetricRunTest {

    private final MetricLog log = new MetricLog(ColumnMapping.named("trackers"));

    private static LoggedRun run(MetricLog... logs) {
        return new MetricRun(Arrays.asList(logs)).evidence("id").build().toRun(new LogFormat("test"), List.of());
    }

    private void loss(long... steps) {
        for (long step : steps) {
            log.add("train/loss", step, 1, MetricLog.NO_TIME);
        }
    }

    @Test
    void countsFromZeroWhereRowsEndOnNine() {
        loss(9, 19, 29);
        assertThat(run(log).progress().steps()).isEqualTo(30);
        assertThat(run(log).progress().lastStep()).isEqualTo(29);
    }

    @Test
    void countsFromOneWhereRowsEndOnTen() {
        loss(10, 20, 30);
        assertThat(run(log).progress().steps()).isEqualTo(30);
    }

    @Test
    void countsTheFirstStepThatIsLoggedAlone() {
        loss(1, 10, 20, 30, 34);
        assertThat(run(log).progress().steps()).isEqualTo(34);
    }

    @Test
    void inventsNoStepsBeforeALogThatBeginsLater() {
        loss(1801, 1802, 1803);
        LoggedRun run = run(log);
        assertThat(run.progress().steps()).isEqualTo(3);
        assertThat(run.warnings()).extracting(LogWarning::code).contains(LogWarning.Code.BEGINS_LATER);
    }

    @Test
    void spreadsATotalExactlyOverTheStepsOfARow() {
        long seed = 20_261_132L;
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var some = new MetricLog(ColumnMapping.named("trackers"));
            long tokens = 0;
            long samples = 0;
            long gap = 1 + random.nextInt(20);
            for (long step = gap; step <= 12 * gap; step += gap) {
                tokens += random.nextInt(5_000);
                samples += random.nextInt(50);
                some.add("num_tokens", step, tokens, MetricLog.NO_TIME);
                some.add("consumed_samples", step, samples, MetricLog.NO_TIME);
            }
            LoggedSteps steps = run(some).observations();
            assertThat(steps.total(StepField.TOKENS))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(tokens);
            assertThat(steps.total(StepField.SEQUENCES))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(samples);
            assertThat(steps.steps()).isEqualTo(12 * gap);
        }
    }

    @Test
    void goesOnFromTheCountOfTheCheckpoint() {
        for (long step = 1; step <= 16; step++) {
            log.add("num_tokens", step, 100 * step, MetricLog.NO_TIME);
        }
        for (long step = 11; step <= 20; step++) {
            log.add("num_tokens", step, 100 * step, MetricLog.NO_TIME);
        }
        LoggedRun run = run(log);
        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.observations().total(StepField.TOKENS)).isEqualTo(2_600);
    }

    @Test
    void takesACountThatBeginsAgainWithEveryProcess() {
        for (long step = 1; step <= 16; step++) {
            log.add("num_tokens", step, 100 * step, MetricLog.NO_TIME);
        }
        for (long step = 11; step <= 20; step++) {
            log.add("num_tokens", step, 100 * (step - 10), MetricLog.NO_TIME);
        }
        assertThat(run(log).observations().total(StepField.TOKENS)).isEqualTo(2_600);
    }

    @Test
    void treatsACountThatStaysZeroAsNotCounted() {
        for (long step = 1; step <= 5; step++) {
            log.add("train/loss", step, 1, MetricLog.NO_TIME);
            log.add("train/num_input_tokens_seen", step, 0, MetricLog.NO_TIME);
        }
        LoggedRun run = run(log);
        assertThat(run.progress().tokens()).isNull();
        assertThat(run.progress().steps()).isEqualTo(5);
    }

    @Test
    void leavesStepsBetweenRowsOpenWhereACountIsOfOneStep() {
        for (long step = 10; step <= 50; step += 10) {
            log.add("tokens_per_step", step, 512, MetricLog.NO_TIME);
            log.add("train/loss", step, 1, MetricLog.NO_TIME);
        }
        LoggedRun run = run(log);
        assertThat(run.progress().steps()).isEqualTo(50);
        assertThat(run.progress().tokens()).isNull();
    }

    @Test
    void tellsTotalsFromCountsOfOneStepByTheirCourse() {
        for (long step = 1; step <= 10; step++) {
            log.add("tokens", step, 120, MetricLog.NO_TIME);
            log.add("tokens_seen", step, 120 * step, MetricLog.NO_TIME);
        }
        assertThat(run(log).progress().tokens()).isEqualTo(1_200);

        var totals = new MetricLog(ColumnMapping.named("trackers"));
        for (long step = 1; step <= 10; step++) {
            totals.add("tokens", step, 120 * step, MetricLog.NO_TIME);
        }
        assertThat(run(totals).progress().tokens()).isEqualTo(1_200);
    }

    @Test
    void keepsTheDoubleThatATrainerWroteAsItsClaim() {
        loss(1);
        log.add("train/total_flos", 1, 1.346142800487383e+17, MetricLog.NO_TIME);
        assertThat(run(log).reportedFlop().toBigInteger()).isEqualTo("134614280048738304");
    }

    @Test
    void countsNothingTwiceWhereOneFileIsGivenTwice() {
        for (long step = 1; step <= 10; step++) {
            log.add("num_tokens", step, 100 * step, 1_000_000 * step);
        }
        assertThat(run(log, log).progress().tokens()).isEqualTo(1_000);
    }

    @Test
    void dropsWhatCannotBeACount() {
        loss(1);
        log.add("num_tokens", 1, Double.NaN, MetricLog.NO_TIME);
        log.add("num_tokens", 2, -5, MetricLog.NO_TIME);
        log.add("num_tokens", 3, 1e300, MetricLog.NO_TIME);
        log.add("num_tokens", 4, Double.POSITIVE_INFINITY, MetricLog.NO_TIME);
        assertThat(run(log).progress().tokens()).isNull();
        assertThat(run(log).progress().steps()).isEqualTo(4);
    }
}
