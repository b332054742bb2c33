package org.flopledger.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a model in the order in which it runs, with the operations whose results it reads.
 *
 * <p>This is the form in which a description is counted: parameters, trainable parts and FLOP are all sums over it.
 * Operations without learned values and without matrix products (activations, rotary positions, residual additions) appear
 * only where they join two inputs. Immutable.
 *
 * @param path the module's conventional name, such as {@code model.layers.0.self_attn.q_proj}
 * @param layer index of the block it belongs to, counted over all stacks, or -1 outside the blocks
 * @param domain what it runs once for
 * @param role which part of the model it belongs to
 * @param kind what it computes
 * @param inputs positions in the list of the operations it reads
 * @param repeated whether its learned values are those of an earlier operation, counted there (layers that share weights)
 */
public record Operation(
        String path, int layer, Domain domain, Role role, Kind kind, List<Integer> inputs, boolean repeated) {

    /** Copies the inputs. */
    public Operation {
        inputs = List.copyOf(inputs);
    }

    /** Makes an operation with learned values of its own. */
    public Operation(String path, int layer, Domain domain, Role role, Kind kind, List<Integer> inputs) {
        this(path, layer, domain, role, kind, inputs, false);
    }

    /** Returns the learned values it adds to the model. */
    public long parameters() {
        return repeated ? 0 : kind.parameters();
    }

    /** What an operation runs once for. */
    public enum Domain {
        /** Each token of the main stack. */
        TOKEN,
        /** Each token of the encoder that a decoder attends to. */
        SOURCE_TOKEN,
        /** Each position whose output is predicted; every token unless a loss skips some. */
        PREDICTION,
        /** Each sequence, image or recording. */
        SEQUENCE
    }

    /** Which part of a model, and so of a parameter count, an operation belongs to. */
    public enum Role {
        INPUT_EMBEDDING,
        OUTPUT_HEAD,
        ROUTER,
        ROUTED_EXPERT,
        SHARED_EXPERT,
        /** Moving information between positions: attention, or a recurrence in its place. */
        ATTENTION,
        /** Transforming each position by itself. */
        FEED_FORWARD,
        OTHER
    }

    /** What an operation computes. */
    public sealed interface Kind {

        /** Returns the learned values it holds; 0 where they are shared with another operation. */
        default long parameters() {
            return 0;
        }

        /** Returns the learned values one token meets; fewer than all only for routed experts. */
        default long activeParameters() {
            return parameters();
        }

        /** Returns those of the learned values that are added to results as biases. */
        default long biases() {
            return 0;
        }
    }

    /**
     * A table of learned vectors that is looked up; no product.
     *
     * @param rows entries
     * @param width length of a vector
     */
    public record Table(long rows, long width) implements Kind {
        @Override
        public long parameters() {
            return Math.multiplyExact(rows, width);
        }
    }

    /**
     * A product with a learned matrix, {@code Y = X W}.
     *
     * @param in width of X
     * @param out width of Y
     * @param bias whether a learned bias is added
     * @param copies matrices of this shape, more than 1 for experts
     * @param active how many of the copies one token is multiplied with
     * @param executed how many of the copies the reference implementation multiplies every token with
     * @param tied whether the weight is the input embedding's, counted there
     * @param module whether it is a linear module of its own, so that an adapter can be put on it by name
     */
    public record Matrix(
            long in, long out, boolean bias, long copies, long active, long executed, boolean tied, boolean module)
            implements Kind {

        /** Returns a linear module with one matrix. */
        public static Matrix linear(long in, long out, boolean bias) {
            return new Matrix(in, out, bias, 1, 1, 1, false, true);
        }

        /** Returns the values of one matrix without its bias. */
        public long weight() {
            return Math.multiplyExact(in, out);
        }

        private long each() {
            return (tied ? 0 : weight()) + (bias ? out : 0);
        }

        @Override
        public long parameters() {
            return Math.multiplyExact(each(), copies);
        }

        @Override
        public long activeParameters() {
            return Math.multiplyExact(each(), active);
        }

        @Override
        public long biases() {
            return bias ? Math.multiplyExact(out, copies) : 0;
        }
    }

    /**
     * Learned values that scale, shift or otherwise touch each value without a matrix product.
     *
     * @param parameters how many
     * @param norm whether they belong to a normalisation
     * @param biases how many of them are biases
     */
    public record Elementwise(long parameters, boolean norm, long biases) implements Kind {

        /** Makes values none of which is a bias. */
        public Elementwise(long parameters, boolean norm) {
            this(parameters, norm, 0);
        }
    }

    /**
     * The attention core: scores {@code Q K^T} and output {@code P V}; inputs are query, key and value.
     *
     * @param heads query heads; sharing of keys and values does not change the products
     * @param keyValueHeads key and value heads
     * @param keyWidth length of a query and a key
     * @param valueWidth length of a value
     * @param reach which positions a query sees
     */
    public record Core(long heads, long keyValueHeads, long keyWidth, long valueWidth, Reach reach) implements Kind {}

    /**
     * A convolution over raw input of a fixed size, such as patch embedding.
     *
     * @param in channels read
     * @param out channels written
     * @param kernel elements of the kernel, such as 16 x 16
     * @param outputs positions written for each sequence
     * @param bias whether a learned bias is added
     */
    public record Convolution(long in, long out, long kernel, long outputs, boolean bias) implements Kind {

        /** Checks the dimensions. */
        public Convolution {
            Require.positive("convolution input channels", in);
            Require.positive("convolution output channels", out);
            Require.positive("convolution kernel", kernel);
            Require.positive("convolution outputs", outputs);
        }

        @Override
        public long parameters() {
            return Math.addExact(Math.multiplyExact(Math.multiplyExact(in, out), kernel), biases());
        }

        @Override
        public long biases() {
            return bias ? out : 0;
        }
    }

    /**
     * A causal convolution along the sequence, each channel by itself.
     *
     * @param channels channels
     * @param kernel positions seen
     * @param bias whether a learned bias is added
     */
    public record DepthwiseConvolution(long channels, long kernel, boolean bias) implements Kind {
        @Override
        public long parameters() {
            return Math.multiplyExact(channels, kernel + (bias ? 1 : 0));
        }

        @Override
        public long biases() {
            return bias ? channels : 0;
        }
    }

    /**
     * A product of activations with a recurrent state, once per token; inputs are the two factors.
     *
     * @param multiplyAdds multiply-adds for each token
     * @param low the least any published implementation needs
     * @param high the most any published implementation needs
     * @param padding the most positions that an implementation in chunks adds to a sequence
     */
    public record StateProduct(long multiplyAdds, long low, long high, long padding) implements Kind {

        /** Returns a product whose cost is the same in every implementation. */
        public static StateProduct exactly(long multiplyAdds) {
            return new StateProduct(multiplyAdds, multiplyAdds, multiplyAdds, 0);
        }
    }

    /** Element by element combination of several inputs: a residual addition, a gate. */
    public record Join() implements Kind {}

    /**
     * Which positions a query sees.
     *
     * @param rule the rule
     * @param size positions of a window or chunk, otherwise 0
     */
    public record Reach(Rule rule, long size) {

        /** Every position of its own sequence. */
        public static final Reach BIDIRECTIONAL = new Reach(Rule.BIDIRECTIONAL, 0);

        /** Itself and every earlier position. */
        public static final Reach CAUSAL = new Reach(Rule.CAUSAL, 0);

        /** Every position of the encoder's sequence. */
        public static final Reach CROSS = new Reach(Rule.CROSS, 0);

        /** The rules. */
        public enum Rule {
            BIDIRECTIONAL,
            CAUSAL,
            WINDOW,
            CHUNK,
            /** The own position and so many on either side. */
            NEAR,
            CROSS
        }

        /** Checks that exactly the windows and chunks have a size. */
        public Reach {
            if (rule == Rule.WINDOW || rule == Rule.CHUNK || rule == Rule.NEAR) {
                Require.positive("attention " + (rule == Rule.CHUNK ? "chunk" : "window"), size);
            } else if (size != 0) {
                throw new IllegalArgumentException("size of " + rule + " attention is " + size + ", must be 0");
            }
        }

        /** Returns causal attention to the last {@code size} positions, the own one included. */
        public static Reach window(long size) {
            return new Reach(Rule.WINDOW, size);
        }

        /** Returns attention to the own position and {@code size} positions on either side. */
        public static Reach near(long size) {
            return new Reach(Rule.NEAR, size);
        }

        /** Returns causal attention inside chunks of {@code size} positions. */
        public static Reach chunk(long size) {
            return new Reach(Rule.CHUNK, size);
        }
    }

    /** Returns the matrix, or null if this is no product with a learned matrix. */
    public @Nullable Matrix matrix() {
        return kind instanceof Matrix matrix ? matrix : null;
    }
}
