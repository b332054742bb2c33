package org.flopledger.logs;

/** What the files of a run leave open, so that a figure has to be an interval or is missing. */
public enum Unknown {
    /** How many sequences a step has. */
    BATCH_SIZE,
    /** How long the sequences are; a declared maximum bounds them. */
    SEQUENCE_LENGTHS,
    /** How much of the tokens is padding. */
    PADDING,
    /** How many tokens went through the model. */
    TOKENS,
    /** What the model is made of. */
    MODEL,
    /** Which parts of the model were trained. */
    TRAINED_PARTS,
    /** How many devices it ran on, and of what kind. */
    DEVICES,
    /** What the compute was for. */
    STAGE,
    /** Whether steps before a restart were lost, and how many. */
    LOST_STEPS,
    /** How much was evaluated. */
    EVALUATION,
    /** How much was generated or only computed forward, such as a reference model. */
    FORWARD_ONLY_WORK,
    /** What came before the run and went into its weights. */
    PRIOR
}
