package org.flopledger.logs.metric;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.logs.LoggedWork;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Gives the steps that a tracker saw, those that a restart threw away among them, the size that the trainer's own file tells of the
 * surviving ones. Confined to one thread; usable once.
 */
final class RestartedWork {

    private final LoggedWork training;
    private final long survived;
    private final LoggedSteps seen;
    private final List<LoggedWork> work = new ArrayList<>();

    private RestartedWork(LoggedWork training, long survived, LoggedSteps seen) {
        this.training = training;
        this.survived = survived;
        this.seen = seen;
    }

    /**
     * Returns the work of a run whose steps a tracker saw, or null if the trainer's file does not tell their size.
     *
     * @param known the run as the trainer's file tells it
     * @param seen the steps of all starts
     * @param starts how often it was started
     * @param gap most steps between two rows of the tracker: so many may have been made after the last row of a start
     */
    static @Nullable RestartedWork of(LoggedRun known, LoggedSteps seen, int starts, long gap) {
        Long steps = known.progress().steps();
        if (known.work().isEmpty()
                || !known.work().get(0).isPriced()
                || steps == null
                || steps < 1
                || seen.rows() == 0) {
            return null;
        }
        var made = new RestartedWork(known.work().get(0), steps, seen);
        made.work.add(made.training);
        known.work().stream().skip(1).forEach(each -> made.work.add(made.scaled(each)));
        made.work.add(made.lost((long) (starts - 1) * gap));
        return made;
    }

    /** Returns what the run did, restarts included. */
    List<LoggedWork> work() {
        return work;
    }

    /** Returns the steps with their sizes. */
    LoggedSteps steps() {
        LoggedStepsBuilder steps = LoggedSteps.builder();
        int attempt = 0;
        LoggedSteps.Cursor row = seen.cursor();
        while (row.next()) {
            for (; attempt < row.attempt(); attempt++) {
                steps.newAttempt();
            }
            for (long step = row.first(); step < row.first() + row.count(); step++) {
                add(steps, step, row);
            }
        }
        return steps.build();
    }

    private void add(LoggedStepsBuilder steps, long step, LoggedSteps.Cursor row) {
        long sequences = Math.max(1, share(training.sequences(), step));
        long tokens = share(training.tokens(), step);
        steps.step(step).stage(row.stage()).sequences(sequences);
        if (training.tokens() != null) {
            steps.tokens(tokens).squaredLengths(LoggedWork.leastSquares(tokens, sequences));
        }
        steps.add();
    }

    /** Returns what falls to one step of an amount, such that the surviving steps add up to it. */
    private long share(@Nullable Long amount, long step) {
        if (amount == null) {
            return 0;
        }
        return until(amount, step).subtract(until(amount, step - 1)).longValueExact();
    }

    private BigInteger until(long amount, long step) {
        return BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(Math.max(0, step)))
                .divide(BigInteger.valueOf(survived));
    }

    private LoggedWork scaled(LoggedWork each) {
        return new LoggedWork(
                each.name(),
                each.variant(),
                each.stage(),
                each.formulas().get(0),
                scaled(each.tokens()),
                scaled(each.sequences()),
                scaled(each.squaredLengths()));
    }

    private @Nullable Long scaled(@Nullable Long amount) {
        return amount == null ? null : Long.valueOf(until(amount, seen.steps()).longValueExact());
    }

    /** Steps after the last row of a start that ended: none as far as is known, and at most the gap between two rows. */
    private LoggedWork lost(long steps) {
        BigInteger[] each = training.bounds().high().toBigInteger().divideAndRemainder(BigInteger.valueOf(survived));
        FlopCount most = FlopCount.of(each[0].add(BigInteger.valueOf(each[1].signum())));
        StepFormula formula = new StepFormula(
                training.formulas().get(0).method(),
                LinearForm.ZERO,
                LinearForm.ZERO,
                LinearForm.ZERO,
                LinearForm.eachSequence(most));
        // A step stands for a sequence here: its tokens are no part of the run's.
        return new LoggedWork("lost steps", "", training.stage(), formula, null, steps, null);
    }
}
