package org.flopledger.model;

import java.util.List;
import org.flopledger.model.Block.SubLayer;
import org.flopledger.model.Operation.Role;

/**
 * What a block computes between two residual additions: attention or a {@link Recurrence}, which move information between
 * positions, or a feed-forward layer, which transforms each position by itself. What no kind describes is given operation by
 * operation, as a {@link Fragment}.
 *
 * <p>All kinds are immutable.
 */
public sealed interface Mixer
        permits DotProductAttention,
                LatentAttention,
                Recurrence,
                DenseFeedForward,
                MixtureOfExperts,
                FreeMixer,
                SideBySide {

    /** Returns a mixer given operation by operation that moves information between positions. */
    static Mixer attention(long hidden, Fragment fragment) {
        return new FreeMixer(hidden, Role.ATTENTION, fragment);
    }

    /** Returns a mixer given operation by operation that transforms each position by itself. */
    static Mixer feedForward(long hidden, Fragment fragment) {
        return new FreeMixer(hidden, Role.FEED_FORWARD, fragment);
    }

    /**
     * Returns mixers that read the same input and whose results are added: attention beside a state-space layer (Falcon-H1), a
     * dense layer beside experts (Gemma 4).
     *
     * @param parts the mixers with their own norms, at least one; all of one width
     */
    static Mixer sideBySide(List<SubLayer> parts) {
        return new SideBySide(parts);
    }

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
