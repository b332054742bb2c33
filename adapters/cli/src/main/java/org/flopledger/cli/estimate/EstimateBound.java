package org.flopledger.cli.estimate;

import java.io.PrintWriter;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.cli.text.TextGrid;
import org.flopledger.huggingface.ParameterBound;
import org.flopledger.huggingface.description.DescriptionWarning;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/**
 * What {@code estimate} prints of a model whose description is not understood: parameters times tokens, as an interval under a
 * name of its own, never as a figure of the architecture.
 *
 * @param name name of the description's file
 * @param bound what is known of the parameters
 * @param why why there is nothing more precise
 * @param training the bound over all typed tokens, or null if none were typed or nothing is known of FLOP
 */
record EstimateBound(
        String name,
        ParameterBound bound,
        String why,
        @Nullable FlopBounds training) {

    private static final String LABEL =
            "6 x least active to 6 x total parameters for each token, and attention over the longest sequence";

    static EstimateBound of(
            String name, ParameterBound bound, String why, @Nullable Long tokens, @Nullable Long longestSequence) {
        long longest = longestSequence == null ? bound.longestSequence() : longestSequence;
        FlopBounds training =
                tokens == null ? null : bound.training(tokens, longest).orElse(null);
        return new EstimateBound(name, bound, why, training);
    }

    void write(PrintWriter out) {
        try (var json = new CanonicalJson(out)) {
            json.beginObject()
                    .text("schema", "flopledger.estimate/1")
                    .none("model")
                    .none("step")
                    .none("training")
                    .beginObject("bound")
                    .text("label", label())
                    .text("method", "PARAMETER_TOKEN")
                    .text("source", bound.source().name())
                    .exact("totalParameters", bound.total())
                    .exact("leastActiveParameters", bound.leastActive());
            if (training == null) {
                json.none("low").none("high");
            } else {
                json.exact("low", training.low()).exact("high", training.high());
            }
            json.endObject().beginArray("warnings").warning(DescriptionWarning.Code.NOT_UNDERSTOOD, why);
            if (bound.unknownCost() != null) {
                json.warning(DescriptionWarning.Code.FLOP_UNKNOWN, bound.unknownCost());
            }
            json.endArray().endObject();
        }
    }

    private String label() {
        return bound.unknownCost() == null ? LABEL : "parameters alone; FLOP are unknown";
    }

    void print(PrintWriter out) {
        out.println(name + ": not understood; what is known is a bound by parameters: " + label());
        out.println();
        var grid = new TextGrid("parameters", "count");
        grid.row("total, by " + bound.source().words(), Long.toString(bound.total()));
        if (bound.unknownCost() == null) {
            grid.row("active for a token, at least", Long.toString(bound.leastActive()));
        }
        grid.print(out);
        if (training != null) {
            out.println();
            out.println("training: from " + training.low() + " to " + training.high() + " FLOP");
        }
        if (bound.unknownCost() != null) {
            out.println();
            out.println("FLOP: unknown: " + bound.unknownCost());
        }
        out.println();
        out.println("Why: " + why);
    }
}
