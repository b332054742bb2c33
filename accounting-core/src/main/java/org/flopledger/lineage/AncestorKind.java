package org.flopledger.lineage;

/**
 * How one model's weights came from another model.
 *
 * <p>All kinds but {@link #DISTILLED_FROM} carry weights over, so the ancestor's training compute is in the descendant. A
 * teacher hands over outputs, not weights; rules treat its training apart.
 */
public enum AncestorKind {
    /** Pre-training went on from these weights. */
    CONTINUED_FROM,
    /** All or most weights were trained further. */
    FINE_TUNED_FROM,
    /** A parameter-efficient method was trained on top of these weights. */
    PEFT_TRAINED_ON,
    /** The weights are one of several that were merged. */
    MERGED_FROM,
    /** The weights are one of several that were averaged. */
    AVERAGED_FROM,
    /** Some weights were copied before training began. */
    INITIALISED_FROM,
    /** Outputs of this model were training targets; no weights were taken over. */
    DISTILLED_FROM;

    /** Returns whether weights, and with them their training compute, are carried over. */
    public boolean carriesWeights() {
        return this != DISTILLED_FROM;
    }
}
