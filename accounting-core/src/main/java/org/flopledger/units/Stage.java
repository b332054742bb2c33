package org.flopledger.units;

/**
 * What a piece of compute was for. Rules differ in which stages they count, so the stage is recorded and never decided here.
 *
 * <p>The position of a constant is its code in a step batch and in stored state: append only, never reorder.
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
    EXPLORATION
}
