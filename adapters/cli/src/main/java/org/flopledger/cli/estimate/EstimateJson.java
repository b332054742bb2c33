package org.flopledger.cli.estimate;

import java.io.PrintWriter;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.estimation.PostTraining;
import org.flopledger.estimation.StepEstimate;
import org.flopledger.model.ParameterCount;

/** Prints an estimate as canonical JSON; its keys are a promise. */
final class EstimateJson {

    private static final String SCHEMA = "flopledger.estimate/1";

    private EstimateJson() {}

    static void write(EstimateResult result, PrintWriter out) {
        try (var json = new CanonicalJson(out)) {
            json.beginObject().text("schema", SCHEMA);
            model(result, json);
            step(result, json);
            training(result, json);
            phases(result, json);
            json.beginArray("warnings");
            result.warnings().forEach(warning -> json.warning(warning.code(), warning.message()));
            json.endArray().endObject();
        }
    }

    private static void model(EstimateResult result, CanonicalJson json) {
        ParameterCount count = result.parameters();
        json.beginObject("model")
                .text("name", result.model().name())
                .text("type", result.model().modelType())
                .text("family", result.model().family())
                .flag("mixtureOfExperts", result.mixtureOfExperts())
                .beginObject("parameters")
                .exact("total", count.total())
                .exact("active", count.active())
                .exact("activeExcludingInputEmbedding", count.activeExcludingInputEmbedding())
                .exact("activeExcludingEmbeddings", count.activeExcludingEmbeddings())
                .exact("trainable", count.trainable())
                .exact("inputEmbedding", count.inputEmbedding())
                .exact("outputHead", count.outputHead())
                .exact("routedExperts", count.routedExperts())
                .exact("sharedExperts", count.sharedExperts())
                .exact("router", count.router())
                .endObject()
                .endObject();
    }

    private static void step(EstimateResult result, CanonicalJson json) {
        StepEstimate step = result.step();
        long sequences = result.settings().sequences();
        json.beginObject("step")
                .number("sequences", sequences)
                .number("sequenceLength", result.sequenceLength())
                .exact("tokens", Math.multiplyExact(sequences, result.sequenceLength()))
                .exact("forward", step.forward())
                .exact("backward", step.backward())
                .exact("model", step.model())
                .exact("executed", step.executed())
                .exact("low", step.bounds().low())
                .exact("high", step.bounds().high())
                .text("convention", step.convention().id())
                .endObject();
    }

    private static void training(EstimateResult result, CanonicalJson json) {
        StepEstimate training = result.training();
        if (training == null) {
            json.none("training");
            return;
        }
        json.beginObject("training")
                .exact("tokens", result.settings().trainingTokens())
                .exact("model", training.model())
                .exact("executed", training.executed())
                .exact("byParametersAndTokens", result.byParametersAndTokens())
                .text("exaFlopDays", training.model().toExaFlopDays().toPlainString())
                .exact("low", training.bounds().low())
                .exact("high", training.bounds().high())
                .endObject();
    }

    private static void phases(EstimateResult result, CanonicalJson json) {
        json.beginArray("phases");
        for (PostTraining.Phase phase : result.phases()) {
            json.beginObject()
                    .text("name", phase.name())
                    .text("stage", phase.stage().name())
                    .exact("forward", phase.forward())
                    .exact("backward", phase.backward())
                    .exact("model", phase.model())
                    .exact("executed", phase.executed())
                    .endObject();
        }
        json.endArray();
    }
}
