package org.flopledger.logs.mlperf;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.LoggedRun.LineCounts;
import org.flopledger.logs.LoggedRun.Prior;
import org.flopledger.logs.LoggedRun.Progress;
import org.flopledger.logs.LoggedRun.ProgressMark;
import org.flopledger.logs.LoggedRun.Timing;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.ModelOrigin;
import org.flopledger.logs.RejectionReason;
import org.flopledger.logs.RunSetting;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.mlperf.Benchmark.Evidence;
import org.flopledger.logs.mlperf.Benchmark.Start;
import org.flopledger.logs.mlperf.Benchmark.Unit;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a log says into a run, by the meanings of its benchmark, and checks the figures against each other.
 *
 * <p>The best evidence wins; evidence that says something else becomes a warning, never an average. Confined to one thread.
 */
final class MlperfRunBuilder {

    /** Most sequences in a step and most tokens in a sequence: far above any run, and small enough to multiply safely. */
    private static final long MOST_IN_ONE = 10_000_000;

    /** Wider than any model's hidden size. */
    private static final long MOST_RANK = 1 << 20;

    private static final long MOST_SAMPLES = 1_000_000_000_000L;
    private static final BigInteger MOST_PRIOR_TOKENS = BigInteger.TEN.pow(18);

    private final MlperfEvidence log;
    private final Benchmark benchmark;
    private final List<LogWarning> warnings = new ArrayList<>();
    private final @Nullable Long batch;
    private final @Nullable Long sequenceLength;
    private RejectionReason fault = RejectionReason.IMPLAUSIBLE_VALUE;

    MlperfRunBuilder(MlperfEvidence log, Benchmark benchmark) {
        this.log = log;
        this.benchmark = benchmark;
        this.batch = positive("global_batch_size");
        String lengthKey = benchmark.sequenceLengthKey();
        boolean isStated = lengthKey != null && (log.setting(lengthKey) != null || log.isSenseless(lengthKey));
        // A length that is stated and makes no sense is not known: the benchmark's rule would be a guess.
        this.sequenceLength = lengthKey != null && isStated ? positive(lengthKey) : benchmark.ruleSequenceLength();
    }

    /**
     * Returns the run, or null if its size makes no sense: see {@link #fault()}.
     *
     * @param id identity of the run
     * @param sources the log and the files used with it
     * @param devices what it ran on, or null
     * @param models builds the benchmark's model
     * @param lines lines of the log
     */
    @Nullable
    LoggedRun build(String id, List<Path> sources, @Nullable Devices devices, BenchmarkModels models, long lines) {
        for (String key : log.contradictorySettings()) {
            warn(
                    LogWarning.Code.SETTING_CONTRADICTS,
                    key + " is given with different values or one that makes no sense; the first sensible one is used");
        }
        if (log.attempts() > 1) {
            warn(
                    LogWarning.Code.RESTARTED,
                    "the log starts " + log.attempts() + " times; the time between is part of the duration");
        }
        Progress progress = progress();
        LoggedSteps steps = steps(progress);
        if (steps == null) {
            return null;
        }
        Timing timing = timing();
        if (devices == null) {
            warn(
                    LogWarning.Code.DEVICES_UNKNOWN,
                    "no system description was found for this log, so the device count is not known");
        }
        if (benchmark.padded() && progress.tokens() != null) {
            warn(
                    LogWarning.Code.TOKENS_INCLUDE_PADDING,
                    "tokens are sequences x " + sequenceLength
                            + "; an implementation that skips padding computes fewer");
        }
        LoggedModel model = model(models);
        return new LoggedRun(
                id,
                LogFormat.MLPERF,
                sources,
                benchmark.name().isEmpty() ? null : benchmark.name(),
                benchmark.stage(),
                progress,
                timing,
                devices,
                log.attempts(),
                status(),
                prior(),
                model,
                null,
                steps.ranges(),
                marks(),
                new LineCounts(lines, log.records()),
                warnings,
                steps,
                setting(model, devices),
                List.of());
    }

    private Progress progress() {
        Evidence best = null;
        Long found = null;
        for (Evidence evidence : benchmark.evidence()) {
            Long samples = samples(evidence);
            if (samples == null || isImplausible(samples)) {
                continue;
            }
            if (best == null) {
                best = evidence;
                found = samples;
            } else if (!samples.equals(found)) {
                warn(
                        LogWarning.Code.PROGRESS_DISAGREES,
                        describe(best, found) + " and " + describe(evidence, samples) + "; the first is used");
            }
        }
        if (found == null) {
            warn(LogWarning.Code.PROGRESS_UNKNOWN, "the log does not say how far the run came");
            return new Progress(null, null, null, null, null, batch, sequenceLength);
        }
        Long steps = batch == null ? null : Long.valueOf(found / batch + (found % batch == 0 ? 0 : 1));
        if (benchmark.wholeSteps() && batch != null && found % batch != 0) {
            warn(LogWarning.Code.PARTIAL_STEP, found + " samples are not a multiple of the batch size " + batch);
        }
        Long sequences = benchmark.isLanguage() ? found : null;
        return new Progress(steps, steps, found, sequences, tokens(sequences), batch, sequenceLength);
    }

    private boolean isImplausible(long samples) {
        if (samples > MOST_SAMPLES) {
            warn(LogWarning.Code.IMPLAUSIBLE_VALUE, samples + " samples in one run are more than " + MOST_SAMPLES);
        }
        return samples > MOST_SAMPLES;
    }

    private static String describe(Evidence evidence, @Nullable Long samples) {
        return evidence.record() + " " + evidence.field() + " means " + samples + " samples";
    }

    /** Returns progress as samples, or null if it is not there or cannot be converted. */
    private @Nullable Long samples(Evidence evidence) {
        Long count = log.progress(evidence);
        if (count == null || count == 0) {
            return null;
        }
        if (evidence.unit() == Unit.TOKENS) {
            return wholeSequences(count);
        } else if (evidence.unit() == Unit.STEPS) {
            return batch == null ? null : product(count, batch);
        }
        return count;
    }

    private @Nullable Long wholeSequences(long tokens) {
        if (sequenceLength == null) {
            return null;
        }
        if (tokens % sequenceLength != 0) {
            warn(
                    LogWarning.Code.TOKENS_NOT_WHOLE,
                    tokens + " tokens are not a multiple of the sequence length " + sequenceLength);
            return null;
        }
        return tokens / sequenceLength;
    }

    private @Nullable Long tokens(@Nullable Long sequences) {
        return sequences == null || sequenceLength == null ? null : product(sequences, sequenceLength);
    }

    private @Nullable Long product(long a, long b) {
        if (Math.multiplyHigh(a, b) != 0 || a * b < 0) {
            warn(LogWarning.Code.IMPLAUSIBLE_VALUE, a + " x " + b + " is above 2^63");
            return null;
        }
        return a * b;
    }

    private @Nullable Long positive(String key) {
        Long value = log.setting(key);
        if (value != null && (value == 0 || value > MOST_IN_ONE)) {
            warn(LogWarning.Code.IMPLAUSIBLE_VALUE, key + " is " + value + ", must be from 1 to " + MOST_IN_ONE);
            return null;
        }
        return value;
    }

    private Timing timing() {
        Instant start = log.start();
        Instant stop = log.stop();
        if (start == null || stop == null) {
            return new Timing(start, stop, null);
        }
        long millis = Duration.between(start, stop).toMillis();
        if (millis < 0) {
            warn(LogWarning.Code.CLOCK_GOES_BACK, "the run stops " + -millis + " ms before it starts");
            return new Timing(start, stop, null);
        }
        return new Timing(start, stop, millis);
    }

    private RunStatus status() {
        if (log.stop() == null) {
            return RunStatus.UNFINISHED;
        }
        return log.stoppedWell() ? RunStatus.SUCCESS : RunStatus.ABORTED;
    }

    private Prior prior() {
        if (benchmark.start() == Start.RANDOM) {
            return new Prior(null, true);
        }
        if (benchmark.start() == Start.CHECKPOINT && sequenceLength != null) {
            BigInteger tokens = BigInteger.valueOf(sequenceLength);
            for (String key : benchmark.priorKeys()) {
                Long factor = log.setting(key);
                if (factor == null) {
                    warn(
                            LogWarning.Code.PRIOR_UNKNOWN,
                            key + " is not in the log, so what the checkpoint had seen is not known");
                    return new Prior(null, false);
                }
                tokens = tokens.multiply(BigInteger.valueOf(factor));
            }
            if (tokens.compareTo(MOST_PRIOR_TOKENS) <= 0) {
                return new Prior(tokens, true);
            }
            warn(LogWarning.Code.IMPLAUSIBLE_VALUE, "the checkpoint would have seen " + tokens + " tokens");
        }
        if (benchmark.start() == Start.PUBLISHED) {
            warn(
                    LogWarning.Code.PRIOR_UNKNOWN,
                    "the run starts from published weights whose compute is in none of the files");
        }
        return new Prior(null, false);
    }

    private @Nullable LoggedModel model(BenchmarkModels models) {
        String rankKey = benchmark.lora() == null ? null : benchmark.lora().rankKey();
        Long rank = log.setting(rankKey);
        if (log.isSenseless(rankKey) || (rank != null && rank > MOST_RANK)) {
            warn(
                    LogWarning.Code.IMPLAUSIBLE_VALUE,
                    rankKey + " must be a number from 1 to " + MOST_RANK + "; the model is not known");
            return null;
        }
        return models.model(benchmark, rank);
    }

    /** Returns the steps, or null if there are more than any run has or their size makes no sense. */
    private @Nullable LoggedSteps steps(Progress progress) {
        Long sequences = progress.sequences();
        Long count = progress.steps();
        if (count != null && count > LoggedSteps.MOST_STEPS) {
            fault = RejectionReason.TOO_MANY_STEPS;
            return null;
        } else if (sequences == null || batch == null || sequenceLength == null) {
            return LoggedSteps.NONE;
        }
        LoggedSteps built = new MlperfSteps(batch, sequenceLength, benchmark.stage())
                .of(sequences, log.attempts(), log.stop() != null, marks());
        fault = built == null ? RejectionReason.IMPLAUSIBLE_VALUE : fault;
        return built;
    }

    /** Returns why there is no run. */
    RejectionReason fault() {
        return fault;
    }

    private static RunSetting setting(@Nullable LoggedModel model, @Nullable Devices devices) {
        var unknown = EnumSet.noneOf(Unknown.class);
        if (model == null) {
            unknown.add(Unknown.MODEL);
        }
        if (devices == null) {
            unknown.add(Unknown.DEVICES);
        }
        return RunSetting.of(model == null ? ModelOrigin.NONE : ModelOrigin.BENCHMARK, unknown);
    }

    private List<ProgressMark> marks() {
        Evidence known = benchmark.evidence().stream()
                .filter(evidence -> evidence.record().equals("eval_accuracy") && log.progress(evidence) != null)
                .findFirst()
                .orElse(null);
        if (known == null) {
            return List.of();
        }
        long divisor = known.unit() == Unit.TOKENS && sequenceLength != null ? sequenceLength : 1;
        long factor = known.unit() == Unit.STEPS && batch != null ? batch : 1;
        var marks = new ArrayList<ProgressMark>();
        for (MlperfEvidence.Mark mark : log.marks()) {
            Long count = mark.counts().get(known.field());
            if (count != null && Math.multiplyHigh(count, factor) == 0) {
                marks.add(new ProgressMark(mark.attempt(), count / divisor * factor, mark.time()));
            }
        }
        return marks;
    }

    private void warn(LogWarning.Code code, String message) {
        warnings.add(new LogWarning(code, message));
    }
}
