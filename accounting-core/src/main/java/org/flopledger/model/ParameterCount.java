package org.flopledger.model;

import java.util.List;
import org.flopledger.model.Operation.Kind;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;
import org.jspecify.annotations.Nullable;

/**
 * Exact numbers of learned values of a model. Logical values: a weight packed into 4 bits counts 1, a tied weight once;
 * buffers that are not trained (DeepSeek-V3's router bias) count 0.
 *
 * <p>"Active" has three public conventions; all are here. In a model whose head is tied to the embedding, the one matrix
 * counts as the head, so that leaving out the embedding alone leaves everything.
 *
 * <p>{@link #of(Architecture)} counts a described model; compare it with what a model card says. Immutable.
 *
 * @param total every learned value
 * @param active values that one token meets, embedding and head included
 * @param activeExcludingInputEmbedding the same without the input embedding (gpt-oss)
 * @param activeExcludingEmbeddings the same without embedding and head (MiniMax, GLM)
 * @param trainable values that training changes
 * @param inputEmbedding tables looked up by token, position, token type or relative position
 * @param outputHead the output matrix without its bias, also where it is tied
 * @param router routers of expert layers
 * @param routedExperts all routed experts
 * @param sharedExperts shared experts with their gates
 */
public record ParameterCount(
        long total,
        long active,
        long activeExcludingInputEmbedding,
        long activeExcludingEmbeddings,
        long trainable,
        long inputEmbedding,
        long outputHead,
        long router,
        long routedExperts,
        long sharedExperts) {

    /**
     * Returns the counts of a model of which everything is trained.
     *
     * @throws IllegalArgumentException if a count is above 2^63 - 1
     */
    public static ParameterCount of(Architecture architecture) {
        return of(architecture, PeftMethod.FULL);
    }

    /**
     * Returns the counts of a model trained by this method. Values that the method adds are part of the total and of the
     * active values.
     *
     * @throws IllegalArgumentException if the method fits nothing in the model or a count is above 2^63 - 1
     */
    public static ParameterCount of(Architecture architecture, PeftMethod method) {
        long prompts = architecture.encoder() == null ? 1 : 2;
        long hidden = architecture.main().input().hidden();
        long prompt = Math.multiplyExact(Math.multiplyExact(method.virtualTokens(), prompts), hidden);
        return count(architecture.name(), architecture.operations(), method, prompt);
    }

    /**
     * Returns the counts of a model that is given by its operations, because it is no stack of blocks: a convolutional
     * network, a diffusion transformer.
     *
     * @throws IllegalArgumentException if the method fits nothing in the model, puts learned positions in front of sequences,
     *     or a count is above 2^63 - 1
     */
    public static ParameterCount ofOperations(String name, List<Operation> operations, PeftMethod method) {
        if (method.virtualTokens() > 0) {
            throw new IllegalArgumentException(
                    "virtual tokens is " + method.virtualTokens() + ", must be 0 for a model given by its operations");
        }
        return count(name, operations, method, 0);
    }

    private static ParameterCount count(String name, List<Operation> operations, PeftMethod method, long prompt) {
        try {
            return count(operations, method.treatments(operations), prompt);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("parameters of " + name + " are above 2^63 - 1, must be fewer", e);
        }
    }

    private static ParameterCount count(List<Operation> operations, List<Treatment> treatments, long prompt) {
        long total = prompt;
        long active = prompt;
        long trainable = prompt;
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i).repeated()) {
                // Values and adapters of a shared layer are counted where they first appear.
                continue;
            }
            Kind kind = operations.get(i).kind();
            long added = treatments.get(i).added();
            total = Math.addExact(total, Math.addExact(kind.parameters(), added));
            active = Math.addExact(active, Math.addExact(kind.activeParameters(), added));
            trainable = Math.addExact(trainable, treatments.get(i).trainable(kind));
        }
        long embedding = ofRole(operations, Role.INPUT_EMBEDDING);
        Matrix head = outputHead(operations);
        long headWeight = head == null ? 0 : head.weight();
        boolean tied = head != null && head.tied();
        return new ParameterCount(
                total,
                active,
                tied ? active : active - embedding,
                active - embedding - (tied ? 0 : headWeight),
                trainable,
                embedding,
                headWeight,
                ofRole(operations, Role.ROUTER),
                ofRole(operations, Role.ROUTED_EXPERT),
                ofRole(operations, Role.SHARED_EXPERT));
    }

    /** Returns the first output matrix; further depths of prediction share it. */
    private static @Nullable Matrix outputHead(List<Operation> operations) {
        for (Operation operation : operations) {
            if (operation.role() == Role.OUTPUT_HEAD) {
                return operation.matrix();
            }
        }
        return null;
    }

    private static long ofRole(List<Operation> operations, Role role) {
        long sum = 0;
        for (Operation operation : operations) {
            if (operation.role() == role) {
                sum = Math.addExact(sum, operation.parameters());
            }
        }
        return sum;
    }
}
