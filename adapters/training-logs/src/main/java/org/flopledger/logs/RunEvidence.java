package org.flopledger.logs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.LoggedRun.LineCounts;
import org.flopledger.logs.LoggedRun.Prior;
import org.flopledger.logs.LoggedRun.Progress;
import org.flopledger.logs.LoggedRun.Timing;
import org.flopledger.logs.scan.Digests;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What a log says of one run, in the terms that all formats share. Immutable.
 *
 * <p>A reader says what the log says and nothing more: what is not said stays unknown, is named with
 * {@link Builder#unknown(Unknown)}, and is bounded or left open when the cost is computed, never guessed here.
 */
public final class RunEvidence {

    private static final int SHOWN_DIGITS = 16;

    private final Builder said;
    private final LoggedSteps steps;

    private RunEvidence(Builder builder) {
        this.said = builder;
        this.steps = builder.steps;
    }

    /**
     * Returns a builder.
     *
     * @param identity what tells this run from every other and does not change as the run goes on, such as the first step's record
     *     with its time; only its digest leaves the reader
     */
    public static Builder of(String identity) {
        return new Builder(identity);
    }

    /** Returns the steps. */
    public LoggedSteps steps() {
        return steps;
    }

    /** Returns the identity of the run in a format. */
    public String id(LogFormat format) {
        return format.label() + "-" + Digests.sha256(said.identity).substring(0, SHOWN_DIGITS);
    }

    /**
     * Returns the run.
     *
     * @param format the format it was read from
     * @param sources the files that were used, the log first
     */
    public LoggedRun toRun(LogFormat format, List<Path> sources) {
        return new LoggedRun(
                id(format),
                format,
                sources,
                null,
                said.stage,
                progress(),
                timing(),
                said.devices,
                said.attempts,
                said.status,
                said.prior,
                said.model,
                said.reportedFlop != null ? said.reportedFlop : steps.totalReportedFlop(),
                steps.ranges(),
                List.of(),
                said.lines,
                said.warnings,
                steps,
                new RunSetting(
                        said.worldSize,
                        said.microBatchSize,
                        said.accumulation,
                        said.dataParallel,
                        said.longestSequence,
                        said.paddedLength,
                        said.modelOrigin,
                        said.unknown,
                        null),
                said.work);
    }

    private Progress progress() {
        Long sequences = steps.total(StepField.SEQUENCES);
        Long tokens = said.tokens != null ? said.tokens : steps.total(StepField.TOKENS);
        return new Progress(
                steps.steps() == 0 ? null : Long.valueOf(steps.steps()),
                lastStep(),
                sequences,
                sequences,
                tokens,
                said.globalBatchSize,
                sequenceLength());
    }

    private @Nullable Long lastStep() {
        Long last = null;
        LoggedSteps.Cursor row = steps.cursor();
        while (row.next()) {
            long end = row.first() + row.count() - 1;
            last = last == null ? end : Math.max(last, end);
        }
        return last;
    }

    /** Returns the length that every sequence of the run has, or null if they differ or are not known. */
    private @Nullable Long sequenceLength() {
        long length = -1;
        LoggedSteps.Cursor row = steps.cursor();
        while (row.next()) {
            if (row.sequenceLength() < 1 || (length >= 0 && length != row.sequenceLength())) {
                return null;
            }
            length = row.sequenceLength();
        }
        return length < 0 ? null : Long.valueOf(length);
    }

    private Timing timing() {
        Long millis = said.durationMillis;
        Instant start = said.start;
        Instant end = said.end;
        if (millis == null && start != null && end != null && !end.isBefore(start)) {
            millis = Duration.between(start, end).toMillis();
        }
        return new Timing(start, end, millis);
    }

    /**
     * Takes what a log says. Numbers from a log are untrusted: those that make no sense are refused by returning false or counted by
     * the reader, and none throws. Confined to one thread; usable once.
     */
    public static final class Builder {

        private final String identity;
        private final List<LogWarning> warnings = new ArrayList<>();
        private final List<LoggedWork> work = new ArrayList<>();
        private final Set<Unknown> unknown = EnumSet.noneOf(Unknown.class);
        private LoggedSteps steps = LoggedSteps.NONE;
        private Stage stage = Stage.UNKNOWN;
        private int attempts = 1;
        private LineCounts lines = new LineCounts(0, 0);
        private Prior prior = new Prior(null, false);
        private ModelOrigin modelOrigin = ModelOrigin.NONE;
        private @Nullable LoggedModel model;
        private @Nullable Devices devices;
        private @Nullable RunStatus status;
        private @Nullable FlopCount reportedFlop;
        private @Nullable Long tokens;
        private @Nullable Instant start;
        private @Nullable Instant end;
        private @Nullable Long durationMillis;
        private @Nullable Long worldSize;
        private @Nullable Long globalBatchSize;
        private @Nullable Long microBatchSize;
        private @Nullable Long accumulation;
        private @Nullable Long dataParallel;
        private @Nullable Long longestSequence;
        private @Nullable Long paddedLength;

        private Builder(String identity) {
            this.identity = identity;
        }

        /** Sets the steps, and with them how often the run was started. */
        public Builder steps(LoggedStepsBuilder collected) {
            attempts = Math.max(attempts, collected.attempts());
            steps = collected.build();
            return this;
        }

        /** Adds what each step computed in a phase beside its update. */
        public Builder work(StepPhase phase, LoggedStepsBuilder collected) {
            if (work.isEmpty()) {
                work.add(LoggedWork.training(Stage.REINFORCEMENT_LEARNING));
            }
            work.add(LoggedWork.of(phase, collected.build()));
            return this;
        }

        /** Sets what the compute was for, where a step does not say otherwise. */
        public Builder stage(Stage purpose) {
            stage = purpose;
            return this;
        }

        /** Sets how often the run was started, at least 1. */
        public Builder attempts(int count) {
            attempts = Math.max(1, count);
            return this;
        }

        /** Sets what was trained and where its description comes from. */
        public Builder model(LoggedModel trained, ModelOrigin origin) {
            model = trained;
            modelOrigin = origin;
            return this;
        }

        /** Sets what the run ran on. */
        public Builder devices(Devices used) {
            devices = used;
            return this;
        }

        /** Sets how many processes there were, usually one a device. */
        public Builder worldSize(long processes) {
            worldSize = positive(processes);
            return this;
        }

        /** Sets the sequences of a step. */
        public Builder globalBatchSize(long sequences) {
            globalBatchSize = positive(sequences);
            return this;
        }

        /** Sets the sequences that one replica of the model takes at a time. */
        public Builder microBatchSize(long sequences) {
            microBatchSize = positive(sequences);
            return this;
        }

        /** Sets the micro batches of a step and replica. */
        public Builder accumulation(long microBatches) {
            accumulation = positive(microBatches);
            return this;
        }

        /** Sets how many replicas of the model there were. */
        public Builder dataParallel(long replicas) {
            dataParallel = positive(replicas);
            return this;
        }

        /** Sets the tokens that a sequence has at most. */
        public Builder longestSequence(long tokensAtMost) {
            longestSequence = positive(tokensAtMost);
            return this;
        }

        /** Sets the tokens to which each sequence may have been padded, where padding is not counted. */
        public Builder paddedTo(long length) {
            paddedLength = positive(length);
            return this;
        }

        /** Sets all tokens of the run where the log does not tell those of each step. */
        public Builder tokens(long total) {
            tokens = positive(total);
            return this;
        }

        /** Sets what the framework says that the whole run cost, a claim. */
        public Builder reportedFlop(FlopCount total) {
            reportedFlop = total;
            return this;
        }

        /** Sets when the run began and ended, each null if not known. */
        public Builder between(@Nullable Instant began, @Nullable Instant ended) {
            start = began;
            end = ended;
            return this;
        }

        /** Sets how long the run took, where the log says so. */
        public Builder durationMillis(long millis) {
            durationMillis = millis < 0 ? null : millis;
            return this;
        }

        /** Sets how the run ended. */
        public Builder status(RunStatus ended) {
            status = ended;
            return this;
        }

        /** Sets what came before the run and went into its weights. */
        public Builder prior(Prior before) {
            prior = before;
            return this;
        }

        /** Names something that the files leave open. */
        public Builder unknown(Unknown open) {
            unknown.add(open);
            return this;
        }

        /** Adds something to know about the figures; the message holds no text of the log. */
        public Builder warn(LogWarning.Code code, String message) {
            warnings.add(new LogWarning(code, message));
            return this;
        }

        /** Sets how many lines with text were seen, and how many records were understood. */
        public Builder lines(long seen, long understood) {
            lines = new LineCounts(seen, understood);
            return this;
        }

        private static @Nullable Long positive(long value) {
            return value < 1 ? null : value;
        }

        /** Returns the evidence. */
        public RunEvidence build() {
            return new RunEvidence(this);
        }
    }
}
