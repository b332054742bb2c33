package org.flopledger.estimation;

import java.util.List;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/**
 * What the passes over a batch cost, exact under one convention.
 *
 * <p>Immutable.
 *
 * <p>{@link FlopEstimator#estimate(Batch)} returns it. Thread-safe.
 *
 * @param forward forward pass of the trained model
 * @param backward its backward pass
 * @param reference forward pass of a frozen reference model (preference optimisation)
 * @param recomputed what is computed again in the backward pass
 * @param bounds low: each layer by its own mask, scans at their cheapest, nothing recomputed; best: this convention; high: the
 *     whole square of scores, scans at their dearest, and what is recomputed. 6 N D may lie outside: it counts no scores, and
 *     embeddings that nothing multiplies; it is a line of its own ({@link Convention#SIX_ND})
 * @param convention what the figure counts
 * @param unknown in words, what had to be assumed; empty for a closed form
 */
public record StepEstimate(
        FlopCount forward,
        FlopCount backward,
        FlopCount reference,
        FlopCount recomputed,
        FlopBounds bounds,
        Convention convention,
        List<String> unknown) {

    /** Copies what was unknown. */
    public StepEstimate {
        unknown = List.copyOf(unknown);
    }

    /** Returns what the architecture needs: the numerator of model FLOP utilisation. */
    public FlopCount model() {
        return forward.plus(backward).plus(reference);
    }

    /** Returns what runs, recomputation included: the numerator of hardware FLOP utilisation. */
    public FlopCount executed() {
        return model().plus(recomputed);
    }

    /** Returns how the figure was obtained: from operations, or from parameters and tokens. */
    public CountingMethod method() {
        return convention.countsOperations() ? CountingMethod.ARCHITECTURE : CountingMethod.PARAMETER_TOKEN;
    }

    /** Returns the model FLOP as a figure with bounds, method and convention. */
    public Estimate toEstimate() {
        return new Estimate(bounds, method(), convention.id(), unknown);
    }
}
