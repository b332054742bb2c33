package org.flopledger.units;

/**
 * How a FLOP figure was obtained.
 *
 * <p>Figures of different methods stand side by side and are never averaged; a disagreement between them is a finding.
 *
 * <p>Every figure names the one it came by.
 */
public enum CountingMethod {
    /** From the operations of the model's layers. */
    ARCHITECTURE,
    /** From parameters and tokens: the 6ND family. */
    PARAMETER_TOKEN,
    /** From device-seconds, peak rate and utilisation. */
    HARDWARE,
    /** From a figure that the training framework wrote. A claim, to be checked. */
    REPORTED
}
