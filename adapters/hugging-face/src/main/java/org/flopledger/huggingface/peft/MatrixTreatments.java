package org.flopledger.huggingface.peft;

import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Treatment;

/**
 * What peft's methods put beside a frozen matrix of {@code in x out}, as peft 0.21 builds and multiplies it.
 *
 * <p>Sums, norms, scales and Fourier transforms are no matrix products and count 0, as everywhere.
 */
final class MatrixTreatments {

    private MatrixTreatments() {}

    /** AdaLoRA: factors, singular values, and a penalty on both factors computed once a call (arXiv 2303.10512). */
    static Treatment adaptiveRank(Matrix matrix, long rank) {
        return builder(matrix, Math.addExact(factors(matrix, rank), rank))
                .addsFrozen(matrix.copies())
                .outputGradient()
                .product(Treatment.AddedProduct.ofInput(matrix.in(), rank, true))
                .product(Treatment.AddedProduct.inside(rank, matrix.out(), true))
                .product(onceACall(matrix, rank, matrix.in(), rank, 2))
                .product(onceACall(matrix, rank, matrix.out(), rank, 2))
                .build();
    }

    /** DeLoRA: factors and one learned bound of their length (arXiv 2503.18225). */
    static Treatment boundedFactors(Matrix matrix, long rank) {
        return builder(matrix, Math.addExact(factors(matrix, rank), 1))
                .outputGradient()
                .product(Treatment.AddedProduct.ofInput(matrix.in(), rank, true))
                .product(Treatment.AddedProduct.inside(rank, matrix.out(), true))
                .build();
    }

    /** LoHa: the element-wise product of two products of factors; its backward pass multiplies each again (FedPara). */
    static Treatment hadamard(Matrix matrix, long rank) {
        return builder(matrix, Math.multiplyExact(2, factors(matrix, rank)))
                .outputGradient()
                .product(onceACall(matrix, matrix.out(), rank, matrix.in(), 3).times(2))
                .product(Treatment.AddedProduct.ofInput(matrix.in(), matrix.out(), true))
                .build();
    }

    /**
     * LoKr: the Kronecker product of two matrices, each itself or a product of factors where that is smaller.
     *
     * @param both whether the first matrix may be factored too
     * @param factor the wanted divisor of both widths; -1 for one near the root
     */
    static Treatment kronecker(Matrix matrix, long rank, boolean both, long factor) {
        long[] in = divisors(matrix.in(), factor);
        long[] out = divisors(matrix.out(), factor);
        boolean firstWhole = !(both && 2 * rank < Math.max(out[0], in[0]));
        boolean secondWhole = 2 * rank >= Math.max(out[1], in[1]);
        long values = Math.addExact(
                firstWhole ? out[0] * in[0] : Math.multiplyExact(rank, out[0] + in[0]),
                secondWhole ? out[1] * in[1] : Math.multiplyExact(rank, out[1] + in[1]));
        Treatment.Builder builder = builder(matrix, values).outputGradient();
        if (!firstWhole) {
            builder.product(onceACall(matrix, out[0], rank, in[0], 2));
        }
        if (!secondWhole) {
            builder.product(onceACall(matrix, out[1], rank, in[1], 2));
        }
        return builder.product(Treatment.AddedProduct.ofInput(matrix.in(), matrix.out(), true))
                .build();
    }

    /** Returns two numbers whose product is the dimension, as LyCORIS chooses them. */
    static long[] divisors(long dimension, long factor) {
        if (factor > 0 && dimension % factor == 0) {
            return new long[] {factor, dimension / factor};
        }
        long most = (long) Math.sqrt((double) dimension);
        long first = factor < 0 ? most : Math.min(factor, most);
        while (first > 1 && dimension % first != 0) {
            first--;
        }
        return new long[] {Math.max(1, first), dimension / Math.max(1, first)};
    }

    /** VeRA: frozen random factors, shared by all matrices, between two learned scales (arXiv 2310.11454). */
    static Treatment sharedRandomFactors(Matrix matrix, long rank) {
        return builder(matrix, Math.addExact(rank, matrix.out()))
                .outputGradient()
                .product(Treatment.AddedProduct.ofInput(matrix.in(), rank, false))
                .product(Treatment.AddedProduct.inside(rank, matrix.out(), false))
                .build();
    }

    /** FourierFT: learned coefficients of the change's spectrum (arXiv 2405.03003). */
    static Treatment spectrum(Matrix matrix, long coefficients) {
        return builder(matrix, coefficients)
                .outputGradient()
                .product(Treatment.AddedProduct.ofInput(matrix.in(), matrix.out(), true))
                .build();
    }

    /** VB-LoRA: factors composed of vectors of a bank that all matrices share; the bank is not among these values. */
    static Treatment vectorBank(Matrix matrix, long rank, long vectors, long length) {
        long tiles = matrix.in() / length + matrix.out() / length;
        return builder(matrix, Math.multiplyExact(Math.multiplyExact(rank, tiles), vectors))
                .outputGradient()
                .product(Treatment.AddedProduct.ofInput(matrix.in(), rank, true))
                .product(Treatment.AddedProduct.inside(rank, matrix.out(), true))
                .build();
    }

    /** SHiRA: learned entries of the matrix itself, at fixed places (arXiv 2406.13175). */
    static Treatment sparse(Matrix matrix, long rank) {
        return builder(matrix, factors(matrix, rank)).weightGradient().build();
    }

    /** MiSS: sums of the input's parts with one learned matrix of {@code rank x out} (arXiv 2409.15371). */
    static Treatment sharedShards(Matrix matrix, long rank, long width) {
        return builder(matrix, Math.multiplyExact(rank, width))
                .outputGradient()
                .product(Treatment.AddedProduct.ofInput(rank, matrix.out(), true))
                .build();
    }

    /** Learned values for each output that are added, or scale, or turn pairs; no product. */
    static Treatment perOutput(Matrix matrix, long values) {
        return builder(matrix, values).outputGradient().build();
    }

    /**
     * LoRA on the weight itself: the product of the factors is added to the weight once a call.
     *
     * <p>For the fused weights of several experts torch's parametrization computes it once more, to check its shape.
     */
    static Treatment parameterFactors(Matrix matrix, long rank) {
        Treatment.Builder builder = builder(matrix, factors(matrix, rank)).weightGradient();
        if (matrix.copies() > 1) {
            builder.product(onceACall(matrix, matrix.out(), rank, matrix.in(), 0));
        }
        return builder.product(onceACall(matrix, matrix.out(), rank, matrix.in(), 2))
                .build();
    }

    static Treatment.Builder builder(Matrix matrix, long values) {
        return new Treatment.Builder().adds(Math.multiplyExact(matrix.copies(), values));
    }

    private static long factors(Matrix matrix, long rank) {
        return Math.multiplyExact(rank, Math.addExact(matrix.in(), matrix.out()));
    }

    static Treatment.AddedProduct onceACall(Matrix matrix, long rows, long inner, long columns, int gradients) {
        return Treatment.AddedProduct.onceACall(rows, inner, columns, gradients).times(matrix.copies());
    }
}
