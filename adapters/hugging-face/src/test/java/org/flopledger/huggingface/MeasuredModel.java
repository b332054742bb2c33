package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.Convention;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.StepEstimate;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * One description with what transformers built from it and torch dispatched for it.
 *
 * @param id name of the case, the model type before the slash
 * @param node the case
 */
record MeasuredModel(String id, JsonNode node) {

    /** What our reading of a description is worth. */
    enum Verdict {
        RIGHT,
        REFUSED,
        WRONG
    }

    /**
     * The outcome of one comparison.
     *
     * @param verdict what it is worth
     * @param why what was expected and what was read, for a verdict that is not RIGHT
     */
    record Outcome(Verdict verdict, String why) {}

    static MeasuredModel of(JsonNode node) {
        return new MeasuredModel(node.get("id").asText(), node);
    }

    String type() {
        return node.get("config").get("model_type").asText();
    }

    Outcome compare() {
        ModelDescription model;
        try {
            model = Oracles.describe(id, node.get("config"));
        } catch (DescriptionException e) {
            return new Outcome(Verdict.REFUSED, String.valueOf(e.getMessage()));
        }
        String difference = difference(model);
        if (!difference.isEmpty()) {
            return new Outcome(Verdict.WRONG, difference);
        }
        return new Outcome(Verdict.RIGHT, "");
    }

    private String difference(ModelDescription model) {
        ParameterCount count = ParameterCount.of(model.architecture());
        FlopEstimator estimator = FlopEstimator.of(model.architecture(), TrainingSetting.FORWARD_ONLY);
        Batch batch = batch(model);
        FlopCount exact = estimator.estimate(batch).forward();
        StepEstimate full = estimator.estimate(batch, Convention.FULL_SQUARE);
        return Stream.of(
                        differs("total", "total", Long.toString(count.total())),
                        differs("active", "active", Long.toString(count.active())),
                        differs("forward", "forward_flop_per_sequence", exact.toString()),
                        differs(
                                "full square",
                                "forward_full_square",
                                full.forward().toString()),
                        outside(full))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("; "));
    }

    private @Nullable String outside(StepEstimate forward) {
        JsonNode measured = node.get("measured_forward");
        if (measured == null || measured.isNull()) {
            return null;
        }
        FlopCount flop = FlopCount.of(measured.asLong());
        boolean inside = flop.compareTo(forward.bounds().low()) >= 0
                && flop.compareTo(forward.bounds().high()) <= 0;
        return inside
                ? null
                : "measured forward " + flop + " outside [" + forward.bounds().low() + ", "
                        + forward.bounds().high() + "]";
    }

    private Batch batch(ModelDescription model) {
        long length = node.get("sequence_length").asLong();
        if (model.architecture().encoder() == null) {
            return Batch.of(1, length);
        }
        long fixed = model.architecture().encoder().input().fixedLength();
        return Batch.ofPairs(1, fixed > 0 ? fixed : node.get("source_length").asLong(), length);
    }

    private @Nullable String differs(String what, String field, String actual) {
        JsonNode expected = node.get(field);
        boolean equal =
                expected == null || expected.isNull() || expected.asText().equals(actual);
        return equal ? null : what + " is " + actual + ", measured " + expected.asText();
    }
}
