package org.flopledger.logs;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * One training run as its log and the files beside it tell it. What they do not tell is null, never zero.
 *
 * @param id identity that follows from what the log says, not from where it lies
 * @param format the family of logs
 * @param sources the files that were used, the log first
 * @param benchmark name of the benchmark, or null
 * @param stage what the compute was for
 * @param progress how far it came
 * @param timing when it ran
 * @param devices what it ran on, or null
 * @param attempts how often it was started
 * @param status how it ended, or null
 * @param prior what its starting checkpoint had cost
 * @param model what it trained, or null
 * @param reportedFlop what the framework says it cost, a claim; or null
 * @param steps the steps that ran, those that a restart threw away among them, in order; empty if their size is not known or
 *     differs in more than the number of sequences
 * @param marks moments at which the log says how far it is, in order
 * @param lines what was read
 * @param warnings what to know about the figures
 * @param observations its steps with every figure the log tells of each; none if the log tells only the whole
 * @param setting what the run declares, and what its files leave open
 * @param work the kinds of work that the run did, the training first, of which the observations are the steps; empty where steps or
 *     samples tell all of it
 */
public record LoggedRun(
        String id,
        LogFormat format,
        List<Path> sources,
        @Nullable String benchmark,
        Stage stage,
        Progress progress,
        Timing timing,
        @Nullable Devices devices,
        int attempts,
        @Nullable RunStatus status,
        Prior prior,
        @Nullable LoggedModel model,
        @Nullable FlopCount reportedFlop,
        List<StepRange> steps,
        List<ProgressMark> marks,
        LineCounts lines,
        List<LogWarning> warnings,
        LoggedSteps observations,
        RunSetting setting,
        List<LoggedWork> work) {

    /** Copies the lists. */
    public LoggedRun {
        sources = List.copyOf(sources);
        steps = List.copyOf(steps);
        marks = List.copyOf(marks);
        warnings = List.copyOf(warnings);
        work = List.copyOf(work);
    }

    /** Returns whether its kinds of work have prices of their own, which stand behind every figure. */
    boolean isPricedByWork() {
        return !work.isEmpty() && work.get(0).isPriced();
    }

    /** Returns whether something it did beside its steps, or all of it, is told as a whole so far. */
    boolean tellsWorkAsWhole() {
        return work.stream()
                .skip(observations.rows() > 0 ? 1 : 0)
                .anyMatch(each -> each.steps().rows() == 0);
    }

    /** Returns this run with a further warning. */
    public LoggedRun with(LogWarning warning) {
        var more = new ArrayList<>(warnings);
        more.add(warning);
        return change().warnings(more).toRun();
    }

    /** Returns this run with other kinds of work. */
    LoggedRun with(List<LoggedWork> others) {
        return change().work(others).toRun();
    }

    /** Returns what makes a run from this one of which some parts are changed. */
    public LoggedRunChange change() {
        return new LoggedRunChange(this);
    }

    /**
     * How far a run came.
     *
     * @param steps optimizer steps of this run, the last of which may be partial
     * @param lastStep number of the last step
     * @param samples training samples of any kind: sequences, images, graph nodes
     * @param sequences token sequences; null where samples are something else
     * @param tokens tokens that went through the model, padding included
     * @param globalBatchSize samples in a step
     * @param sequenceLength tokens in a sequence
     */
    public record Progress(
            @Nullable Long steps,
            @Nullable Long lastStep,
            @Nullable Long samples,
            @Nullable Long sequences,
            @Nullable Long tokens,
            @Nullable Long globalBatchSize,
            @Nullable Long sequenceLength) {}

    /**
     * When a run ran.
     *
     * @param start when it began
     * @param end when it ended
     * @param durationMillis how long it took; may be known where the instants are not
     */
    public record Timing(
            @Nullable Instant start,
            @Nullable Instant end,
            @Nullable Long durationMillis) {}

    /**
     * What a run ran on.
     *
     * @param count accelerators, at least 1
     * @param model name of the accelerator as the submitter wrote it
     */
    public record Devices(long count, @Nullable String model) {}

    /**
     * What was before the run and went into its weights.
     *
     * @param tokens tokens that its starting checkpoint had seen, or null if not known
     * @param known false if there was something before the run and no file says how much
     */
    public record Prior(@Nullable BigInteger tokens, boolean known) {}

    /**
     * A moment at which the log says how far the run is.
     *
     * @param attempt which start of the run, from 0
     * @param samples samples so far
     * @param time when
     */
    public record ProgressMark(int attempt, long samples, Instant time) {

        /** Makes a mark of a run's first start. */
        public ProgressMark(long samples, Instant time) {
            this(0, samples, time);
        }
    }

    /**
     * What was read of the log.
     *
     * @param lines lines that hold more than blanks
     * @param records records understood
     */
    public record LineCounts(long lines, long records) {}
}
