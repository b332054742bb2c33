package org.flopledger.logs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.StepField;
import org.junit.jupiter.api.Test;

class StepRowsTest {

    private static LoggedRun run(ConsoleRows rows) {
        RunEvidence.Builder run = RunEvidence.of("x");
        assertThat(rows.tell(run, 1)).isTrue();
        return run.build().toRun(new LogFormat("x"), List.of());
    }

    @Test
    void aRowStandsForTheStepsSinceTheOneBefore() {
        var rows = new ConsoleRows(1).batch(4).sequenceLength(10);
        for (long step = 10; step <= 50; step += 10) {
            rows.row(step);
            assertThat(rows.add()).isTrue();
        }

        LoggedRun run = run(rows);

        assertThat(run.progress().steps()).isEqualTo(50);
        assertThat(run.progress().tokens()).isEqualTo(50 * 4 * 10);
        assertThat(run.observations().rows()).isEqualTo(1);
    }

    @Test
    void theFirstRowOfOneStepIsOneStep() {
        var rows = new ConsoleRows(0).batch(1).sequenceLength(1);
        for (long step : new long[] {0, 10, 20}) {
            rows.row(step);
            rows.add();
        }

        assertThat(run(rows).progress().steps()).isEqualTo(21);
    }

    @Test
    void aLogThatBeginsLaterCountsOnlyWhatItTells() {
        var rows = new ConsoleRows(1).batch(2).sequenceLength(8).resumesAfter(1800);
        for (long step : new long[] {1810, 1820}) {
            rows.row(step).samplesSoFar(2 * step);
            rows.add();
        }

        LoggedRun run = run(rows);

        assertThat(run.progress().steps()).isEqualTo(20);
        assertThat(run.progress().samples()).isEqualTo(40);
        assertThat(run.progress().lastStep()).isEqualTo(1820);
        assertThat(rows.madeBefore()).isEqualTo(1800);
    }

    @Test
    void sumsAreKeptToTheLastSample() {
        var rows = new ConsoleRows(1).interval(3).sequenceLength(5);
        rows.row(3).samplesSoFar(10);
        rows.add();
        rows.row(6).samplesSoFar(30);
        rows.add();

        LoggedRun run = run(rows);

        assertThat(run.progress().samples()).isEqualTo(30);
        assertThat(run.progress().tokens()).isEqualTo(150);
    }

    @Test
    void aStepNumberThatGoesBackIsARestartAndItsWorkCounts() {
        var rows = new ConsoleRows(1).interval(1).batch(1).sequenceLength(4);
        for (long step : new long[] {1, 2, 3, 4, 3, 4, 5}) {
            rows.row(step);
            rows.add();
        }

        LoggedRun run = run(rows);

        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.observations().total(StepField.TOKENS)).isEqualTo(7 * 4);
        assertThat(ConsoleLogs.codes(run)).containsExactly(LogWarning.Code.RESTARTED);
    }

    @Test
    void aRestartBehindTheLastLineIsKnownByItsCheckpoint() {
        var rows = new ConsoleRows(1).interval(10).batch(1).sequenceLength(1).resumesAfter(0);
        rows.row(10);
        rows.add();
        rows.row(20);
        rows.add();
        rows.resumesAfter(15);
        rows.row(30);
        rows.add();

        LoggedRun run = run(rows);

        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.progress().steps()).isEqualTo(20 + 15);
    }

    @Test
    void theSameStepOfAnotherProcessIsACopy() {
        var rows = new ConsoleRows(1).interval(1).batch(1).sequenceLength(1);
        for (long step = 1; step <= 5; step++) {
            for (int rank = 1; rank <= 3; rank++) {
                rows.row(step).label(rank);
                rows.add();
            }
        }
        rows.row(4).label(2);
        rows.add();

        LoggedRun run = run(rows);

        assertThat(run.attempts()).isEqualTo(1);
        assertThat(run.progress().steps()).isEqualTo(5);
        assertThat(ConsoleLogs.codes(run)).containsExactly(LogWarning.Code.REPEATED_LINES);
    }

    @Test
    void takesNoStepBeyondReason() {
        var rows = new ConsoleRows(1).batch(1);
        rows.row(Long.MAX_VALUE);
        assertThat(rows.add()).isFalse();
        rows.row(0);
        assertThat(rows.add()).isFalse();
        rows.row(1);
        assertThat(rows.add()).isTrue();
        rows.row(LoggedSteps.MOST_STEPS + 5);
        assertThat(rows.add()).isFalse();

        assertThat(rows.tell(RunEvidence.of("x"), 1)).isFalse();
    }

    @Test
    void manyTimedRowsStaySmall() {
        var rows = new ConsoleRows(1).interval(1).batch(1).sequenceLength(8);
        for (long step = 1; step <= 300_000; step++) {
            rows.row(step).micros(1_000_000 * step).seconds(1.5);
            rows.add();
        }

        LoggedRun run = run(rows);

        assertThat(run.observations().rows()).isLessThan(51_000);
        assertThat(run.progress().steps()).isEqualTo(300_000);
        assertThat(run.timing().durationMillis()).isEqualTo(450_000_000);
        assertThat(run.timing().end()).hasToString("1970-01-04T11:20:00Z");
    }
}
