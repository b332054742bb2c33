package org.flopledger.huggingface.parts;

import org.flopledger.model.Norm;

/** Which learned values a family's norms have. */
public enum NormKind {
    /** A scale. */
    RMS,
    /** A scale and a bias. */
    LAYER,
    /** A LayerNorm that was made without its bias: a scale. */
    LAYER_WITHOUT_BIAS;

    public Norm of(long width) {
        return this == LAYER ? Norm.layer(width) : Norm.rms(width);
    }
}
