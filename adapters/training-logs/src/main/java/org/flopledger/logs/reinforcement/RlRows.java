package org.flopledger.logs.reinforcement;

import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.units.Stage;

/**
 * Makes steps of the figures of reinforcement learning: the update, and each phase beside it with its own tokens. A step of which no
 * line is left is a step whose figures are not known; so is a phase whose tokens no line tells. Confined to one thread; usable once.
 */
final class RlRows {

    private static final long MOST_STEP = 1L << 50;
    private static final double MILLIS = 1e3;

    private final LoggedStepsBuilder steps = LoggedSteps.builder();
    private final RlPhases phases = new RlPhases();
    private long updates = 1;
    private long last = -1;
    private long rows;
    private long copies;
    private long missing;
    private long refused;
    private double seconds;
    private boolean everySecond = true;
    private boolean everyToken = true;
    private long longestPrompt;
    private long longestAnswer;
    private boolean unpadded;

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
            phases.newAttempt();
        } else if (last >= 0 && number > last + 1) {
            missing += number - last - 1;
            steps.steps(last + 1, number - last - 1).stage(Stage.REINFORCEMENT_LEARNING);
            steps.add();
        }
        last = number;
        rows++;
        addTime(step);
        boolean added = update(step, number);
        added &= phases.add(step, number, updates);
        longestPrompt = Math.max(longestPrompt, (long) Math.ceil(step.get(RlFigure.LONGEST_PROMPT)));
        longestAnswer = Math.max(longestAnswer, (long) Math.ceil(step.get(RlFigure.LONGEST_ANSWER)));
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
        RlPhases.fill(steps, tokens * updates, step.answers() * updates);
        return counted(steps.add());
    }

    private boolean counted(boolean added) {
        refused += added ? 0 : 1;
        return added;
    }

    /** Says that the lines do not tell which of several passes ran, so that phases may be missing. */
    void phasesAreMixed() {
        phases.areMixed();
    }

    /** Sets how many tokens a prompt and an answer may have; not positive if not known. */
    void longest(long prompt, long answer) {
        longestPrompt = Math.max(longestPrompt, prompt);
        longestAnswer = Math.max(longestAnswer, answer);
    }

    /** Says that sequences go through the model without padding. */
    void areUnpadded() {
        unpadded = true;
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
        phases.tell(run);
        tellLengths(run);
        warn(run);
        return true;
    }

    /** Counts leave padding out; where nothing says that there is none, sequences may be padded to the longest. */
    private void tellLengths(RunEvidence.Builder run) {
        long longest = longestPrompt > 0 && longestAnswer > 0 ? longestPrompt + longestAnswer : 0;
        run.longestSequence(longest);
        if (!unpadded) {
            run.unknown(Unknown.PADDING).paddedTo(longest);
        }
    }

    private void warn(RunEvidence.Builder run) {
        if (missing > 0) {
            run.warn(LogWarning.Code.LINES_MISSING, missing + " steps have no line; what they took is not known");
        }
        if (copies > 0) {
            run.warn(LogWarning.Code.REPEATED_LINES, copies + " lines tell a step again and are not counted");
        }
        if (refused + phases.refused() > 0) {
            run.warn(
                    LogWarning.Code.IMPLAUSIBLE_VALUE,
                    refused + phases.refused() + " figures make no sense and are not counted");
        }
        if (steps.attempts() > 1) {
            run.unknown(Unknown.LOST_STEPS);
            run.warn(
                    LogWarning.Code.RESTARTED,
                    "the run was started " + steps.attempts() + " times: what ran again is counted again");
        }
    }
}
