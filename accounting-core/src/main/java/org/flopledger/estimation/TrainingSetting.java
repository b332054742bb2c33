package org.flopledger.estimation;

import org.flopledger.model.PeftMethod;

/**
 * How a model is run: what is trained, what is recomputed, which passes are made.
 *
 * <p>Immutable.
 *
 * <p>Given to {@link FlopEstimator#of} beside the model. Thread-safe.
 *
 * @param method what is trained
 * @param inputRequiresGradient whether gradients are computed down to the embedded input although nothing there is trained
 *     (transformers' enable_input_require_grads)
 * @param recomputation which activations are recomputed
 * @param fusedAttention whether a fused attention kernel recomputes the scores in its backward pass: one more score product
 *     of executed FLOP
 * @param pass which passes are made
 * @param sourceLength tokens of each encoder sequence where a run's records do not say; 0 if not known
 * @param chunkedHead whether the output head runs in chunks that are computed again in the backward pass (TRL's SFT trainer,
 *     fused losses): one more product of the head, executed
 */
public record TrainingSetting(
        PeftMethod method,
        boolean inputRequiresGradient,
        Recomputation recomputation,
        boolean fusedAttention,
        Pass pass,
        long sourceLength,
        boolean chunkedHead) {

    /** Everything is trained, nothing recomputed. */
    public static final TrainingSetting FULL =
            new TrainingSetting(PeftMethod.FULL, false, Recomputation.NONE, false, Pass.TRAINING, 0, false);

    /** One forward pass: rollouts, teachers, evaluation, log-probabilities. */
    public static final TrainingSetting FORWARD_ONLY = FULL.with(Pass.FORWARD_ONLY);

    /** The passes of a step. */
    public enum Pass {
        /** Forward and backward. */
        TRAINING,
        /** Forward alone. */
        FORWARD_ONLY,
        /** Forward and backward of the policy, forward of a frozen reference of the same base (DPO and relatives). */
        PREFERENCE
    }

    /** Checks the source length. */
    public TrainingSetting {
        if (sourceLength < 0) {
            throw new IllegalArgumentException("source length is " + sourceLength + ", must be >= 0");
        }
    }

    /** Returns this setting with another training method. */
    public TrainingSetting with(PeftMethod newMethod) {
        return new TrainingSetting(
                newMethod, inputRequiresGradient, recomputation, fusedAttention, pass, sourceLength, chunkedHead);
    }

    /** Returns this setting with another recomputation. */
    public TrainingSetting with(Recomputation newRecomputation) {
        return new TrainingSetting(
                method, inputRequiresGradient, newRecomputation, fusedAttention, pass, sourceLength, chunkedHead);
    }

    /** Returns this setting with other passes. */
    public TrainingSetting with(Pass newPass) {
        return new TrainingSetting(
                method, inputRequiresGradient, recomputation, fusedAttention, newPass, sourceLength, chunkedHead);
    }

    /** Returns this setting with gradients down to the embedded input. */
    public TrainingSetting withInputGradient() {
        return new TrainingSetting(method, true, recomputation, fusedAttention, pass, sourceLength, chunkedHead);
    }

    /** Returns this setting with a fused attention kernel. */
    public TrainingSetting withFusedAttention() {
        return new TrainingSetting(method, inputRequiresGradient, recomputation, true, pass, sourceLength, chunkedHead);
    }

    /** Returns this setting with so many tokens in each encoder sequence. */
    public TrainingSetting withSourceLength(long length) {
        return new TrainingSetting(
                method, inputRequiresGradient, recomputation, fusedAttention, pass, length, chunkedHead);
    }

    /** Returns this setting with an output head that runs in chunks. */
    public TrainingSetting withChunkedHead() {
        return new TrainingSetting(
                method, inputRequiresGradient, recomputation, fusedAttention, pass, sourceLength, true);
    }

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
}
