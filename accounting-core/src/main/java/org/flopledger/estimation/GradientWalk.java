package org.flopledger.estimation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.Convolution;
import org.flopledger.model.Operation.Core;
import org.flopledger.model.Operation.DepthwiseConvolution;
import org.flopledger.model.Operation.Domain;
import org.flopledger.model.Operation.Elementwise;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.StateProduct;
import org.flopledger.model.Operation.Table;
import org.flopledger.model.Treatment;

/**
 * Walks the operations once, from input to output, with one flag for each result: does it carry a gradient?
 *
 * <p>Each matrix product {@code Y = X W} has three possible products of equal cost: forward, always; the input gradient, if
 * and only if X carries a gradient; the weight gradient, if and only if W is trained. Y carries a gradient if X does or
 * anything here is trained. Full training, frozen layers, low-rank factors anywhere, norm-only training and linear probes
 * are all this one rule.
 */
final class GradientWalk {

    /** Which figure of an estimated band is meant. */
    enum Band {
        LOW,
        BEST,
        HIGH
    }

    private final Convention convention;
    private final Band band;
    private final boolean backwardPass;
    private final boolean inputRequiresGradient;
    private final List<OperationWork> walked = new ArrayList<>();
    private final Map<Same, OperationWork.Cost> costs = new HashMap<>();

    private GradientWalk(Convention convention, Band band, boolean backwardPass, boolean inputRequiresGradient) {
        this.convention = convention;
        this.band = band;
        this.backwardPass = backwardPass;
        this.inputRequiresGradient = inputRequiresGradient;
    }

    /** Returns the work of each operation, in their order. */
    static List<OperationWork> walk(
            List<Operation> operations, TrainingSetting setting, Convention convention, Band band) {
        boolean backwardPass = setting.pass() != TrainingSetting.Pass.FORWARD_ONLY;
        // Learned positions in front of the sequence make the embedded input itself trained.
        boolean inputGradient =
                setting.inputRequiresGradient() || setting.method().virtualTokens() > 0;
        var walk = new GradientWalk(convention, band, backwardPass, inputGradient);
        List<Treatment> treatments = setting.method().treatments(operations);
        for (int i = 0; i < operations.size(); i++) {
            walk.walked.add(walk.step(operations.get(i), treatments.get(i)));
        }
        return walk.walked;
    }

    private OperationWork step(Operation operation, Treatment treatment) {
        BitSet carried = new BitSet();
        List<Integer> inputs = operation.inputs();
        for (int input = 0; input < inputs.size(); input++) {
            carried.set(input, walked.get(inputs.get(input)).carriesGradient());
        }
        var key = new Same(
                operation.kind(),
                operation.domain(),
                operation.role(),
                treatment,
                inputs.size(),
                carried,
                operation.kind() instanceof Elementwise && convention.countsNorm(operation));
        OperationWork.Cost cost = costs.get(key);
        if (cost == null) {
            cost = cost(operation, treatment);
            costs.put(key, cost);
        }
        return new OperationWork(operation, cost);
    }

    /** What decides the cost of an operation; equal layers differ in their paths alone. */
    private record Same(
            Operation.Kind kind,
            Domain domain,
            Operation.Role role,
            Treatment treatment,
            int inputs,
            BitSet carried,
            boolean countedAsMatrix) {}

    private OperationWork.Cost cost(Operation operation, Treatment treatment) {
        var products = new Products(operation, treatment);
        Operation.Kind kind = operation.kind();
        if (kind instanceof Matrix matrix) {
            multiply(products, matrix, treatment);
        } else if (kind instanceof Core core) {
            attend(products, core, treatment.prefix());
            products.addAll(treatment.products(), 1);
        } else if (kind instanceof Table) {
            lookUp(products, treatment);
        } else if (kind instanceof Convolution convolution) {
            BigInteger each = twice(convolution.kernel(), convolution.in(), convolution.out());
            products.product(each.multiply(BigInteger.valueOf(convolution.outputs())), treatment.trained());
        } else if (kind instanceof DepthwiseConvolution convolution) {
            convolve(products, convolution, treatment.trained());
        } else if (kind instanceof StateProduct product) {
            readState(products, product);
        } else if (kind instanceof Elementwise values) {
            products.carry(treatment.trained());
            countAsMatrix(products, values);
        } else {
            products.carry(false);
        }
        return products.done();
    }

    private void multiply(Products products, Matrix matrix, Treatment treatment) {
        long copies = convention.copiesCounted(products.operation, matrix);
        // What changes the input runs before the matrix; what stands beside it, after.
        if (treatment.inputGradient()) {
            products.addAll(treatment.products(), copies);
        }
        products.product(twice(matrix.in(), matrix.out(), copies), treatment.trained() || treatment.weightGradient());
        if (!treatment.inputGradient()) {
            products.addAll(treatment.products(), copies);
        }
    }

    /** Scores Q K^T and output P V. Backward: dV; and dP, from it dQ and dK, each where it is needed. */
    private void attend(Products products, Core core, long prefix) {
        boolean query = products.carries(0);
        boolean key = products.carries(1) || prefix > 0;
        boolean value = products.carries(2) || prefix > 0;
        Work scores = core(products.operation, core, core.keyWidth(), prefix);
        Work output = core(products.operation, core, core.valueWidth(), prefix);
        products.forward.add(scores).add(output);
        products.core.add(scores).add(output);
        if (!backwardPass) {
            return;
        }
        if (value) {
            products.backward.add(output);
        }
        if (query || key) {
            products.backward.add(output);
        }
        if (query) {
            products.backward.add(scores);
        }
        if (key) {
            products.backward.add(scores);
        }
        if (query || key || value) {
            products.scores.add(scores);
        }
        products.carry(query || key || value);
    }

    /** One product of the core: every scored pair, and for each query the learned keys in front of the sequence. */
    private static Work core(Operation operation, Core core, long width, long prefix) {
        BigInteger each = twice(core.heads(), width, 1);
        return new Work()
                .addPairs(new Work.Pairs(operation.domain(), core.reach()), each)
                .addPositions(operation.domain(), each.multiply(BigInteger.valueOf(prefix)));
    }

    /** A lookup costs nothing; only what a treatment puts beside a table multiplies. */
    private void lookUp(Products products, Treatment treatment) {
        products.carry(treatment.trained() || inputRequiresGradient);
        products.addAll(treatment.products(), 1);
    }

    private void convolve(Products products, DepthwiseConvolution convolution, boolean trained) {
        if (!convention.countsDepthwiseConvolutions()) {
            products.carry(trained);
            return;
        }
        BigInteger each = twice(convolution.channels(), convolution.kernel(), 1);
        products.product(each, trained);
        if (convention.countsConvolutionPadding()) {
            BigInteger padding = each.multiply(BigInteger.valueOf(convolution.kernel() - 1));
            products.forward.addPositions(Domain.SEQUENCE, padding);
        }
    }

    private void readState(Products products, StateProduct product) {
        long multiplyAdds = switch (band) {
            case LOW -> product.low();
            case BEST -> product.multiplyAdds();
            case HIGH -> product.high();
        };
        BigInteger each = twice(multiplyAdds, 1, 1);
        products.forward(each);
        // In chunks the last one is filled up.
        BigInteger filling = band == Band.HIGH ? twice(multiplyAdds, product.padding(), 1) : BigInteger.ZERO;
        products.forward.addPositions(Domain.SEQUENCE, filling);
        for (int input = 0; input < products.operation.inputs().size(); input++) {
            if (products.carries(input)) {
                products.backward(each);
                products.backward.addPositions(Domain.SEQUENCE, backwardPass ? filling : BigInteger.ZERO);
            }
        }
        products.carry(false);
    }

    private void countAsMatrix(Products products, Elementwise values) {
        if (convention.countsNorm(products.operation) && values.norm()) {
            products.product(twice(values.parameters(), 1, 1), true);
        }
    }

    private static BigInteger twice(long a, long b, long c) {
        return BigInteger.valueOf(a)
                .multiply(BigInteger.valueOf(b))
                .multiply(BigInteger.valueOf(c))
                .shiftLeft(1);
    }

    /** The products of one operation while they are found. */
    private final class Products {
        private final Operation operation;
        private final Work forward = new Work();
        private final Work backward = new Work();
        private final Work core = new Work();
        private final Work scores = new Work();
        private BigInteger tail = BigInteger.ZERO;
        private boolean readCarries;
        private final boolean inputCarries;
        private boolean outputCarries;

        private Products(Operation operation, Treatment treatment) {
            this.operation = operation;
            for (int input = 0; input < operation.inputs().size(); input++) {
                readCarries |= carries(input);
            }
            inputCarries = readCarries || treatment.inputGradient();
            outputCarries = inputCarries || treatment.outputGradient();
        }

        private boolean carries(int input) {
            return walked.get(operation.inputs().get(input)).carriesGradient();
        }

        /** Counts forward, and the gradients of input and weight where they are needed. */
        private void product(BigInteger each, boolean trained) {
            forward(each);
            tail = each;
            if (inputCarries) {
                backward(each);
            }
            if (trained) {
                backward(each);
            }
            carry(trained);
        }

        /** Counts what a treatment adds; it reads the input as it came. */
        private void addAll(List<Treatment.AddedProduct> products, long copies) {
            for (Treatment.AddedProduct product : products) {
                add(product, product.multiplyAdds().shiftLeft(1), copies);
            }
        }

        private void add(Treatment.AddedProduct product, BigInteger each, long copies) {
            int gradients = product.gradients() + (product.readsInput() && readCarries ? 1 : 0);
            switch (product.repeat()) {
                case POSITION -> {
                    BigInteger all = each.multiply(BigInteger.valueOf(copies));
                    forward(all);
                    tail = all;
                    backward(all.multiply(BigInteger.valueOf(gradients)));
                }
                case SEQUENCE -> {
                    forward.addPositions(Domain.SEQUENCE, each);
                    addBackward(new Work().addPositions(Domain.SEQUENCE, each), gradients);
                }
                case CALL -> {
                    forward.addCalls(each);
                    addBackward(new Work().addCalls(each), gradients);
                }
            }
        }

        private void addBackward(Work work, int times) {
            if (backwardPass) {
                backward.addTimes(work, times);
            }
        }

        private void carry(boolean because) {
            outputCarries |= because;
        }

        private void forward(BigInteger flop) {
            forward.addPositions(operation.domain(), flop);
        }

        private void backward(BigInteger flop) {
            if (backwardPass) {
                backward.addPositions(operation.domain(), flop);
            }
        }

        private OperationWork.Cost done() {
            return new OperationWork.Cost(
                    forward,
                    backward,
                    core,
                    new Work().addPositions(operation.domain(), tail),
                    scores,
                    outputCarries && backwardPass);
        }
    }
}
