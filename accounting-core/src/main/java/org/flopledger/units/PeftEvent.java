package org.flopledger.units;

/**
 * What happened to a PEFT method (LoRA and its kin) in a step.
 *
 * <p>The position of a constant is its code in a step batch and in stored state: append only, never reorder.
 *
 * <p>Recorded with a step by anyone who changes adapters during a run.
 */
public enum PeftEvent {
    NONE,
    ATTACHED,
    TRAINED,
    MERGED,
    DETACHED
}
