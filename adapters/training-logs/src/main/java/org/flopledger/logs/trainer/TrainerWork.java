package org.flopledger.logs.trainer;

import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.estimation.StepFormula;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.logs.LoggedWork;
import org.flopledger.logs.WorkPricing;
import org.flopledger.logs.WorkPricing.Lengths;
import org.flopledger.logs.metric.TrainerArguments;
import org.flopledger.model.Architecture;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Makes the work of a training of one stack: the training itself, and what was computed forward beside it, each as far as the files
 * show it. Confined to one thread.
 */
final class TrainerWork {

    private final Architecture architecture;
    private final TrainerSettings settings;
    private final TrainerArguments arguments;
    private final HistoryFigures history;
    private final HistoryStage kind;
    private final long tokens;
    private final long sequences;
    private final Lengths lengths;
    private final List<LoggedWork> work = new ArrayList<>();

    private TrainerWork(
            Architecture architecture,
            TrainerSettings settings,
            TrainerArguments arguments,
            HistoryFigures history,
            HistoryStage kind,
            long tokens,
            long sequences,
            Lengths lengths) {
        this.architecture = architecture;
        this.settings = settings;
        this.arguments = arguments;
        this.history = history;
        this.kind = kind;
        this.tokens = tokens;
        this.sequences = sequences;
        this.lengths = lengths;
    }

    /**
     * Returns the work.
     *
     * @param longest tokens of the longest sequence there can be, or null
     * @param padded whether padding is among the tokens
     * @param equal whether all sequences are of one length
     */
    static List<LoggedWork> of(
            Architecture architecture,
            TrainerSettings settings,
            TrainerArguments arguments,
            HistoryFigures history,
            HistoryStage kind,
            long tokens,
            long sequences,
            @Nullable Long longest,
            boolean padded,
            boolean equal) {
        long mean = Math.max(1, tokens / sequences);
        long padding = padded ? 0 : padding(arguments, history, kind, mean, longest);
        var made = new TrainerWork(
                architecture,
                settings,
                arguments,
                history,
                kind,
                tokens,
                sequences,
                new Lengths(equal, mean, longest, padding));
        made.make();
        return List.copyOf(made.work);
    }

    /** Returns how many tokens of padding a sequence may have had on the average, where they are not counted. */
    private static long padding(
            TrainerArguments arguments, HistoryFigures history, HistoryStage kind, long mean, @Nullable Long longest) {
        long room = longest == null ? mean : Math.max(0, Math.min(mean, longest - mean));
        Double most = history.mean("completions/max_length");
        Double answer = history.mean("completions/mean_length");
        if (kind != HistoryStage.REWARDS || most == null || answer == null) {
            // Padded to the longest of a batch: seldom more than as much again.
            return room;
        }
        Long group = arguments.whole("num_generations");
        Long batch = arguments.whole("per_device_train_batch_size");
        boolean onePrompt = group != null && batch != null && batch <= group;
        long prompts = onePrompt ? 0 : Math.max(0, Math.round(mean - answer));
        return Math.min(room, (long) Math.ceil(most - answer) + prompts);
    }

    private void make() {
        if (kind == HistoryStage.REWARDS) {
            makeRewards();
        } else {
            WorkPricing training = WorkPricing.of(architecture, settings.likely(), lengths)
                    .withLeast(settings.least())
                    .withMost(settings.most());
            work.add(LoggedWork.ofMeanLength(
                    "", lengths.variant(), kind.stage(), training.formula(), tokens, sequences));
            if (kind == HistoryStage.PREFERENCES && !arguments.isOn("precompute_ref_log_probs")) {
                work.add(LoggedWork.ofMeanLength(
                        "reference",
                        lengths.variant(),
                        kind.stage(),
                        perhaps(forward(lengths), !arguments.has("precompute_ref_log_probs")),
                        tokens,
                        sequences));
            }
        }
        addEvaluation();
    }

    private WorkPricing forward(Lengths some) {
        return WorkPricing.of(
                architecture,
                TrainingSetting.FORWARD_ONLY.with(settings.likely().method()),
                some);
    }

    private static StepFormula perhaps(WorkPricing pricing, boolean uncertain) {
        return uncertain ? pricing.perhaps() : pricing.formula();
    }

    /** Evaluations tell how many samples they saw and not how long those were: taken for as long as the training's. */
    private void addEvaluation() {
        long evaluated =
                history.evaluatedSamples().setScale(0, RoundingMode.HALF_UP).longValueExact();
        if (evaluated < 1) {
            return;
        }
        long each = Math.multiplyExact(evaluated, kind.sequencesPerSample());
        long seen = Math.max(each, Math.round((double) tokens / sequences * each));
        WorkPricing pricing = forward(new Lengths(false, lengths.mean(), lengths.longest(), lengths.mean()));
        work.add(LoggedWork.ofMeanLength(
                "evaluation", lengths.variant(), Stage.EVALUATION, pricing.fromOneToken(), seen, each));
    }

    /**
     * A rollout reads each prompt and writes its answer token by token; then the policy, and where the log shows a divergence from it
     * the reference, see both again and predict the answer alone.
     */
    private void makeRewards() {
        Double mean = history.mean("completions/mean_length");
        Double answer = mean == null ? history.mean("completion_length") : mean;
        long answers = Math.min(tokens, answer == null ? tokens : Math.round(answer * sequences));
        WorkPricing training = WorkPricing.of(architecture, settings.likely(), lengths)
                .withLeast(settings.least())
                .withMost(settings.most());
        addBothParts("", kind.stage(), training, answers, false);
        addBothParts("rollout", Stage.ROLLOUT_GENERATION, forward(lengths), answers, false);
        if (history.has("kl") || !arguments.isZero("beta")) {
            addBothParts("reference", kind.stage(), forward(lengths), answers, !history.has("kl"));
        }
        addOldProbabilities(answers);
    }

    /** Rollouts that outlive a step are scored once more by the policy that made them. */
    private void addOldProbabilities(long answers) {
        Long iterations = arguments.whole("num_iterations");
        Long each = arguments.whole("steps_per_generation");
        Long accumulation = arguments.whole("gradient_accumulation_steps");
        if (iterations == null || each == null || accumulation == null) {
            addBothParts("old probabilities", kind.stage(), forward(lengths), answers, true);
            return;
        }
        long every = Math.max(1, Math.multiplyExact(iterations, each));
        if (accumulation % every != 0 || arguments.isOn("use_vllm")) {
            addBothParts("old probabilities", kind.stage(), forward(lengths), answers, false);
        }
    }

    /** The answers, whose every position is predicted, and the prompts before them, of which none is. */
    private void addBothParts(String name, Stage stage, WorkPricing pricing, long answers, boolean uncertain) {
        long prompts = tokens - answers;
        boolean written = stage == Stage.ROLLOUT_GENERATION;
        long squares = LoggedWork.leastSquares(tokens, sequences);
        long ofPrompts = LoggedWork.leastSquares(prompts, sequences);
        // Where prompts may not have been read each time, answers among themselves are all that is sure.
        long ofAnswers = written ? LoggedWork.leastSquares(answers, sequences) : squares - ofPrompts;
        work.add(new LoggedWork(
                name,
                lengths.variant(),
                stage,
                written ? pricing.decoding(Math.max(1, answers / sequences)) : perhaps(pricing, uncertain),
                answers,
                sequences,
                Math.max(answers, ofAnswers)));
        if (prompts > 0) {
            String part = name.isEmpty() ? "prompts" : name + ", prompts";
            // Answers to one prompt may share its prefill, and then most of it is not computed.
            work.add(new LoggedWork(
                    part,
                    lengths.variant(),
                    stage,
                    perhaps(pricing.withoutHead(), uncertain || written),
                    prompts,
                    sequences,
                    Math.max(prompts, squares - ofAnswers)));
        }
    }
}
