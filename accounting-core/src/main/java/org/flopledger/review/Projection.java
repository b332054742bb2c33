package org.flopledger.review;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * When, and at which step, a run will pass each line, if it goes on at its pace.
 *
 * <p>Whole numbers throughout; the band comes from the bounds of what was spent and of the pace.
 *
 * <p>{@code ComputeLedger.project} returns its crossings, for anyone who plans a run. Pure, so safe on any thread.
 */
public final class Projection {

    /**
     * How a run goes on.
     *
     * @param stage what the coming compute is for
     * @param flop what {@code steps} steps cost
     * @param steps how many steps that is, at least 1
     * @param time how long they take; null if unknown
     * @param stepsDone steps done so far
     * @param stepsPlanned steps of the whole run; null if there is no plan
     */
    public record Pace(
            Stage stage,
            FlopBounds flop,
            long steps,
            @Nullable Duration time,
            long stepsDone,
            @Nullable Long stepsPlanned) {

        /** Checks the ranges. */
        public Pace {
            if (steps < 1) {
                throw new IllegalArgumentException("steps of a pace is " + steps + ", must be >= 1");
            }
            if (stepsDone < 0) {
                throw new IllegalArgumentException("steps done is " + stepsDone + ", must be >= 0");
            }
            if (stepsPlanned != null && stepsPlanned < stepsDone) {
                throw new IllegalArgumentException(
                        "steps planned is " + stepsPlanned + ", must be >= steps done " + stepsDone);
            }
            if (time != null && time.isNegative()) {
                throw new IllegalArgumentException("time of a pace is " + time + ", must not be negative");
            }
        }

        /** Returns the pace of the run so far. */
        public static Pace soFar(
                Stage stage, FlopBounds spent, long stepsDone, @Nullable Duration elapsed, @Nullable Long planned) {
            return new Pace(stage, spent, stepsDone, elapsed, stepsDone, planned);
        }

        /**
         * Returns the compute still to come as a line for {@link Facts.Builder#planned}; null if there is no plan or it is
         * done. Fractions of a FLOP are rounded down.
         *
         * @throws ArithmeticException if it is above {@link FlopCount#MAX_VALUE}
         */
        public Facts.@Nullable Line remaining() {
            if (stepsPlanned == null || stepsPlanned == stepsDone) {
                return null;
            }
            return Facts.Line.of(
                    stage,
                    new FlopBounds(
                            share(flop.low(), stepsPlanned - stepsDone),
                            share(flop.best(), stepsPlanned - stepsDone),
                            share(flop.high(), stepsPlanned - stepsDone)));
        }

        private FlopCount share(FlopCount amount, long toDo) {
            return FlopCount.of(
                    amount.toBigInteger().multiply(BigInteger.valueOf(toDo)).divide(BigInteger.valueOf(steps)));
        }
    }

    /**
     * One line that will be passed.
     *
     * @param rule the rule that draws it
     * @param threshold the line
     * @param earliestStep the first step at which it may be passed
     * @param step the step at which the best figure passes it; null if not within 2<sup>63</sup> steps
     * @param latestStep the step at which the least figure passes it; null if it never does
     * @param earliestAt when, at the earliest; null if the pace has no time
     * @param at when the best figure passes it; null likewise
     * @param latestAt when, at the latest; null likewise
     * @param withinPlan whether the best figure passes it before the plan ends; true without a plan
     */
    public record Crossing(
            ReviewRule rule,
            FlopCount threshold,
            @Nullable Long earliestStep,
            @Nullable Long step,
            @Nullable Long latestStep,
            @Nullable Instant earliestAt,
            @Nullable Instant at,
            @Nullable Instant latestAt,
            boolean withinPlan) {}

    private final Facts facts;
    private final Pace pace;
    private final Instant now;

    private Projection(Facts facts, Pace pace, Instant now) {
        this.facts = facts;
        this.pace = pace;
        this.now = now;
    }

    /**
     * Returns the lines of a profile that the run has not passed and will pass at its pace, in the profile's order.
     *
     * @param facts what was spent so far
     * @param pace how it goes on
     * @param clock the present moment
     */
    public static List<Crossing> of(ReviewProfile profile, Facts facts, Pace pace, InstantSource clock) {
        Projection projection = new Projection(facts, pace, clock.instant());
        List<Crossing> crossings = new ArrayList<>();
        for (ReviewRule.Threshold threshold : profile.thresholds(facts)) {
            Crossing crossing = projection.crossing(threshold);
            if (crossing != null) {
                crossings.add(crossing);
            }
        }
        return crossings;
    }

    private @Nullable Crossing crossing(ReviewRule.Threshold threshold) {
        if (!threshold.counts(Facts.Line.of(pace.stage(), pace.flop()))) {
            return null;
        }
        FlopBounds counted = threshold.ancestors();
        for (Facts.Line line : facts.lines()) {
            if (threshold.counts(line)) {
                counted = counted.plus(line.flop());
            }
        }
        if (threshold.isPassedBy(counted.low()) || pace.flop().high().isZero()) {
            return null;
        }
        BigInteger goal = threshold.leastPassing().toBigInteger();
        Long earliest = stepsToGo(goal, counted.high(), pace.flop().high());
        Long best = stepsToGo(goal, counted.best(), pace.flop().best());
        Long latest = stepsToGo(goal, counted.low(), pace.flop().low());
        Long step = atStep(best);
        Long planned = pace.stepsPlanned();
        return new Crossing(
                threshold.rule(),
                threshold.level(),
                atStep(earliest),
                step,
                atStep(latest),
                after(earliest),
                after(best),
                after(latest),
                step != null && (planned == null || step <= planned));
    }

    /** Returns the least number of further steps that reaches the goal; null if that is no 64-bit number. */
    private @Nullable Long stepsToGo(BigInteger goal, FlopCount counted, FlopCount perSteps) {
        BigInteger missing = goal.subtract(counted.toBigInteger());
        if (missing.signum() <= 0) {
            return 0L;
        }
        if (perSteps.isZero()) {
            return null;
        }
        BigInteger flop = perSteps.toBigInteger();
        BigInteger steps = missing.multiply(BigInteger.valueOf(pace.steps()))
                .add(flop)
                .subtract(BigInteger.ONE)
                .divide(flop);
        return steps.bitLength() < Long.SIZE ? steps.longValueExact() : null;
    }

    private @Nullable Long atStep(@Nullable Long toGo) {
        return toGo == null || toGo > Long.MAX_VALUE - pace.stepsDone() ? null : pace.stepsDone() + toGo;
    }

    private @Nullable Instant after(@Nullable Long toGo) {
        Duration time = pace.time();
        if (toGo == null || time == null) {
            return null;
        }
        try {
            return now.plus(time.multipliedBy(toGo).dividedBy(pace.steps()));
        } catch (ArithmeticException | DateTimeException e) {
            // Beyond the calendar: a step number still says when, a date does not.
            return null;
        }
    }
}
