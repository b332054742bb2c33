package org.flopledger.estimation;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.flopledger.estimation.GradientWalk.Band;
import org.flopledger.estimation.OperationWork.Cost;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.Join;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.Operation.Role;

/** The passes of one setting as work for any batch. */
record SettingWork(Work forward, Work backward, Work reference, Work recomputed) {

    static SettingWork of(List<Operation> operations, TrainingSetting setting, Convention convention, Band band) {
        List<OperationWork> walked = GradientWalk.walk(operations, setting, convention, band);
        var reference = new Work();
        if (setting.pass() == TrainingSetting.Pass.PREFERENCE) {
            // The reference is the base as it was: without factors, without a backward pass.
            reference =
                    sum(GradientWalk.walk(operations, TrainingSetting.FORWARD_ONLY, convention, band), Cost::forward);
        }
        return new SettingWork(
                sum(walked, Cost::forward), sum(walked, Cost::backward), reference, recomputed(walked, setting));
    }

    /** Adds up a part of each operation's work, those of one cost together. */
    private static Work sum(List<OperationWork> walked, Function<Cost, Work> part) {
        IdentityHashMap<Cost, Long> times = new IdentityHashMap<>();
        walked.forEach(work -> times.merge(work.cost(), 1L, Long::sum));
        var sum = new Work();
        times.forEach((cost, count) -> sum.addTimes(part.apply(cost), count));
        return sum;
    }

    Work model() {
        return new Work().add(forward).add(backward).add(reference);
    }

    Work executed() {
        return model().add(recomputed);
    }

    private static Work recomputed(List<OperationWork> walked, TrainingSetting setting) {
        Work recomputed = switch (setting.recomputation()) {
            case SELECTIVE ->
                sum(walked.stream().filter(OperationWork::carriesGradient).toList(), Cost::core);
            case FULL, FULL_REENTRANT -> again(walked, setting.recomputation() == TrainingSetting.Recomputation.FULL);
            // The best figure counts no recomputation.
            case NONE, UNKNOWN -> new Work();
        };
        if (setting.chunkedHead()) {
            recomputed.add(
                    sum(walked.stream().filter(SettingWork::isTrainedHead).toList(), Cost::forward));
        }
        return setting.fusedAttention() ? recomputed.add(sum(walked, Cost::scores)) : recomputed;
    }

    private static boolean isTrainedHead(OperationWork work) {
        return work.operation().role() == Role.OUTPUT_HEAD && work.carriesGradient();
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

    private static Work again(List<OperationWork> walked, boolean stopsEarly) {
        List<OperationWork> repeated = new ArrayList<>();
        List<OperationWork> skipped = new ArrayList<>();
        for (List<OperationWork> block : blocks(walked).values()) {
            if (block.stream().anyMatch(OperationWork::carriesGradient)) {
                repeated.addAll(block);
                if (stopsEarly) {
                    lastProduct(block).ifPresent(skipped::add);
                }
            }
        }
        return sum(repeated, Cost::forward).addTimes(sum(skipped, Cost::tail), -1);
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
