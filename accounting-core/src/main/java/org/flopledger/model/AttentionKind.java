package org.flopledger.model;

/**
 * How a block moves information between positions: attention, or a recurrence in its place.
 *
 * <p>All kinds are immutable records.
 */
public sealed interface AttentionKind extends Mixer
        permits DotProductAttention, LatentAttention, Mamba, Mamba2, GatedDeltaNet, LightningAttention {

    @Override
    default Operation.Role role() {
        return Operation.Role.ATTENTION;
    }
}
