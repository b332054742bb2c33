package org.flopledger.cli.estimate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flopledger.estimation.FlopEstimator.Share;
import org.flopledger.model.Operation;
import org.flopledger.units.FlopCount;

/** Sums the cost of operations into the rows a person reads: blocks that cost the same, and what is inside them. */
final class EstimateShares {

    /** One row. */
    record Part(String name, FlopCount flop) {}

    private EstimateShares() {}

    static List<Part> of(List<Share> shares) {
        Map<Integer, Map<String, FlopCount>> layers = new TreeMap<>();
        for (Share share : shares) {
            layers.computeIfAbsent(share.operation().layer(), layer -> new LinkedHashMap<>())
                    .merge(name(share.operation()), cost(share), FlopCount::plus);
        }
        Map<String, FlopCount> around = layers.remove(-1);
        List<Part> parts = new ArrayList<>();
        // Blocks that cost the same in every part are one kind of block.
        Map<Map<String, FlopCount>, List<Integer>> kinds = new LinkedHashMap<>();
        layers.forEach((layer, inside) ->
                kinds.computeIfAbsent(inside, ignored -> new ArrayList<>()).add(layer));
        kinds.forEach((inside, indexes) -> {
            FlopCount each = inside.values().stream().reduce(FlopCount.ZERO, FlopCount::plus);
            parts.add(new Part(blocks(indexes), each.times(indexes.size())));
            inside.forEach((name, flop) -> parts.add(new Part("  " + name, flop.times(indexes.size()))));
        });
        if (around != null) {
            around.forEach((name, flop) -> parts.add(new Part(name, flop)));
        }
        return parts;
    }

    private static FlopCount cost(Share share) {
        return share.forward().plus(share.backward());
    }

    private static String blocks(List<Integer> indexes) {
        int first = indexes.get(0);
        int last = indexes.get(indexes.size() - 1);
        if (indexes.size() == 1) {
            return "block " + first;
        }
        return indexes.size() + " blocks of " + first + " to " + last;
    }

    private static String name(Operation operation) {
        return switch (operation.role()) {
            case OUTPUT_HEAD -> "output head";
            case INPUT_EMBEDDING -> "input embedding";
            case ROUTER -> "router";
            case ROUTED_EXPERT -> "routed experts";
            case SHARED_EXPERT -> "shared experts";
            case ATTENTION -> attention(operation);
            case FEED_FORWARD -> "feed-forward";
            case OTHER -> operation.kind() instanceof Operation.Convolution ? "convolution" : "other projections";
        };
    }

    private static String attention(Operation operation) {
        if (operation.kind() instanceof Operation.Core) {
            return "attention scores and output";
        } else if (operation.kind() instanceof Operation.StateProduct) {
            return "state";
        }
        return operation.kind() instanceof Operation.DepthwiseConvolution
                ? "convolution"
                : "attention or state projections";
    }
}
