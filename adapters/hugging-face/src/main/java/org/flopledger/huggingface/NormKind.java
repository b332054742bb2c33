package org.flopledger.huggingface;

import org.flopledger.model.Norm;

/** Which learned values a family's norms have. */
enum NormKind {
    /** A scale. */
    RMS,
    /** A scale and a bias. */
    LAYER,
    /** A LayerNorm that was made without its bias: a scale. */
    LAYER_WITHOUT_BIAS;

    Norm of(long width) {
        return this == LAYER ? Norm.layer(width) : Norm.rms(width);
    }
}
