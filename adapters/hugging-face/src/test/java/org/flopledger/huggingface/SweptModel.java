package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.Convention;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.StepEstimate;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.FlopCount;

/**
 * The default description of one model type with what transformers built from it.
 *
 * @param node the case
 */
record SweptModel(JsonNode node) {

    /** Where rotary angles, which count 0 by convention, are made by a product that the counter sees: its FLOP. */
    private static final Map<String, Long> ROTARY_PRODUCTS = Map.of("pixtral", 2L * 2 * 4096 * 32);

    /** What our reading of a description is worth. */
    enum Verdict {
        RIGHT("total and, where it could be measured, forward FLOP of the whole square are equal to the unit"),
        BOUNDED(
                "the total is equal to the unit by a measured law of the type; FLOP are bounded by it, or said to be unknown, or"
                        + " are those of the language model and said to be; or the stated interval holds the measured forward"
                        + " FLOP"),
        PART("only the language model is counted, and said to be a part"),
        REFUSED("no figure; the message names what was not understood"),
        WRONG("another figure, and nothing that says so");

        private final String meaning;

        Verdict(String meaning) {
            this.meaning = meaning;
        }

        String meaning() {
            return meaning;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The outcome of one comparison.
     *
     * @param node the case
     * @param verdict what our reading is worth
     * @param why what was expected and what was read
     */
    record Outcome(JsonNode node, Verdict verdict, String why) {}

    static SweptModel of(JsonNode node) {
        return new SweptModel(node);
    }

    String type() {
        return node.get("config").get("model_type").asText();
    }

    Outcome compare() {
        ModelDescription model;
        try {
            model = Oracles.describe(type(), node.get("config"));
        } catch (DescriptionException e) {
            return bound(String.valueOf(e.getMessage()));
        }
        long total = ParameterCount.of(model.architecture()).total();
        boolean part = model.warnings().stream().anyMatch(warning -> warning.code() == Code.PART_OF_MODEL);
        OptionalLong whole = model.wholeParameters();
        if (whole.isPresent() && whole.getAsLong() != measured()) {
            return new Outcome(node, Verdict.WRONG, "the law of the type says " + whole.getAsLong());
        }
        if (total != measured()) {
            Verdict verdict = !part ? Verdict.WRONG : whole.isPresent() ? Verdict.BOUNDED : Verdict.PART;
            return new Outcome(node, verdict, "of the language model: " + total);
        }
        return forward(model);
    }

    private Outcome bound(String why) {
        byte[] json = node.get("config").toString().getBytes(StandardCharsets.UTF_8);
        Optional<ParameterBound> bound = ParameterBound.parse(json, type());
        if (bound.isEmpty()) {
            return new Outcome(node, Verdict.REFUSED, why);
        }
        return bound.get().total() == measured()
                ? new Outcome(node, Verdict.BOUNDED, "")
                : new Outcome(
                        node,
                        Verdict.WRONG,
                        "the law of the type says " + bound.get().total());
    }

    private long measured() {
        return node.get("total").asLong();
    }

    private Outcome forward(ModelDescription model) {
        if (!node.has("forward")) {
            return new Outcome(node, Verdict.RIGHT, "");
        }
        FlopCount measured = FlopCount.of(node.get("forward").asLong());
        var estimator = FlopEstimator.of(model.architecture(), TrainingSetting.FORWARD_ONLY);
        long fixed = model.architecture().main().input().fixedLength();
        long length = fixed > 0 ? fixed : node.path("length").asLong();
        Batch batch = model.architecture().encoder() == null ? Batch.of(1, length) : Batch.ofPairs(1, length, length);
        StepEstimate ours = estimator.estimate(batch, Convention.FULL_SQUARE);
        if (ours.forward().equals(measured)) {
            return new Outcome(node, Verdict.RIGHT, "");
        }
        Long rotary = ROTARY_PRODUCTS.get(type());
        if (rotary != null && ours.forward().plus(FlopCount.of(rotary)).equals(measured)) {
            return new Outcome(
                    node, Verdict.RIGHT, "measured with the product of two coordinates that makes rotary angles");
        }
        boolean inside = measured.compareTo(ours.bounds().low()) >= 0
                && measured.compareTo(ours.bounds().high()) <= 0;
        String why = "forward is " + ours.forward() + ", measured " + measured;
        return inside
                ? new Outcome(node, Verdict.BOUNDED, why + ", inside the interval")
                : new Outcome(node, Verdict.WRONG, why);
    }
}
