package org.flopledger.logs.reinforcement;

import java.util.EnumSet;
import java.util.Set;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.StepPhase;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.console.Figures;
import org.flopledger.units.Stage;

/**
 * Makes steps of the figures of reinforcement learning: the update, and each phase beside it with its own tokens. A step of which no
 * line is left is a step whose figures are not known; so is a phase whose tokens no line tells. Confined to one thread; usable once.
 */
final class RlRows {

    private static final long MOST_STEP = 1L << 50;
    private static final double MOST_TOKENS = 1L << 50;
    private static final double MILLIS = 1e3;

    private final LoggedStepsBuilder steps = LoggedSteps.builder();
    private final Set<StepPhase> seen = EnumSet.noneOf(StepPhase.class);
    private long updates = 1;
    private long last = -1;
    private long rows;
    private long copies;
    private long missing;
    private long refused;
    private double seconds;
    private boolean everySecond = true;
    private boolean everyToken = true;
    private boolean otherModels;
    private boolean mixed;

    /** Sets how often each answer is trained on; not positive if not known. */
    void updates(long times) {
        updates = times > 0 && times < 1 << 20 ? times : 1;
    }

    long rows() {
        return rows;
    }

    /** Adds a step; returns false if it makes no sense. */
    boolean add(RlStep step, long number) {
        if (number < 0 || number > MOST_STEP) {
            refused++;
            return false;
        }
        if (number == last) {
            copies++;
            return true;
        }
        if (number < last) {
            steps.newAttempt();
        } else if (last >= 0 && number > last + 1) {
            missing += number - last - 1;
            steps.steps(last + 1, number - last - 1).stage(Stage.REINFORCEMENT_LEARNING);
            steps.add();
        }
        last = number;
        rows++;
        addTime(step);
        boolean added = update(step, number);
        added &= phases(step, number);
        return added;
    }

    private void addTime(RlStep step) {
        if (step.has(RlFigure.SECONDS) && step.get(RlFigure.SECONDS) < 1e9) {
            seconds += step.get(RlFigure.SECONDS);
        } else {
            everySecond = false;
        }
    }

    private boolean update(RlStep step, long number) {
        double tokens = step.tokens();
        everyToken &= tokens > 0;
        steps.step(number).stage(Stage.REINFORCEMENT_LEARNING);
        fill(steps, tokens * updates, step.answers() * updates);
        return counted(steps.add());
    }

    private boolean phases(RlStep step, long number) {
        boolean added = true;
        boolean cut = !step.tellsPhases();
        for (var phase : RlStep.phases().entrySet()) {
            boolean ran = step.ran(phase.getKey()) || (cut && phase.getValue() == StepPhase.ROLLOUT);
            if (ran) {
                seen.add(phase.getValue());
                added &= phase(step, number, phase.getValue());
            } else if (cut && seen.contains(phase.getValue())) {
                // The line is cut before it says so; the steps before had the phase, and of this one nobody knows.
                steps.beside(phase.getValue())
                        .step(number)
                        .stage(phase.getValue().stage());
                added &= counted(steps.beside(phase.getValue()).add());
            }
        }
        return added;
    }

    private boolean phase(RlStep step, long number, StepPhase phase) {
        LoggedStepsBuilder beside = steps.beside(phase).step(number).stage(phase.stage());
        double more = phase == StepPhase.ROLLOUT ? step.written() : phase.trains() ? updates : 1;
        otherModels |= !phase.isOfPolicy();
        fill(beside, step.tokens() * more, step.answers() * more);
        long written = Figures.wholeOf(step.generated() * more);
        long all = Figures.wholeOf(step.tokens() * more);
        if (phase == StepPhase.ROLLOUT && written > 0 && written <= all) {
            beside.generatedTokens(written);
        }
        return counted(beside.add());
    }

    /** Lengths differ from answer to answer, and only their mean is told. */
    private static void fill(LoggedStepsBuilder builder, double tokens, double answers) {
        if (tokens >= 1 && tokens < MOST_TOKENS) {
            builder.tokens(Math.round(tokens));
        }
        if (answers >= 1 && answers < Integer.MAX_VALUE && Math.round(answers) <= tokens) {
            builder.sequences(Math.round(answers));
        }
    }

    private boolean counted(boolean added) {
        refused += added ? 0 : 1;
        return added;
    }

    /** Says that the lines do not tell which of several passes ran, so that phases may be missing. */
    void phasesAreMixed() {
        mixed = true;
    }

    /** Says to a run's evidence what the steps tell; returns false if there are too many, so that nothing is counted. */
    boolean tell(RunEvidence.Builder run, long lines) {
        if (steps.isTooLong()) {
            return false;
        }
        run.stage(Stage.REINFORCEMENT_LEARNING)
                .lines(lines, rows)
                .unknown(Unknown.SEQUENCE_LENGTHS)
                .unknown(Unknown.PRIOR);
        run.steps(steps);
        if (everySecond && seconds > 0) {
            run.durationMillis(Math.round(seconds * MILLIS));
        }
        if (!everyToken || missing > 0) {
            run.unknown(Unknown.TOKENS);
        }
        run.unknown(Unknown.FORWARD_ONLY_WORK);
        if (otherModels) {
            run.warn(
                    LogWarning.Code.OTHER_MODELS,
                    "a critic or reward model ran beside the policy, and no line tells its size");
        }
        if (mixed) {
            run.warn(
                    LogWarning.Code.PHASES_NOT_TOLD,
                    "the lines do not tell each pass apart, so forward passes may be missing");
        }
        warn(run);
        return true;
    }

    private void warn(RunEvidence.Builder run) {
        if (missing > 0) {
            run.warn(LogWarning.Code.LINES_MISSING, missing + " steps have no line; what they took is not known");
        }
        if (copies > 0) {
            run.warn(LogWarning.Code.REPEATED_LINES, copies + " lines tell a step again and are not counted");
        }
        if (refused > 0) {
            run.warn(LogWarning.Code.IMPLAUSIBLE_VALUE, refused + " figures make no sense and are not counted");
        }
        if (steps.attempts() > 1) {
            run.unknown(Unknown.LOST_STEPS);
            run.warn(
                    LogWarning.Code.RESTARTED,
                    "the run was started " + steps.attempts() + " times: what ran again is counted again");
        }
    }
}
