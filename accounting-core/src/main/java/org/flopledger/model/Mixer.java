package org.flopledger.model;

import org.flopledger.model.Operation.Role;

/** What a block computes between two residual additions. */
public sealed interface Mixer permits AttentionKind, FeedForwardKind, FreeMixer, SideBySide {

    /** Returns the width of the residual stream it reads and writes. */
    long hidden();

    /** Returns which part of the model its operations belong to where they do not say it themselves. */
    Role role();

    /** Returns whether it reads the output of an encoder. */
    default boolean readsSource() {
        return false;
    }

    /**
     * Adds the operations and returns the one that holds the result; called by the block it stands in.
     *
     * @param wiring the model so far
     * @param input the operation whose result it reads
     * @param source the encoder's output, or a negative number where there is none
     */
    int wire(Wiring wiring, int input, int source);
}
