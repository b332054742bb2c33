package org.flopledger.huggingface.peft;

import java.math.BigInteger;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Treatment;
import org.flopledger.model.Treatment.AddedProduct.Repeat;

/** peft's methods that turn what a matrix reads, or the matrix itself, by a learned orthogonal matrix. */
final class RotationTreatments {

    private RotationTreatments() {}

    /**
     * The blocks of OFT.
     *
     * @param blocks blocks along the input
     * @param size width of a block
     * @param shared whether all blocks are one
     * @param terms terms of the series for the Cayley transform; 0 where a linear system is solved instead
     */
    record Blocks(long blocks, long size, boolean shared, long terms) {

        private long learned() {
            return shared ? 1 : blocks;
        }

        private long values() {
            return Math.multiplyExact(learned(), size * (size - 1) / 2);
        }

        /** Products of the series: the square, its further powers, the last power. */
        private long powers() {
            return terms <= 2 ? 0 : Math.max(0, terms - 4) + 2;
        }

        private Treatment.AddedProduct series(long copies) {
            return Treatment.AddedProduct.onceACall(size, size, size, 2)
                    .times(Math.multiplyExact(Math.multiplyExact(learned(), powers()), copies));
        }
    }

    /** Returns OFT's number of blocks for a width: the divisor nearest to what is wanted. */
    static long nearestDivisor(long width, long wanted) {
        if (wanted >= width) {
            return width;
        }
        long above = wanted;
        while (above <= width && width % above != 0) {
            above++;
        }
        long below = wanted;
        while (below > 1 && width % below != 0) {
            below--;
        }
        return wanted - below <= above - wanted ? below : above;
    }

    /** OFT: blocks of the input are turned (arXiv 2306.07280). */
    static Treatment blockRotation(Matrix matrix, Blocks blocks) {
        return MatrixTreatments.builder(matrix, blocks.values())
                .inputGradient()
                .product(blocks.series(matrix.copies()))
                .product(Treatment.AddedProduct.ofInput(matrix.in(), blocks.size(), true))
                .build();
    }

    /** OFT on a table: what is looked up is turned. */
    static Treatment blockRotation(long width, Blocks blocks) {
        BigInteger each = BigInteger.valueOf(width).multiply(BigInteger.valueOf(blocks.size()));
        return new Treatment.Builder()
                .adds(blocks.values())
                .outputGradient()
                .product(blocks.series(1))
                .product(new Treatment.AddedProduct(Repeat.POSITION, each, 1, false))
                .build();
    }

    /** BOFT with one butterfly factor: the blocks become one square matrix that turns the input (arXiv 2311.06243). */
    static Treatment butterfly(Matrix matrix, long blocks, long size) {
        long in = matrix.in();
        long values = Math.addExact(Math.multiplyExact(Math.multiplyExact(blocks, size), size), matrix.out());
        return MatrixTreatments.builder(matrix, values)
                .inputGradient()
                // Two permutations and the identity it starts from: each has one trained operand.
                .product(MatrixTreatments.onceACall(matrix, in, in, in, 1).times(3))
                .product(Treatment.AddedProduct.ofInput(in, in, true))
                .build();
    }

    /**
     * HRA: a chain of learned reflections turns the weight (arXiv 2405.17484).
     *
     * @param orthogonal whether the reflections are made orthogonal to each other first
     */
    static Treatment reflections(Matrix matrix, long rank, boolean orthogonal) {
        long in = matrix.in();
        Treatment.Builder builder =
                MatrixTreatments.builder(matrix, Math.multiplyExact(rank, in)).weightGradient();
        if (orthogonal) {
            builder.product(MatrixTreatments.onceACall(matrix, 1, in, 1, 2).times(rank * (rank - 1) / 2));
            builder.product(MatrixTreatments.onceACall(matrix, in, rank, in, 2));
        } else {
            // The first reflection meets the identity, which carries no gradient.
            builder.product(MatrixTreatments.onceACall(matrix, in, in, 1, 1));
            builder.product(MatrixTreatments.onceACall(matrix, in, in, 1, 2).times(rank - 1));
            builder.product(MatrixTreatments.onceACall(matrix, in, 1, in, 2).times(rank));
        }
        return builder.product(MatrixTreatments.onceACall(matrix, in, in, in, 1))
                .product(MatrixTreatments.onceACall(matrix, matrix.out(), in, in, 1))
                .build();
    }
}
