package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;
import org.jspecify.annotations.Nullable;

/**
 * A feed-forward layer of many experts, of which a router picks a few for each token, beside shared experts that every
 * token passes: {@code k g h f_e + g h f_s + h E} weights for each token, and h more where the shared expert has a gate.
 *
 * <p>Built with {@link #of} and {@link #toBuilder}.
 *
 * <p>Part of a {@link Block}. Immutable.
 *
 * @param hiddenWidth width of the residual stream, h
 * @param experts routed experts, E
 * @param active experts a token is sent to, k; at most E
 * @param executed how many routed experts the reference implementation multiplies every token with; k, or E for
 *     implementations that mask instead of dispatch (Llama 4 in transformers)
 * @param expert what one routed expert is; its hidden width is {@code latent} if that is given
 * @param modules whether each expert's matrices are linear modules of their own, reachable by name
 * @param router what picks the experts
 * @param latent width that tokens are projected to before the routed experts and back from after them; 0 for none
 * @param shared the shared experts as one layer of their joint width, or null
 * @param sharedGate whether a learned gate of one value weighs the shared experts (Qwen2-MoE)
 */
public record MixtureOfExperts(
        long hiddenWidth,
        long experts,
        long active,
        long executed,
        DenseFeedForward expert,
        boolean modules,
        Router router,
        long latent,
        @Nullable DenseFeedForward shared,
        boolean sharedGate)
        implements Mixer {

    /** Checks the dimensions. */
    public MixtureOfExperts {
        Require.positive("hidden size", hiddenWidth);
        Require.positive("experts", experts);
        Require.positive("active experts", active);
        Require.atMost("active experts", active, "experts", experts);
        Require.atMost("executed experts", executed, "experts", experts);
        Require.notNegative("latent width", latent);
        requireWidth("expert", expert, latent == 0 ? hiddenWidth : latent);
        if (shared != null) {
            requireWidth("shared expert", shared, hiddenWidth);
        }
    }

    /**
     * The matrix that gives each expert a score.
     *
     * @param bias whether it has a trained bias; the balancing buffers of DeepSeek-V3 are not trained
     * @param module whether it is a linear module of its own, reachable by name (Phi-3.5-MoE, Jamba, DBRX)
     * @param values further learned values that scale or shift scores, inputs or outputs without a product
     */
    public record Router(boolean bias, boolean module, long values) {

        /** A matrix alone that no adapter can be put on by name. */
        public static final Router PLAIN = new Router(false, false, 0);

        /** Checks the number of values. */
        public Router {
            Require.notNegative("router values", values);
        }
    }

    /** Returns experts without shared ones, biases or latent width, fused into one tensor as in transformers 5. */
    public static MixtureOfExperts of(long experts, long active, DenseFeedForward expert) {
        return new MixtureOfExperts(
                expert.hidden(), experts, active, active, expert, false, Router.PLAIN, 0, null, false);
    }

    /** Returns a builder that starts from these experts. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Returns these experts with shared experts beside them. */
    public MixtureOfExperts withShared(DenseFeedForward sharedExperts, boolean gate) {
        return toBuilder().shared(sharedExperts, gate).build();
    }

    /** Returns these experts with another router. */
    public MixtureOfExperts withRouter(Router newRouter) {
        return toBuilder().router(newRouter).build();
    }

    /** Returns these experts as an implementation runs that multiplies every token with every expert. */
    public MixtureOfExperts executedByAll() {
        return toBuilder().executed(experts).build();
    }

    /**
     * Returns these experts behind a projection to their own, shorter hidden width.
     *
     * @param streamWidth width of the residual stream
     */
    public MixtureOfExperts behindLatent(long streamWidth) {
        return toBuilder().behindLatent(streamWidth).build();
    }

    /** Changes some of a {@link MixtureOfExperts}. Single-threaded. */
    public static final class Builder {
        private final MixtureOfExperts start;
        private long hiddenWidth;
        private long executed;
        private boolean modules;
        private Router router;
        private long latent;
        private @Nullable DenseFeedForward shared;
        private boolean sharedGate;

        private Builder(MixtureOfExperts start) {
            this.start = start;
            hiddenWidth = start.hiddenWidth;
            executed = start.executed;
            modules = start.modules;
            router = start.router;
            latent = start.latent;
            shared = start.shared;
            sharedGate = start.sharedGate;
        }

        /** Sets how many experts the reference implementation multiplies every token with. */
        public Builder executed(long count) {
            executed = count;
            return this;
        }

        /** Sets whether each expert's matrices are linear modules, reachable by name. */
        public Builder modules(boolean reachable) {
            modules = reachable;
            return this;
        }

        /** Sets what picks the experts. */
        public Builder router(Router newRouter) {
            router = newRouter;
            return this;
        }

        /** Puts a projection in front of the routed experts, from the stream's width to theirs. */
        public Builder behindLatent(long streamWidth) {
            hiddenWidth = streamWidth;
            latent = start.expert.hidden();
            return this;
        }

        /** Sets the shared experts and whether a gate weighs them. */
        public Builder shared(@Nullable DenseFeedForward sharedExperts, boolean gate) {
            shared = sharedExperts;
            sharedGate = gate;
            return this;
        }

        /**
         * Returns the experts.
         *
         * @throws IllegalArgumentException if a dimension is out of range or does not fit; the message names it
         */
        public MixtureOfExperts build() {
            return new MixtureOfExperts(
                    hiddenWidth,
                    start.experts,
                    start.active,
                    executed,
                    start.expert,
                    modules,
                    router,
                    latent,
                    shared,
                    sharedGate);
        }
    }

    @Override
    public Operation.Role role() {
        return Operation.Role.FEED_FORWARD;
    }

    @Override
    public long hidden() {
        return hiddenWidth;
    }

    private static void requireWidth(String what, DenseFeedForward layer, long expected) {
        if (layer.hidden() != expected) {
            throw new IllegalArgumentException(
                    "hidden size of the " + what + " is " + layer.hidden() + ", must be " + expected);
        }
    }

    @Override
    public int wire(Wiring wiring, int input, int source) {
        int scores = wireRouter(wiring, input);
        int entered = latent == 0
                ? input
                : wiring.add("mlp.fc1_latent_proj", Matrix.linear(hiddenWidth, latent, false), input);
        int routed = expert.wire(
                wiring,
                entered,
                Role.ROUTED_EXPERT,
                new Matrix(1, 1, false, experts, active, executed, false, modules));
        int weighted = wiring.join(routed, scores);
        int left = latent == 0
                ? weighted
                : wiring.add("mlp.fc2_latent_proj", Matrix.linear(latent, hiddenWidth, false), weighted);
        return shared == null ? left : wiring.join(left, wireShared(wiring, input, shared));
    }

    private int wireRouter(Wiring wiring, int input) {
        var matrix = new Matrix(hiddenWidth, experts, router.bias(), 1, 1, 1, false, router.module());
        int scores = wiring.add("mlp.router", Role.ROUTER, matrix, input);
        return router.values() == 0
                ? scores
                : wiring.add(
                        "mlp.router.scale", Role.ROUTER, new Operation.Elementwise(router.values(), false), scores);
    }

    private int wireShared(Wiring wiring, int input, DenseFeedForward layer) {
        int output = layer.wire(wiring, input, Role.SHARED_EXPERT, new Matrix(1, 1, false, 1, 1, 1, false, true));
        if (!sharedGate) {
            return output;
        }
        int gate =
                wiring.add("mlp.shared_expert_gate", Role.SHARED_EXPERT, Matrix.linear(hiddenWidth, 1, false), input);
        return wiring.join(output, gate);
    }
}
