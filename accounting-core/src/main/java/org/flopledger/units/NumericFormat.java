package org.flopledger.units;

/**
 * The format in which an operation's inputs are held.
 *
 * <p>A format is a tag: one operation weighs 1 in every format. It matters for a device's peak rate and for chip figures
 * that multiply operations by bit length.
 *
 * <p>Named to ask an accelerator for its peak rate.
 */
public enum NumericFormat {
    FP64(64),
    FP32(32),
    TF32(32),
    BF16(16),
    FP16(16),
    FP8(8),
    INT8(8),
    FP6(6),
    FP4(4),
    INT4(4);

    private final int bits;

    NumericFormat(int bits) {
        this.bits = bits;
    }

    /** Returns the bit length of one input. TF32 is stored in 32 bits although it multiplies 19. */
    public int bits() {
        return bits;
    }
}
