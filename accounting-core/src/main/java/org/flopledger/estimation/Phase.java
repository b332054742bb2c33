package org.flopledger.estimation;

import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;

/**
 * One part of a post-training step: what one model computes for one purpose.
 *
 * <p>Immutable.
 *
 * @param name for people, such as {@code reference}
 * @param stage what the compute is for; rules differ in which stages they count
 * @param forward its forward passes
 * @param backward its backward passes
 * @param recomputed what is computed again in backward passes: executed, and no model FLOP
 */
public record Phase(String name, Stage stage, FlopCount forward, FlopCount backward, FlopCount recomputed) {

    /** Returns forward and backward passes. */
    public FlopCount model() {
        return forward.plus(backward);
    }

    /** Returns what runs, recomputation included. */
    public FlopCount executed() {
        return model().plus(recomputed);
    }
}
