package org.flopledger.logs.reinforcement;

import java.util.EnumMap;
import java.util.Map;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.logs.LoggedWork;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.StepPhase;
import org.flopledger.logs.console.Figures;

/**
 * Makes rows of what steps of reinforcement learning computed beside their update, each phase with its own tokens. A phase whose tokens
 * no line tells is a row without figures. Confined to one thread; usable once.
 */
final class RlPhases {

    private static final double MOST_TOKENS = 1L << 50;

    /** A copy of the policy takes as long as the policy for the same tokens; loading weights may take some more. */
    private static final double MOST_TIMES_A_COPY = 3;

    private final Map<StepPhase, LoggedStepsBuilder> phases = new EnumMap<>(StepPhase.class);
    private int attempts = 1;
    private double referenceSeconds;
    private double policySeconds;
    private boolean mixed;
    private boolean otherModels;
    private long refused;

    /** Says that the lines do not tell which of several passes ran, so that each step may have had others. */
    void areMixed() {
        mixed = true;
    }

    void newAttempt() {
        attempts++;
        phases.values().forEach(LoggedStepsBuilder::newAttempt);
    }

    /** Adds the phases of a step, in which answers may be trained on several times; returns false if something makes no sense. */
    boolean add(RlStep step, long number, long updates) {
        long before = refused;
        boolean cut = !step.tellsPhases();
        for (var told : RlStep.phases().entrySet()) {
            StepPhase phase = told.getValue();
            if (step.ran(told.getKey()) || (cut && phase == StepPhase.ROLLOUT)) {
                otherModels |= phase.isOfOtherModel();
                if (phase == StepPhase.ROLLOUT) {
                    addRollout(step, number);
                } else {
                    add(phase, number, step, phase.trains() ? (double) updates : 1.0);
                }
            } else if (cut && phases.containsKey(phase)) {
                // The line is cut before it says so; the steps before had the phase, and of this one nobody knows.
                begin(phase, number);
                commit(phase);
            }
        }
        if (mixed) {
            add(StepPhase.OTHER_PASSES, number, step, 1);
        }
        compareTimes(step);
        return refused == before;
    }

    private void compareTimes(RlStep step) {
        if (step.get(RlFigure.REFERENCE) > 0 && step.get(RlFigure.OLD_LOG_PROBABILITIES) > 0) {
            referenceSeconds += step.get(RlFigure.REFERENCE);
            policySeconds += step.get(RlFigure.OLD_LOG_PROBABILITIES);
        }
    }

    private boolean isCopy() {
        return referenceSeconds <= MOST_TIMES_A_COPY * policySeconds;
    }

    private void add(StepPhase phase, long number, RlStep step, double times) {
        fill(begin(phase, number), step.tokens() * times, step.answers() * times);
        commit(phase);
    }

    /** What was thrown away was written too. */
    private void addRollout(RlStep step, long number) {
        double all = step.tokens() * step.written();
        double answers = step.answers() * step.written();
        long written = Figures.wholeOf(step.generated() * step.written());
        long prompts = Figures.wholeOf(all) - written;
        if (written < 1 || prompts < 0) {
            boolean told = all >= 1;
            StepPhase phase = told ? StepPhase.UNDIVIDED_ROLLOUT : StepPhase.ROLLOUT;
            fill(begin(phase, number), all, answers);
            commit(phase);
            return;
        }
        fill(begin(StepPhase.ROLLOUT, number).generatedTokens(written), (double) written, answers);
        commit(StepPhase.ROLLOUT);
        if (prompts > 0) {
            fillPrompts(begin(StepPhase.PROMPTS, number), prompts, written, Math.round(answers));
            commit(StepPhase.PROMPTS);
        }
    }

    /** Answers look back at their prompts: what whole sequences score beyond the answers among themselves stands with the prompts. */
    private static void fillPrompts(LoggedStepsBuilder row, long prompts, long written, long answers) {
        row.tokens(prompts);
        if (answers < 1 || answers >= Integer.MAX_VALUE || answers > Math.min(prompts, written)) {
            return;
        }
        long alone = LoggedWork.leastSquares(prompts, answers);
        long all = LoggedWork.leastSquares(prompts + written, answers);
        // No more than one sequence of so many tokens could have.
        long most = LoggedWork.leastSquares(prompts, 1);
        row.sequences(answers)
                .squaredLengths(Math.min(most, Math.max(alone, all - LoggedWork.leastSquares(written, answers))));
    }

    private LoggedStepsBuilder begin(StepPhase phase, long number) {
        LoggedStepsBuilder rows = phases.get(phase);
        if (rows == null) {
            rows = LoggedSteps.builder();
            for (int attempt = 1; attempt < attempts; attempt++) {
                rows.newAttempt();
            }
            phases.put(phase, rows);
        }
        return rows.step(number).stage(phase.stage());
    }

    private void commit(StepPhase phase) {
        LoggedStepsBuilder rows = phases.get(phase);
        refused += rows == null || rows.add() ? 0 : 1;
    }

    /** Says tokens and answers as far as they are known: lengths differ from answer to answer, and only their mean is told. */
    static void fill(LoggedStepsBuilder row, double tokens, double answers) {
        if (!(tokens >= 1 && tokens < MOST_TOKENS)) {
            return;
        }
        long whole = Math.round(tokens);
        row.tokens(whole);
        if (answers >= 1 && answers < Integer.MAX_VALUE && Math.round(answers) <= whole) {
            row.sequences(Math.round(answers)).squaredLengths(LoggedWork.leastSquares(whole, Math.round(answers)));
        }
    }

    long refused() {
        return refused;
    }

    /** Says to a run's evidence what ran beside the updates. */
    void tell(RunEvidence.Builder run) {
        phases.forEach((phase, rows) ->
                run.work(phase == StepPhase.REFERENCE && !isCopy() ? StepPhase.OTHER_REFERENCE : phase, rows));
        if (!isCopy()) {
            run.warn(
                    LogWarning.Code.REFERENCE_IS_NO_COPY,
                    "the reference takes more than " + (int) MOST_TIMES_A_COPY
                            + " times as long as the policy for the same tokens, so it is taken for another model");
        }
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
    }
}
