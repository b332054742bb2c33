package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedRun.LineCounts;
import org.flopledger.logs.LoggedRun.Prior;
import org.flopledger.logs.LoggedRun.Progress;
import org.flopledger.logs.LoggedRun.Timing;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.ModelOrigin;
import org.flopledger.logs.RunIdentity;
import org.flopledger.logs.RunSetting;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.Unknown;
import org.flopledger.model.Architecture;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * Turns the furthest state of a Hugging Face training into a run.
 *
 * <p>{@code total_flos} is a claim: it counts 6 FLOP for each parameter the trainer saw and each token or whatever it took for
 * tokens. It is kept exactly as written and checked against what training hardware can do. Confined to one thread.
 */
final class TrainerRunBuilder {

    /**
     * FLOP/s below which no training that is worth counting runs: a tenth of one percent of the 9.3e12 FLOP/s of an accelerator
     * of 2016 (NVIDIA Tesla P100, single precision).
     */
    private static final BigDecimal SLOWEST_RATE = new BigDecimal("9.3e9");

    /** Fewest parameters of a model that is fine-tuned or pretrained as a language model (TinyStories-1M, arXiv 2305.07759). */
    private static final BigDecimal SMALLEST_MODEL = new BigDecimal("1e6");

    private static final BigDecimal FLOP_PER_PARAMETER_AND_TOKEN = BigDecimal.valueOf(6);
    /** Forward 2 and input gradients 2, with every weight frozen. */
    private static final BigDecimal FEWEST_FLOP = BigDecimal.valueOf(4);

    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(3_155_760_000L);
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);
    /** A claim above this is no claim: a billion times what has ever been spent on one model. */
    private static final BigInteger MOST_FLOP = BigInteger.TEN.pow(36);

    private final TrainerState state;
    private final List<TrainerState> branches;
    private final List<LogWarning> warnings = new ArrayList<>();

    TrainerRunBuilder(TrainerState state, List<TrainerState> branches) {
        this.state = state;
        this.branches = branches;
    }

    LoggedRun build(TrainerSideFiles side) {
        return build(side, LogFormat.TRAINER_STATE);
    }

    /** Returns the run as a file of another format tells it. */
    LoggedRun build(TrainerSideFiles side, LogFormat format) {
        BigDecimal runtime = firstOf(state.closing("train_runtime"), side.result("train_runtime"));
        runtime = firstOf(runtime, state.closing(HistoryFigures.ELAPSED));
        FlopCount reported = reported(side);
        LoggedModel model = side.model();
        var reading = new TrainerReading(state, side, model, reported == null ? null : reported.toBigInteger());
        reading.compareClaim();
        Long tokens = reading.tokens();
        warnings.addAll(side.warnings());
        warnings.addAll(reading.warnings());
        if (reading.isClaimExplained()) {
            // It says what went in, whatever it says of FLOP.
        } else if (model != null && model.architecture() != null) {
            checkAgainstModel(reported, runtime, model.architecture());
        } else {
            checkAgainstHardware(reported, runtime, tokens);
        }
        warnOfBranches();
        if (tokens == null) {
            warn(
                    LogWarning.Code.TOKENS_UNKNOWN,
                    "the trainer did not count tokens (num_input_tokens_seen is 0 or absent), and no other file does");
        }
        var sources = new ArrayList<Path>();
        sources.add(state.file());
        sources.addAll(side.used());
        Long steps = state.facts().whole("global_step");
        return new LoggedRun(
                RunIdentity.trainer(state.beginning()),
                format,
                sources,
                null,
                reading.stage(),
                new Progress(steps, steps, reading.sequences(), reading.sequences(), tokens, null, null),
                new Timing(null, null, millis(runtime)),
                null,
                1 + branches.size(),
                status(),
                new Prior(null, false),
                model,
                reported,
                List.of(),
                List.of(),
                new LineCounts(state.history().entries(), state.history().entries()),
                warnings,
                LoggedSteps.NONE,
                setting(model, reading, side),
                reading.work());
    }

    private static RunSetting setting(@Nullable LoggedModel model, TrainerReading reading, TrainerSideFiles side) {
        Long tokens = reading.tokens();
        var unknown = EnumSet.of(
                Unknown.BATCH_SIZE, Unknown.SEQUENCE_LENGTHS, Unknown.PADDING, Unknown.DEVICES, Unknown.EVALUATION);
        if (tokens == null) {
            unknown.add(Unknown.TOKENS);
        }
        boolean described = model != null && model.architecture() != null;
        if (!described) {
            unknown.add(Unknown.MODEL);
        }
        return new RunSetting(
                null,
                null,
                null,
                null,
                reading.longestSequence(),
                described
                        ? side.usesDeclaredModel() ? ModelOrigin.DECLARED : ModelOrigin.CONFIGURATION_FILE
                        : ModelOrigin.NONE,
                unknown);
    }

    private static @Nullable BigDecimal firstOf(@Nullable BigDecimal first, @Nullable BigDecimal second) {
        return first != null ? first : second;
    }

    /** Returns seconds as milliseconds, or null if they are not known or longer than any run lasts. */
    private @Nullable Long millis(@Nullable BigDecimal seconds) {
        if (seconds == null) {
            return null;
        } else if (seconds.compareTo(MOST_SECONDS) > 0) {
            warn(LogWarning.Code.IMPLAUSIBLE_VALUE, "train_runtime is above " + MOST_SECONDS + " s, a hundred years");
            return null;
        }
        return seconds.multiply(MILLIS).setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    private @Nullable FlopCount reported(TrainerSideFiles side) {
        BigDecimal figure = firstOf(state.facts().figure("total_flos"), state.closing("total_flos"));
        figure = firstOf(figure, side.result("total_flos"));
        if (figure == null || figure.signum() == 0) {
            // The trainer writes 0 where the model cannot tell its FLOP: that is not knowing.
            return null;
        }
        BigInteger whole = TotalFlos.asWritten(figure);
        if (whole.compareTo(MOST_FLOP) > 0) {
            warn(LogWarning.Code.IMPLAUSIBLE_VALUE, "total_flos is above 10^36");
            return null;
        }
        return FlopCount.of(whole);
    }

    private RunStatus status() {
        Long most = state.maxSteps();
        boolean reached = most != null && most > 0 && state.globalStep() >= most;
        return reached || state.isClosed() ? RunStatus.SUCCESS : RunStatus.UNFINISHED;
    }

    private void checkAgainstHardware(
            @Nullable FlopCount reported, @Nullable BigDecimal runtime, @Nullable Long tokens) {
        if (reported == null) {
            return;
        }
        var claim = new BigDecimal(reported.toBigInteger());
        if (tokens != null) {
            BigDecimal parameters = claim.divide(
                    FLOP_PER_PARAMETER_AND_TOKEN.multiply(BigDecimal.valueOf(tokens)), MathContext.DECIMAL64);
            if (parameters.compareTo(SMALLEST_MODEL) < 0) {
                disagree(
                        reported,
                        "over " + tokens + " tokens it means a model of " + rounded(parameters)
                                + " parameters, fewer than the smallest language model has (" + rounded(SMALLEST_MODEL)
                                + ")");
                return;
            }
        }
        if (runtime != null && runtime.signum() > 0) {
            BigDecimal rate = claim.divide(runtime, MathContext.DECIMAL64);
            if (rate.compareTo(SLOWEST_RATE) < 0) {
                disagree(
                        reported,
                        "over " + runtime.toPlainString() + " s it means " + rounded(rate)
                                + " FLOP/s, less than a thousandth of what one accelerator of 2016 does ("
                                + rounded(SLOWEST_RATE) + " FLOP/s)");
            }
        }
    }

    /** Every step has a token at least, and every sample: below 4 FLOP for each parameter and each of them is impossible. */
    private void checkAgainstModel(
            @Nullable FlopCount reported, @Nullable BigDecimal runtime, Architecture architecture) {
        if (reported == null) {
            return;
        }
        long parameters = ParameterCount.of(architecture).activeExcludingEmbeddings();
        BigDecimal samples = BigDecimal.valueOf(state.globalStep());
        BigDecimal perSecond = state.closing("train_samples_per_second");
        if (runtime != null && perSecond != null) {
            samples = samples.max(perSecond.multiply(runtime).setScale(0, RoundingMode.FLOOR));
        }
        BigDecimal least = samples.multiply(BigDecimal.valueOf(parameters)).multiply(FEWEST_FLOP);
        if (new BigDecimal(reported.toBigInteger()).compareTo(least) < 0) {
            disagree(
                    reported,
                    "the model's " + parameters + " parameters without embeddings took " + rounded(least)
                            + " FLOP at least, with one token in each of " + samples.toPlainString() + " samples");
        }
    }

    private void disagree(FlopCount reported, String why) {
        warn(
                LogWarning.Code.METHODS_DISAGREE,
                "total_flos says " + reported + " FLOP; " + why
                        + ". Trainers that shard parameters (ZeRO-3, FSDP) are known to count only what is not sharded");
    }

    private static String rounded(BigDecimal figure) {
        return figure.round(new MathContext(3, RoundingMode.HALF_UP))
                .stripTrailingZeros()
                .toString();
    }

    private void warnOfBranches() {
        for (TrainerState branch : branches) {
            int shared = branch.history().sharedWith(state.history());
            long common = shared == 0 ? 0 : Math.max(0, state.history().step(shared - 1));
            warn(
                    LogWarning.Code.RESTARTED,
                    "another attempt went on from step " + common + " to step " + branch.globalStep()
                            + "; what it cost after step " + common + " is not in the reported figure");
        }
    }

    private void warn(LogWarning.Code code, String message) {
        warnings.add(new LogWarning(code, message));
    }
}
