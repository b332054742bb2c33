package org.flopledger.model;

import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;
import org.jspecify.annotations.Nullable;

/**
 * A feed-forward layer of many experts, of which a router picks a few for each token, beside shared experts that every
 * token passes: {@code k g h f_e + g h f_s + h E} weights for each token, and h more where the shared expert has a gate.
 *
 * @param experts routed experts, E
 * @param active experts a token is sent to, k; at most E
 * @param expert what one routed expert is; its hidden width is {@code latent} if that is given
 * @param shared the shared experts as one layer of their joint width, or null
 * @param sharedGate whether a learned gate of one value weighs the shared experts (Qwen2-MoE)
 * @param routerBias whether the router has a trained bias; the balancing buffers of DeepSeek-V3 are not trained
 * @param latent width that tokens are projected to before the routed experts and back from after them; 0 for none
 * @param hiddenWidth width of the residual stream, h
 * @param executed how many routed experts the reference implementation multiplies every token with; k, or E for
 *     implementations that mask instead of dispatch (Llama 4 in transformers)
 * @param modules whether each expert's matrices are linear modules of their own, reachable by name
 * @param routerModule whether the router is a linear module of its own, reachable by name (Phi-3.5-MoE, Jamba, DBRX)
 */
public record MixtureOfExperts(
        long hiddenWidth,
        long experts,
        long active,
        DenseFeedForward expert,
        @Nullable DenseFeedForward shared,
        boolean sharedGate,
        boolean routerBias,
        long latent,
        long executed,
        boolean modules,
        boolean routerModule)
        implements FeedForwardKind {

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

    /** Makes experts whose router no adapter can be put on by name. */
    public MixtureOfExperts(
            long hiddenWidth,
            long experts,
            long active,
            DenseFeedForward expert,
            @Nullable DenseFeedForward shared,
            boolean sharedGate,
            boolean routerBias,
            long latent,
            long executed,
            boolean modules) {
        this(hiddenWidth, experts, active, expert, shared, sharedGate, routerBias, latent, executed, modules, false);
    }

    /** Returns experts without shared ones, biases or latent width, fused into one tensor as in transformers 5. */
    public static MixtureOfExperts of(long experts, long active, DenseFeedForward expert) {
        return new MixtureOfExperts(
                expert.hidden(), experts, active, expert, null, false, false, 0, active, false, false);
    }

    /** Returns these experts with shared experts beside them. */
    public MixtureOfExperts withShared(DenseFeedForward sharedExperts, boolean gate) {
        return new MixtureOfExperts(
                hiddenWidth,
                experts,
                active,
                expert,
                sharedExperts,
                gate,
                routerBias,
                latent,
                executed,
                modules,
                routerModule);
    }

    /** Returns these experts with or without a trained router bias. */
    public MixtureOfExperts withRouterBias(boolean present) {
        return new MixtureOfExperts(
                hiddenWidth,
                experts,
                active,
                expert,
                shared,
                sharedGate,
                present,
                latent,
                executed,
                modules,
                routerModule);
    }

    /** Returns these experts behind a router that an adapter can be put on by name. */
    public MixtureOfExperts withRouterModule() {
        return new MixtureOfExperts(
                hiddenWidth, experts, active, expert, shared, sharedGate, routerBias, latent, executed, modules, true);
    }

    /** Returns these experts as an implementation runs that multiplies every token with every expert. */
    public MixtureOfExperts executedByAll() {
        return new MixtureOfExperts(
                hiddenWidth,
                experts,
                active,
                expert,
                shared,
                sharedGate,
                routerBias,
                latent,
                experts,
                modules,
                routerModule);
    }

    /**
     * Returns these experts behind a projection to their own, shorter hidden width.
     *
     * @param streamWidth width of the residual stream
     */
    public MixtureOfExperts behindLatent(long streamWidth) {
        return new MixtureOfExperts(
                streamWidth,
                experts,
                active,
                expert,
                shared,
                sharedGate,
                routerBias,
                expert.hidden(),
                executed,
                modules,
                routerModule);
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

    int wire(Wiring wiring, int input) {
        int router = wiring.add(
                "mlp.router",
                Role.ROUTER,
                new Matrix(hiddenWidth, experts, routerBias, 1, 1, 1, false, routerModule),
                input);
        int entered = latent == 0
                ? input
                : wiring.add("mlp.fc1_latent_proj", Matrix.linear(hiddenWidth, latent, false), input);
        int routed = expert.wire(
                wiring,
                entered,
                Role.ROUTED_EXPERT,
                new Matrix(1, 1, false, experts, active, executed, false, modules));
        int weighted = wiring.join(routed, router);
        int left = latent == 0
                ? weighted
                : wiring.add("mlp.fc2_latent_proj", Matrix.linear(latent, hiddenWidth, false), weighted);
        return shared == null ? left : wiring.join(left, wireShared(wiring, input, shared));
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
