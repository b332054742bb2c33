package org.flopledger.units;

/**
 * What a piece of compute was for. Rules differ in which stages they count, so the stage is recorded and never decided here.
 *
 * <p>The position of a constant is its code in a step batch and in stored state: append only, never reorder.
 *
 * <p>Recorded with every step.
 */
public enum Stage {
    UNKNOWN,
    PRETRAINING,
    CONTINUED_PRETRAINING,
    SUPERVISED_FINE_TUNING,
    PREFERENCE_OPTIMIZATION,
    REINFORCEMENT_LEARNING,
    ROLLOUT_GENERATION,
    SYNTHETIC_DATA_GENERATION,
    TEACHER_INFERENCE,
    REWARD_MODEL_TRAINING,
    EVALUATION,
    EXPLORATION;

    /**
     * Returns whether steps of this stage change the run's own weights, so that a later attempt which repeats them has thrown
     * the earlier ones away. Work of unknown purpose is taken to.
     */
    public boolean updatesWeights() {
        return switch (this) {
            case UNKNOWN,
                    PRETRAINING,
                    CONTINUED_PRETRAINING,
                    SUPERVISED_FINE_TUNING,
                    PREFERENCE_OPTIMIZATION,
                    REINFORCEMENT_LEARNING,
                    REWARD_MODEL_TRAINING -> true;
            case ROLLOUT_GENERATION, SYNTHETIC_DATA_GENERATION, TEACHER_INFERENCE, EVALUATION, EXPLORATION -> false;
        };
    }
}
