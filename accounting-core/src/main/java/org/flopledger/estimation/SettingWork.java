package org.flopledger.estimation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.flopledger.estimation.GradientWalk.Band;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.Join;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;

/** The passes of one setting as work for any batch. */
record SettingWork(Work forward, Work backward, Work reference, Work recomputed) {

    static SettingWork of(List<Operation> operations, TrainingSetting setting, Convention convention, Band band) {
        List<OperationWork> walked = GradientWalk.walk(operations, setting, convention, band);
        var forward = new Work();
        var backward = new Work();
        for (OperationWork work : walked) {
            forward.add(work.forward());
            backward.add(work.backward());
        }
        var reference = new Work();
        if (setting.pass() == TrainingSetting.Pass.PREFERENCE) {
            // The reference is the base as it was: without factors, without a backward pass.
            for (OperationWork work : GradientWalk.walk(operations, TrainingSetting.FORWARD_ONLY, convention, band)) {
                reference.add(work.forward());
            }
        }
        return new SettingWork(forward, backward, reference, recomputed(walked, setting));
    }

    Work model() {
        return new Work().add(forward).add(backward).add(reference);
    }

    Work executed() {
        return model().add(recomputed);
    }

    private static Work recomputed(List<OperationWork> walked, TrainingSetting setting) {
        var recomputed = new Work();
        switch (setting.recomputation()) {
            case SELECTIVE ->
                walked.stream().filter(OperationWork::carriesGradient).forEach(work -> recomputed.add(work.core()));
            case FULL, FULL_REENTRANT ->
                blocks(walked).values().stream()
                        .filter(block -> block.stream().anyMatch(OperationWork::carriesGradient))
                        .forEach(block -> recomputed.add(again(block, setting.recomputation() == Recomputation.FULL)));
            case NONE, UNKNOWN -> {
                // The best figure counts no recomputation.
            }
        }
        if (setting.fusedAttention()) {
            walked.forEach(work -> recomputed.add(work.scores()));
        }
        return recomputed;
    }

    private static Map<Integer, List<OperationWork>> blocks(List<OperationWork> walked) {
        Map<Integer, List<OperationWork>> blocks = new TreeMap<>();
        for (OperationWork work : walked) {
            if (work.operation().layer() >= 0) {
                blocks.computeIfAbsent(work.operation().layer(), layer -> new ArrayList<>())
                        .add(work);
            }
        }
        return blocks;
    }

    private static Work again(List<OperationWork> block, boolean stopsEarly) {
        var again = new Work();
        block.forEach(work -> again.add(work.forward()));
        if (stopsEarly) {
            lastProduct(block).ifPresent(work -> again.addTimes(work.tail(), -1));
        }
        return again;
    }

    /** Returns the operation that ends the block, if it is a matrix whose result is only added to the residual stream. */
    private static Optional<OperationWork> lastProduct(List<OperationWork> block) {
        for (int i = block.size() - 1; i >= 0; i--) {
            Operation operation = block.get(i).operation();
            if (!(operation.kind() instanceof Join)) {
                // Experts end in a weighted sum, which keeps the products it weighs.
                boolean plain = operation.kind() instanceof Matrix
                        && operation.role() != Role.ROUTED_EXPERT
                        && operation.role() != Role.SHARED_EXPERT
                        && operation.role() != Role.ROUTER;
                return plain ? Optional.of(block.get(i)) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
