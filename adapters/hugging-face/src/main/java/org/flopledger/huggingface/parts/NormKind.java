package org.flopledger.huggingface.parts;

import org.flopledger.model.Norm;
import org.jspecify.annotations.Nullable;

/** Which learned values a family's norms have. */
public enum NormKind {
    /** A scale. */
    RMS,
    /** A scale and a bias. */
    LAYER,
    /** A LayerNorm that was made without its bias: a scale. */
    LAYER_WITHOUT_BIAS,
    /** None (OLMo). */
    NONE;

    /** Returns the norm of so many values; null where it has no learned values. */
    public @Nullable Norm of(long width) {
        return switch (this) {
            case LAYER -> Norm.layer(width);
            case RMS, LAYER_WITHOUT_BIAS -> Norm.rms(width);
            case NONE -> null;
        };
    }
}
