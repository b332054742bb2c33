package org.flopledger.estimation;

import org.flopledger.model.Operation;

/**
 * What one operation costs in a training setting.
 *
 * @param operation the operation
 * @param cost its cost; the same object for operations that cost the same, of which a model of equal layers has many
 */
record OperationWork(Operation operation, Cost cost) {

    /**
     * The work of an operation.
     *
     * @param forward forward products
     * @param backward products of the backward pass
     * @param core the part of {@code forward} that selective recomputation repeats; nothing but for attention cores
     * @param tail the part of {@code forward} that is multiplied last: for a matrix with low-rank factors the second factor
     * @param scores one product of scores where a backward pass needs them; nothing but for attention cores
     * @param carriesGradient whether the result carries a gradient
     */
    record Cost(Work forward, Work backward, Work core, Work tail, Work scores, boolean carriesGradient) {}

    boolean carriesGradient() {
        return cost.carriesGradient();
    }
}
