package org.flopledger.cli.estimate;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.Convention;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.PostTraining;
import org.flopledger.estimation.StepEstimate;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.huggingface.AdapterDescription;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.huggingface.description.DescriptionWarning;
import org.flopledger.model.Architecture;
import org.flopledger.model.Input;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Everything {@code estimate} prints.
 *
 * @param model the description
 * @param architecture what was counted: the description's, with further predicted tokens if they were asked for
 * @param method what is trained
 * @param parameters its counts
 * @param settings what was typed
 * @param sequenceLength tokens of each sequence
 * @param step the cost of one step
 * @param shares the cost of each operation of a step
 * @param training the cost of all tokens, or null if none were typed
 * @param byParametersAndTokens 6 N D of all tokens, the figure that most publications state; null if none were typed
 * @param phases what runs in a step of a post-training method; empty without one
 * @param warnings what to know
 */
record EstimateResult(
        ModelDescription model,
        Architecture architecture,
        PeftMethod method,
        ParameterCount parameters,
        EstimateSettings settings,
        long sequenceLength,
        StepEstimate step,
        List<FlopEstimator.Share> shares,
        @Nullable StepEstimate training,
        @Nullable FlopCount byParametersAndTokens,
        List<PostTraining.Phase> phases,
        List<DescriptionWarning> warnings) {

    private static final long USUAL_LENGTH = 4096;

    static EstimateResult of(ModelDescription model, TrainedParts trained, Recipe recipe, EstimateSettings settings) {
        Architecture architecture =
                settings.multiTokenPrediction() ? model.architectureWithPrediction() : model.architecture();
        AdapterDescription adapter = trained.adapter();
        PeftMethod method = adapter == null ? trained.method() : adapter.methodFor(model);
        long length = length(model, settings);
        long source = sourceLength(architecture, settings, length);
        TrainingSetting setting = trained.setting(method);
        FlopEstimator estimator = FlopEstimator.of(architecture, setting);
        long predictions = trained.chunkedHead() ? length - 1 : length;
        var batch = new Batch(List.of(new Batch.Group(settings.sequences(), length, source, predictions)), 1);
        Long tokens = settings.trainingTokens();
        StepEstimate step = estimator.estimate(batch, settings.convention());
        var postTraining = new PostTraining(architecture, setting, settings.convention());
        return new EstimateResult(
                model,
                architecture,
                method,
                ParameterCount.of(architecture, method),
                settings,
                length,
                step,
                estimator.shares(batch, settings.convention()),
                tokens == null ? null : training(estimator, settings.convention(), tokens, length, source),
                tokens == null
                        ? null
                        : training(estimator, Convention.SIX_ND, tokens, length, source)
                                .model(),
                recipe.phases(postTraining, architecture, batch, settings.sequences(), length),
                warnings(model, adapter, settings, length, step));
    }

    /** Returns whether the model has routed experts. */
    boolean mixtureOfExperts() {
        return parameters.routedExperts() > 0;
    }

    private static StepEstimate training(
            FlopEstimator estimator, Convention convention, long tokens, long length, long source) {
        return estimator.estimate(Batch.ofTokens(tokens, length).withSource(source), convention);
    }

    private static long length(ModelDescription model, EstimateSettings settings) {
        Long typed = settings.sequenceLength();
        if (typed != null) {
            return typed;
        }
        Input input = model.architecture().main().input();
        return input.fixedLength() > 0 ? input.fixedLength() : Math.min(USUAL_LENGTH, longest(model));
    }

    /** Returns the most positions the model was built for, as far as it says. */
    private static long longest(ModelDescription model) {
        long stated = model.contextLength().orElse(Long.MAX_VALUE);
        boolean learned = model.architecture().main().input() instanceof Input.Tokens tokens && tokens.positions() > 0;
        long rows = learned ? ((Input.Tokens) model.architecture().main().input()).positions() : Long.MAX_VALUE;
        return Math.min(stated, rows);
    }

    private static long sourceLength(Architecture architecture, EstimateSettings settings, long length) {
        if (architecture.encoder() == null) {
            return 0;
        }
        long fixed = architecture.encoder().input().fixedLength();
        Long typed = settings.sourceLength();
        if (fixed > 0 && typed != null && typed != fixed) {
            throw new IllegalArgumentException(
                    "source length is " + typed + ", must be " + fixed + ", the encoder's only one");
        }
        return fixed > 0 ? fixed : typed == null ? length : typed;
    }

    private static List<DescriptionWarning> warnings(
            ModelDescription model,
            @Nullable AdapterDescription adapter,
            EstimateSettings settings,
            long length,
            StepEstimate step) {
        List<DescriptionWarning> warnings = new ArrayList<>();
        for (DescriptionWarning warning : model.warnings()) {
            boolean answered =
                    settings.multiTokenPrediction() && warning.message().contains("multi-token prediction");
            boolean band = warning.code() == DescriptionWarning.Code.INSIDE_BAND;
            if (!answered) {
                warnings.add(new DescriptionWarning(
                        warning.code(), warning.message() + (band ? ": " + interval(step) + " a step" : "")));
            }
        }
        if (adapter != null) {
            warnings.addAll(adapter.warnings());
        }
        if (length > longest(model)) {
            warnings.add(new DescriptionWarning(
                    DescriptionWarning.Code.LENGTH_ABOVE_CONTEXT,
                    "sequence length is " + length + ", above the " + longest(model)
                            + " positions the description states"));
        }
        return warnings;
    }

    private static String interval(StepEstimate step) {
        return step.bounds().low() + " to " + step.bounds().high() + " FLOP";
    }
}
