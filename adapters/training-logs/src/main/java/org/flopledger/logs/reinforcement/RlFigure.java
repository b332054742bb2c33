package org.flopledger.logs.reinforcement;

/** What a step of reinforcement learning may say of itself, whatever its trainer calls it. */
enum RlFigure {
    /** Number of the step. */
    STEP,
    /** Tokens of all answers of the step, the prompt counted with each, of all devices. */
    TOKENS,
    /** Tokens of all answers of the step that the policy wrote, of all devices. */
    GENERATED_TOKENS,
    /** Answers of the step, of all devices. */
    ANSWERS,
    /** Mean tokens of a prompt. */
    PROMPT_LENGTH,
    /** Mean tokens of an answer without its prompt. */
    ANSWER_LENGTH,
    /** Mean tokens of an answer with its prompt. */
    WHOLE_LENGTH,
    /** Most tokens of a prompt. */
    LONGEST_PROMPT,
    /** Most tokens of an answer without its prompt. */
    LONGEST_ANSWER,
    /** Mean tokens of a device, prompts counted with each answer. */
    DEVICE_TOKENS,
    /** Seconds of the step. */
    SECONDS,
    /** Tokens a second and device. */
    DEVICE_SPEED,
    /** Seconds of the rollout: that it ran. */
    ROLLOUT,
    /** Seconds of old log-probabilities: that they ran. */
    OLD_LOG_PROBABILITIES,
    /** Seconds of the reference: that it ran. */
    REFERENCE,
    /** Seconds of old log-probabilities and of the reference together: that both ran. */
    BOTH_LOG_PROBABILITIES,
    /** Seconds of a reward model: that it ran. */
    REWARD,
    /** Seconds of the critic's values: that it ran. */
    VALUES,
    /** Seconds of the critic's update: that it ran. */
    CRITIC_UPDATE,
    /** Seconds of the policy's update: that it ran. */
    UPDATE,
    /** Answers that were written and thrown away. */
    DROPPED,
    /** Percent of answers that were kept. */
    KEPT_PERCENT,
    /** A figure that only says that the line tells a training step. */
    TRAINED
}
