package org.flopledger.estimation;

/**
 * Which activations are computed again in the backward pass. It adds executed FLOP and never model FLOP.
 *
 * <p>Source: Korthikanti et al., arXiv 2205.05198; torch.utils.checkpoint.
 */
public enum Recomputation {
    /** Nothing is recomputed. */
    NONE,
    /** The attention cores are: one more forward of scores and output. */
    SELECTIVE,
    /**
     * Every block is, in the manner of torch's non-reentrant checkpoint: it stops when the last saved value is back, so that
     * a last matrix product of a block whose result nothing keeps is skipped.
     */
    FULL,
    /** Every block is, completely: torch's reentrant checkpoint, Megatron-LM's full recomputation. */
    FULL_REENTRANT,
    /** Not known: no recomputation in the best figure, complete recomputation in the upper bound. */
    UNKNOWN
}
