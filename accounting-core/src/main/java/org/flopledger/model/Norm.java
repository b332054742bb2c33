package org.flopledger.model;

/**
 * A normalisation with learned values: RMSNorm has a scale, LayerNorm a scale and usually a bias.
 *
 * <p>A norm without learned values is described by leaving it out. Immutable.
 *
 * @param width values normalised together, or the number of learned scales where heads have scales of their own
 * @param bias whether there is a learned bias beside the scale
 */
public record Norm(long width, boolean bias) {

    /** Checks the width. */
    public Norm {
        Require.positive("norm width", width);
    }

    /** Returns a norm with a scale only. */
    public static Norm rms(long width) {
        return new Norm(width, false);
    }

    /** Returns a norm with a scale and a bias. */
    public static Norm layer(long width) {
        return new Norm(width, true);
    }

    /** Returns the number of learned values. */
    public long parameters() {
        return bias ? 2 * width : width;
    }
}
