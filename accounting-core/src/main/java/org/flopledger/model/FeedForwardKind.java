package org.flopledger.model;

/**
 * How a block transforms each position by itself.
 *
 * <p>All kinds are immutable records.
 */
public sealed interface FeedForwardKind extends Mixer permits DenseFeedForward, MixtureOfExperts {

    @Override
    default Operation.Role role() {
        return Operation.Role.FEED_FORWARD;
    }

    /**
     * Conventional module names inside a block. Equal names of gate and up mean one fused projection; a plain feed-forward
     * has no gate and ignores its name.
     *
     * @param gate name of the gate projection, such as {@code mlp.gate_proj}
     * @param up name of the projection to the inner width
     * @param down name of the projection back
     */
    record Names(String gate, String up, String down) {

        /** The names of Llama and its many relatives. */
        public static final Names LLAMA = new Names("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj");

        boolean isFused() {
            return gate.equals(up);
        }
    }
}
