package org.flopledger.cli.estimate;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.flopledger.cli.options.CommandFailure;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.OutputChoice;
import org.flopledger.cli.options.Version;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.huggingface.ParameterBound;
import org.flopledger.huggingface.description.DescriptionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code estimate}: from a model description to parameters and the FLOP of a step and of a whole training. */
@Command(
        name = "estimate",
        description = {
            "Counts the parameters of a described model and the FLOP of training it.",
            "",
            "A Hugging Face config.json works as it is:",
            "  flopledger estimate config.json --tokens 15600000000000 --sequence-length 8192",
            "  flopledger estimate config.json --peft adapter_config.json --batch 16",
            "  flopledger estimate config.json --recipe grpo --batch 64 --samples 8 --answer-length 1024"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class EstimateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "A config.json, or a folder that holds one.")
    @SuppressWarnings("NullAway.Init") // picocli refuses a call without it
    private Path model;

    @Option(names = "--batch", paramLabel = "N", description = "Sequences in a step. Default: ${DEFAULT-VALUE}.")
    private long batch = 1;

    @Option(
            names = "--sequence-length",
            paramLabel = "N",
            description = "Tokens of each sequence; of the decoder where there is an encoder too. Default: 4096, or the"
                    + " model's context length if that is shorter, or its one length where the input has a fixed size"
                    + " (images).")
    private @Nullable Long sequenceLength;

    @Option(
            names = "--source-length",
            paramLabel = "N",
            description =
                    "Tokens of each encoder sequence (T5). Default: the sequence length; recordings have a fixed one"
                            + " (Whisper: 1500 positions for 30 seconds).")
    private @Nullable Long sourceLength;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "Tokens of the whole training, all epochs; of the decoder where there is an encoder too.")
    private @Nullable BigInteger tokens;

    @Option(
            names = "--attention",
            paramLabel = "KIND",
            description =
                    "causal: exact pairs of each layer's own mask; full: the whole square of scores, and every expert"
                            + " where an eager implementation computes every expert. Default: ${DEFAULT-VALUE}.")
    private Attention attention = Attention.CAUSAL;

    @Option(
            names = "--multi-token-prediction",
            description = "Count the further predicted tokens that the description states (DeepSeek-V3), too.")
    private boolean multiTokenPrediction;

    @Mixin
    private TrainedParts trained = new TrainedParts();

    @Mixin
    private Recipe recipe = new Recipe();

    @Mixin
    private OutputChoice output = new OutputChoice();

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    /** Which pairs of positions count. */
    enum Attention {
        CAUSAL,
        FULL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        requirePositive("--batch", batch);
        requirePositive("--sequence-length", sequenceLength);
        requirePositive("--source-length", sourceLength);
        if (tokens != null && (tokens.signum() < 1 || tokens.bitLength() > 63)) {
            throw usage("--tokens is " + tokens + ", must be from 1 to 2^63 - 1");
        }
        String contradiction = Objects.requireNonNullElse(trained.contradiction(), "")
                + Objects.requireNonNullElse(recipe.contradiction(batch), "");
        if (!contradiction.isEmpty()) {
            throw usage(contradiction);
        }
        if (recipe.isStated() && tokens != null) {
            throw usage("--tokens counts the tokens of plain training, and cannot stand beside --recipe");
        }
        try {
            var result = EstimateResult.of(ModelDescription.read(model), trained, recipe, settings());
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            if (output.isJson()) {
                EstimateJson.write(result, out);
            } else {
                EstimateTable.print(result, out);
            }
            return ExitStatus.FINE.code();
        } catch (DescriptionException e) {
            return bound(e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            // What the model refuses only together with the typed figures: a length that is not its own, a product too
            // large.
            throw new CommandFailure(model.getFileName() + ": " + e.getMessage(), e);
        }
    }

    /** A model that is not understood has no estimate; where its parameters are known there is a bound. */
    private int bound(DescriptionException refusal) {
        String why = Objects.requireNonNullElse(refusal.getMessage(), "the description cannot be used");
        Optional<ParameterBound> known;
        try {
            known = ParameterBound.read(model);
        } catch (DescriptionException e) {
            throw new CommandFailure(why, refusal);
        }
        if (known.isEmpty() || trained.isStated()) {
            throw new CommandFailure(why, refusal);
        }
        var bound = EstimateBound.of(
                String.valueOf(model.getFileName()),
                known.get(),
                why,
                tokens == null ? null : tokens.longValueExact(),
                sequenceLength);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (output.isJson()) {
            bound.write(out);
        } else {
            bound.print(out);
        }
        return ExitStatus.UNDETERMINED.code();
    }

    private EstimateSettings settings() {
        return new EstimateSettings(
                batch,
                sequenceLength,
                sourceLength,
                tokens == null ? null : tokens.longValueExact(),
                attention == Attention.FULL,
                multiTokenPrediction);
    }

    private void requirePositive(String option, @Nullable Long value) {
        if (value != null && (value < 1 || value > EstimateSettings.LARGEST)) {
            throw usage(option + " is " + value + ", must be from 1 to " + EstimateSettings.LARGEST);
        }
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
