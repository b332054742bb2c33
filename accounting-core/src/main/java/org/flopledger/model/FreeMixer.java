package org.flopledger.model;

import org.flopledger.model.Operation.Role;

/**
 * A mixer given operation by operation, for what no other kind describes.
 *
 * @param hidden width of the residual stream
 * @param role {@link Role#ATTENTION} or {@link Role#FEED_FORWARD}
 * @param fragment the operations
 */
record FreeMixer(long hidden, Role role, Fragment fragment) implements Mixer {

    /** Checks the width. */
    public FreeMixer {
        Require.positive("hidden size", hidden);
        if (role != Role.ATTENTION && role != Role.FEED_FORWARD) {
            throw new IllegalArgumentException("role is " + role + ", must be ATTENTION or FEED_FORWARD");
        }
    }

    @Override
    public boolean readsSource() {
        return fragment.readsSource();
    }

    @Override
    public int wire(Wiring wiring, int input, int source) {
        return fragment.wire(wiring, input, source);
    }
}
