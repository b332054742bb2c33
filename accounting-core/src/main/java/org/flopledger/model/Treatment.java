package org.flopledger.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.model.Operation.Kind;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Table;

/**
 * What training does with one operation: which of its values change, what is put beside it, and where gradients begin.
 *
 * <p>Immutable.
 *
 * <p>A {@link PeftMethod} gives one for each operation; the estimator reads them to tell which products a backward pass needs.
 * Thread-safe.
 *
 * @param trained whether the operation's own values change
 * @param trainedBias whether its bias alone changes; without meaning where {@code trained}
 * @param copied whether the values that change are a copy beside the frozen original (PEFT's modules to save)
 * @param weightGradient whether the gradient of its weight is computed although the weight is frozen: what is trained is
 *     turned into that weight
 * @param inputGradient whether what it reads carries a gradient because of the treatment
 * @param outputGradient whether its result carries a gradient because of the treatment
 * @param addedTrained learned values that exist only because of the treatment and change
 * @param addedFrozen values that exist only because of the treatment and do not change
 * @param prefix learned keys and values in front of those of each sequence
 * @param products matrix products that run only because of the treatment, in their order
 */
public record Treatment(
        boolean trained,
        boolean trainedBias,
        boolean copied,
        boolean weightGradient,
        boolean inputGradient,
        boolean outputGradient,
        long addedTrained,
        long addedFrozen,
        long prefix,
        List<AddedProduct> products) {

    /** Values that do not change. */
    public static final Treatment FROZEN = new Builder().build();

    /** Values that change. */
    public static final Treatment TRAINED = new Builder().trained().build();

    /** Copies the products and checks the numbers. */
    public Treatment {
        products = List.copyOf(products);
        if (addedTrained < 0 || addedFrozen < 0 || prefix < 0) {
            throw new IllegalArgumentException("added values and prefix are " + addedTrained + ", " + addedFrozen
                    + " and " + prefix + ", must all be >= 0");
        }
    }

    /** Returns the treatment of values that change in a copy; a tied matrix gets a matrix of its own. */
    public static Treatment copied(Kind kind) {
        long tied = kind instanceof Matrix matrix && matrix.tied() ? matrix.weight() : 0;
        return new Builder()
                .trained()
                .copied()
                .adds(Math.addExact(kind.parameters(), tied))
                .build();
    }

    /**
     * Returns the treatment with two trained factors of low rank beside a frozen matrix or table.
     *
     * @param magnitude whether the sum of matrix and factors is rescaled by a learned length for each output (DoRA)
     */
    public static Treatment lowRank(Kind kind, long rank, boolean magnitude) {
        var builder = new Builder().outputGradient();
        if (kind instanceof Matrix matrix) {
            long factors = Math.multiplyExact(rank, Math.addExact(matrix.in(), matrix.out()));
            long lengths = magnitude ? matrix.out() : 0;
            builder.adds(Math.multiplyExact(matrix.copies(), Math.addExact(factors, lengths)));
            if (magnitude) {
                // The lengths of the columns of W + BA need BA itself, once a call; they are held constant in the
                // backward pass.
                builder.product(AddedProduct.onceACall(matrix.in(), rank, matrix.in(), 0)
                        .times(matrix.copies()));
                builder.product(AddedProduct.onceACall(matrix.in(), rank, matrix.out(), 0)
                        .times(matrix.copies()));
            }
            builder.product(AddedProduct.ofInput(matrix.in(), rank, true));
            builder.product(AddedProduct.inside(rank, matrix.out(), true));
        } else if (kind instanceof Table table) {
            long factors = Math.multiplyExact(rank, Math.addExact(table.rows(), table.width()));
            builder.adds(Math.addExact(factors, magnitude ? table.width() : 0));
            if (magnitude) {
                builder.product(AddedProduct.onceACall(table.rows(), rank, table.width(), 0));
            }
            // The first factor is looked up.
            builder.product(AddedProduct.inside(rank, table.width(), true));
        }
        return builder.build();
    }

    /** Returns the values that change, added ones included. */
    long trainable(Kind kind) {
        long own = copied ? 0 : trained ? kind.parameters() : trainedBias ? kind.biases() : 0;
        return Math.addExact(own, addedTrained);
    }

    /** Returns the values that exist only because of the treatment. */
    long added() {
        return Math.addExact(addedTrained, addedFrozen);
    }

    /** Returns a builder of the same treatment. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.trained = trained;
        builder.trainedBias = trainedBias;
        builder.copied = copied;
        builder.weightGradient = weightGradient;
        builder.inputGradient = inputGradient;
        builder.outputGradient = outputGradient;
        builder.addedTrained = addedTrained;
        builder.addedFrozen = addedFrozen;
        builder.prefix = prefix;
        builder.products.addAll(products);
        return builder;
    }

    /** Builds a {@link Treatment}; of a frozen operation to begin with. Single-threaded. */
    public static final class Builder {
        private boolean trained;
        private boolean trainedBias;
        private boolean copied;
        private boolean weightGradient;
        private boolean inputGradient;
        private boolean outputGradient;
        private long addedTrained;
        private long addedFrozen;
        private long prefix;
        private final List<AddedProduct> products = new ArrayList<>();

        /** Says that the operation's values change. */
        public Builder trained() {
            trained = true;
            return this;
        }

        /** Says that the operation's bias changes; its result then carries a gradient. */
        public Builder trainedBias() {
            trainedBias = true;
            outputGradient = true;
            return this;
        }

        private Builder copied() {
            copied = true;
            return this;
        }

        /** Says that the gradient of the weight is computed, and that the result carries one. */
        public Builder weightGradient() {
            weightGradient = true;
            outputGradient = true;
            return this;
        }

        /** Says that what the operation reads carries a gradient, and so does its result. */
        public Builder inputGradient() {
            inputGradient = true;
            outputGradient = true;
            return this;
        }

        /** Says that the result carries a gradient. */
        public Builder outputGradient() {
            outputGradient = true;
            return this;
        }

        /** Adds learned values beside the operation's. */
        public Builder adds(long values) {
            addedTrained = Math.addExact(addedTrained, values);
            return this;
        }

        /** Adds values that do not change beside the operation's. */
        public Builder addsFrozen(long values) {
            addedFrozen = Math.addExact(addedFrozen, values);
            return this;
        }

        /** Puts learned keys and values in front of each sequence of an attention core. */
        public Builder prefix(long keys) {
            prefix = keys;
            return this;
        }

        /** Adds a product, after those added before. */
        public Builder product(AddedProduct product) {
            products.add(product);
            return this;
        }

        /** Returns the treatment. */
        public Treatment build() {
            return new Treatment(
                    trained,
                    trainedBias,
                    copied,
                    weightGradient,
                    inputGradient,
                    outputGradient,
                    addedTrained,
                    addedFrozen,
                    prefix,
                    products);
        }
    }

    /**
     * A matrix product that runs only because of a training method: a low-rank factor, a rotation, a matrix built from trained
     * values.
     *
     * <p>Its backward pass has one product of equal cost for each operand that carries a gradient. Immutable.
     *
     * @param repeat how often it runs
     * @param multiplyAdds multiply-adds each time, at least 0
     * @param gradients products of the backward pass that are always needed; 1 for a trained operand that meets a frozen one
     * @param readsInput whether one operand is what the operation reads: one more product where that carries a gradient
     */
    public record AddedProduct(Repeat repeat, BigInteger multiplyAdds, int gradients, boolean readsInput) {

        /** How often a product runs. */
        public enum Repeat {
            /** As often as the operation it belongs to, once for each matrix of several that a token meets. */
            POSITION,
            /** Once for each sequence. */
            SEQUENCE,
            /** Once in each forward call, whatever the batch. */
            CALL
        }

        /** Checks the ranges. */
        public AddedProduct {
            if (multiplyAdds.signum() < 0 || gradients < 0) {
                throw new IllegalArgumentException("multiply-adds and gradients are " + multiplyAdds + " and "
                        + gradients + ", must both be >= 0");
            }
        }

        /** Returns a product of what the operation reads with a matrix, {@code in x out}. */
        public static AddedProduct ofInput(long in, long out, boolean trained) {
            return new AddedProduct(Repeat.POSITION, product(in, out, 1), trained ? 1 : 0, true);
        }

        /** Returns a product of an inner result that carries a gradient with a matrix, {@code in x out}. */
        public static AddedProduct inside(long in, long out, boolean trained) {
            return new AddedProduct(Repeat.POSITION, product(in, out, 1), trained ? 2 : 1, false);
        }

        /**
         * Returns a product that runs once a call, {@code rows x inner x columns}.
         *
         * @param gradients operands that carry a gradient, from 0 to 2
         */
        public static AddedProduct onceACall(long rows, long inner, long columns, int gradients) {
            return new AddedProduct(Repeat.CALL, product(rows, inner, columns), gradients, false);
        }

        private static BigInteger product(long a, long b, long c) {
            return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)).multiply(BigInteger.valueOf(c));
        }

        /** Returns this product so many times; 0 times is no product. */
        public AddedProduct times(long count) {
            return new AddedProduct(repeat, multiplyAdds.multiply(BigInteger.valueOf(count)), gradients, readsInput);
        }
    }
}
