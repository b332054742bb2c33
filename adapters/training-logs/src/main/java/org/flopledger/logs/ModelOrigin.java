package org.flopledger.logs;

/** Where the description of a run's model comes from. */
public enum ModelOrigin {
    /** Nothing describes the model. */
    NONE,
    /** A configuration file beside the log. */
    CONFIGURATION_FILE,
    /** What the log itself prints of its settings. */
    LOG,
    /** The rules of a benchmark that the log names. */
    BENCHMARK,
    /** Somebody declared it; nothing in the files says so. */
    DECLARED
}
