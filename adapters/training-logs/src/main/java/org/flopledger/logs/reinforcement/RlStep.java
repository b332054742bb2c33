package org.flopledger.logs.reinforcement;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.flopledger.logs.StepPhase;

/**
 * The figures of one step, and what follows from them; what does not follow is NaN. One instance serves all steps of a log. Confined to
 * one thread.
 */
final class RlStep {

    private static final Map<RlFigure, StepPhase> PHASES = new EnumMap<>(Map.of(
            RlFigure.ROLLOUT, StepPhase.ROLLOUT,
            RlFigure.OLD_LOG_PROBABILITIES, StepPhase.OLD_LOG_PROBABILITIES,
            RlFigure.REFERENCE, StepPhase.REFERENCE,
            RlFigure.REWARD, StepPhase.REWARD,
            RlFigure.VALUES, StepPhase.VALUES,
            RlFigure.CRITIC_UPDATE, StepPhase.CRITIC_UPDATE));
    private static final double HUNDRED = 100;

    private final double[] figures = new double[RlFigure.values().length];
    private double devices = Double.NaN;

    RlStep() {
        clear();
    }

    /** Forgets the step; how many devices there are stays. */
    void clear() {
        Arrays.fill(figures, Double.NaN);
    }

    void put(RlFigure figure, double value) {
        // A phase that took no time at all did not run.
        if (value >= 0 && value < 1e18) {
            figures[figure.ordinal()] = value;
        }
    }

    double get(RlFigure figure) {
        return figures[figure.ordinal()];
    }

    boolean has(RlFigure figure) {
        return !Double.isNaN(get(figure));
    }

    /** Returns whether a phase ran. */
    boolean ran(RlFigure phase) {
        boolean both = phase == RlFigure.OLD_LOG_PROBABILITIES || phase == RlFigure.REFERENCE;
        return get(phase) > 0
                || (both && get(RlFigure.BOTH_LOG_PROBABILITIES) > 0)
                || (phase == RlFigure.ROLLOUT && get(RlFigure.GENERATED_TOKENS) > 0);
    }

    /** Returns whether the line says of any phase that it ran, so that it says of those that did not. */
    boolean tellsPhases() {
        return PHASES.keySet().stream().anyMatch(this::ran) || ran(RlFigure.UPDATE) || has(RlFigure.SECONDS);
    }

    static Map<RlFigure, StepPhase> phases() {
        return PHASES;
    }

    /** Returns whether the figures are those of a step that trained, and not of a validation alone. */
    boolean isTrained() {
        return has(RlFigure.TOKENS)
                || has(RlFigure.DEVICE_TOKENS)
                || has(RlFigure.TRAINED)
                || ran(RlFigure.UPDATE)
                || has(RlFigure.SECONDS);
    }

    /** Learns how many devices there are where a speed tells: tokens / (seconds x speed). */
    void learnDevices() {
        double count = get(RlFigure.TOKENS) / (get(RlFigure.SECONDS) * get(RlFigure.DEVICE_SPEED));
        if (count >= 0.5 && count < 1e7) {
            devices = Math.rint(count);
        }
    }

    double devices() {
        return devices;
    }

    /** Returns tokens of all answers with their prompts. */
    double tokens() {
        if (has(RlFigure.TOKENS)) {
            return get(RlFigure.TOKENS);
        }
        double ofDevices = get(RlFigure.DEVICE_TOKENS) * devices;
        if (!Double.isNaN(ofDevices)) {
            return ofDevices;
        }
        double each = has(RlFigure.WHOLE_LENGTH)
                ? get(RlFigure.WHOLE_LENGTH)
                : get(RlFigure.PROMPT_LENGTH) + get(RlFigure.ANSWER_LENGTH);
        return each * get(RlFigure.ANSWERS);
    }

    /** Returns answers. */
    double answers() {
        double each = get(RlFigure.PROMPT_LENGTH) + get(RlFigure.ANSWER_LENGTH);
        return has(RlFigure.ANSWERS) ? get(RlFigure.ANSWERS) : tokens() / each;
    }

    /** Returns tokens that the policy wrote and that were kept. */
    double generated() {
        return has(RlFigure.GENERATED_TOKENS)
                ? get(RlFigure.GENERATED_TOKENS)
                : answers() * get(RlFigure.ANSWER_LENGTH);
    }

    /** Returns by how much more was written than kept, at least 1. */
    double written() {
        if (get(RlFigure.KEPT_PERCENT) > 0) {
            return Math.max(1, HUNDRED / get(RlFigure.KEPT_PERCENT));
        }
        double dropped = get(RlFigure.DROPPED) / answers();
        return dropped > 0 && dropped < 1e6 ? 1 + dropped : 1;
    }
}
