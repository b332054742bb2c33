package org.flopledger.units;

/**
 * A family of parameter-efficient fine-tuning methods, as step batches and findings name it.
 *
 * <p>The position of a constant is its code in a step batch and in stored state: append only, never reorder.
 *
 * <p>Recorded with a step, and named by the methods of a model.
 */
public enum PeftTechnique {
    OTHER,
    LORA,
    QLORA,
    RS_LORA,
    DORA,
    IA3,
    PROMPT_TUNING,
    PREFIX_TUNING,
    FROZEN_LAYERS,
    NORM_ONLY,
    LINEAR_PROBE
}
