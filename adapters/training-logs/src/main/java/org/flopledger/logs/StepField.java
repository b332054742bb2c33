package org.flopledger.logs;

/** What a log can say of a step, as whole numbers. Figures are those of all devices together. */
public enum StepField {
    /** Tokens that went through the model in each step, padding included. */
    TOKENS,
    /** Of them, padding. */
    PADDING_TOKENS,
    /** Of them, tokens that the model itself produced: forward-only work. */
    GENERATED_TOKENS,
    /** Sequences in each step. */
    SEQUENCES,
    /** Sum over the sequences of each step of their squared lengths. */
    SQUARED_LENGTHS,
    /** When the first step of a row began, microseconds since 1970 UTC. */
    STARTED_AT_MICROS,
    /** When the last step of a row ended, microseconds since 1970 UTC. */
    ENDED_AT_MICROS,
    /** Microseconds of work of all devices together in each step. */
    DEVICE_MICROS
}
