package org.flopledger.logs.metric;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogFormat;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.LoggedRun.Progress;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LossCurve;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.StepField;

/**
 * Adds the runs that a tracker tells, unless another file tells the same run already: then the tracker's files are a repeat, and
 * what only they know, such as steps made twice after a restart, is said of the run that is kept.
 *
 * <p>Files of two formats tell the same run if they lie near each other and agree in the first training losses; where one of them has no
 * losses, if one lies in or below the other's folder, their times overlap and the same step is their last. Confined to one thread.
 */
public final class TrackedRuns {

    /** Folders up to a common one: {@code out/lightning_logs/version_0} and {@code out/tb/version_0}. */
    private static final int FARTHEST = 3;

    private final LogFormat format;
    private final LogAssembly assembly;
    private final Map<Path, List<String>> known = new HashMap<>();
    private final Map<String, LossCurve> curves = new HashMap<>();

    /** Adds runs of a format. */
    public TrackedRuns(LogFormat format, LogAssembly assembly) {
        this.format = format;
        this.assembly = assembly;
        for (LoggedRun run : assembly.runs()) {
            above(run.sources().get(0))
                    .forEach(folder -> known.computeIfAbsent(folder, key -> new ArrayList<>())
                            .add(run.id()));
        }
    }

    /**
     * Adds a run.
     *
     * @param told what the tracker's files say
     * @param evidence the same as evidence
     * @param files the files, the log first
     */
    public void add(MetricRun told, RunEvidence evidence, List<Path> files) {
        LoggedRun run = evidence.toRun(format, files);
        if (assembly.run(run.id()) != null) {
            assembly.addRepeat(run.id(), "the same run of the same tracker", files);
            return;
        }
        for (String id : nearby(files.get(0))) {
            LoggedRun known = assembly.run(id);
            if (known != null && isSame(known, run, told)) {
                assembly.addRepeat(known.id(), why(known), files);
                tellRestarts(known, run, told.longestGap());
                return;
            }
        }
        assembly.add(run, told.losses());
    }

    /** Returns the runs of other formats that lie near a file, in the order in which they were taken. */
    private Set<String> nearby(Path file) {
        var near = new LinkedHashSet<String>();
        for (Path folder : above(file)) {
            near.addAll(known.getOrDefault(folder, List.of()));
        }
        return near;
    }

    /** Returns the folder of a file and those above it in which another file may tell the same run. */
    private static List<Path> above(Path file) {
        var folders = new ArrayList<Path>();
        Path folder = folder(file);
        for (int up = 0; up <= FARTHEST && folder != null; up++) {
            folders.add(folder);
            folder = folder.getParent();
        }
        return folders;
    }

    private static String why(LoggedRun known) {
        return "the " + known.format().label() + " files beside it tell the same run";
    }

    private boolean isSame(LoggedRun known, LoggedRun run, MetricRun told) {
        // Two runs of one tracker have identities of their own; equal losses mean that one was made again with the same
        // seed.
        if (known.format().equals(run.format()) || timesExclude(known, run)) {
            return false;
        }
        Nearness nearness = nearness(known, run);
        if (nearness == Nearness.FAR) {
            return false;
        }
        LossCurve.Likeness likeness = told.losses().compare(curve(known));
        if (likeness != LossCurve.Likeness.OPEN) {
            return likeness == LossCurve.Likeness.SAME;
        }
        return nearness == Nearness.ONE_ABOVE_OTHER && isSameLastStep(known, run);
    }

    /** Returns whether a file lies where it may tell a run of which another file is known. */
    public static boolean areNear(Path known, Path file) {
        List<Path> mine = above(file.toAbsolutePath().normalize());
        return above(known.toAbsolutePath().normalize()).stream().anyMatch(mine::contains);
    }

    /** Returns the losses of a run that was taken, as far as its files tell them. */
    public static LossCurve losses(LoggedRun known, LogAssembly assembly) {
        LossCurve tracked = assembly.losses(known.id());
        if (tracked != null) {
            return tracked;
        }
        return known.format().equals(LogFormat.TRAINER_STATE)
                ? TrainerLosses.of(known.sources().get(0))
                : new LossCurve();
    }

    private LossCurve curve(LoggedRun known) {
        LossCurve tracked = assembly.losses(known.id());
        return tracked != null ? tracked : curves.computeIfAbsent(known.id(), id -> losses(known, assembly));
    }

    private static boolean timesExclude(LoggedRun known, LoggedRun run) {
        Instant start = known.timing().start();
        Instant end = known.timing().end();
        Instant from = run.timing().start();
        Instant to = run.timing().end();
        return start != null && end != null && from != null && to != null && (to.isBefore(start) || from.isAfter(end));
    }

    /** Trainers that count from 0 call the same step one less. */
    private static boolean isSameLastStep(LoggedRun known, LoggedRun run) {
        Long one = known.progress().lastStep();
        Long other = run.progress().lastStep();
        return one != null && other != null && Math.abs(one - other) <= 1;
    }

    private enum Nearness {
        ONE_ABOVE_OTHER,
        NEAR,
        FAR
    }

    private static Nearness nearness(LoggedRun known, LoggedRun run) {
        Path mine = folder(run.sources().get(0));
        Path theirs = folder(known.sources().get(0));
        int common = 0;
        while (common < mine.getNameCount()
                && common < theirs.getNameCount()
                && mine.getName(common).equals(theirs.getName(common))) {
            common++;
        }
        int up = mine.getNameCount() - common;
        int down = theirs.getNameCount() - common;
        if ((up == 0 || down == 0) && up <= FARTHEST && down <= FARTHEST) {
            return Nearness.ONE_ABOVE_OTHER;
        }
        return up <= FARTHEST && down <= FARTHEST ? Nearness.NEAR : Nearness.FAR;
    }

    private static Path folder(Path file) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    /** A trainer's state forgets what a restart threw away; the tracker saw it happen. */
    private void tellRestarts(LoggedRun known, LoggedRun run, long gap) {
        if (run.attempts() <= known.attempts()) {
            return;
        }
        RestartedWork work = known.observations().steps() > 0
                ? null
                : RestartedWork.of(known, run.observations(), run.attempts(), gap);
        LoggedSteps steps = work == null ? run.observations() : work.steps();
        Long tokens = steps.total(StepField.TOKENS);
        Progress progress = known.progress();
        boolean takesSteps = known.observations().steps() == 0 && (tokens != null || work != null);
        Progress wider = takesSteps
                ? new Progress(
                        run.progress().steps(),
                        progress.lastStep(),
                        progress.samples(),
                        progress.sequences(),
                        tokens,
                        progress.globalBatchSize(),
                        progress.sequenceLength())
                : progress;
        var warnings = new ArrayList<>(known.warnings());
        run.warnings().stream()
                .filter(warning -> warning.code() == LogWarning.Code.RESTARTED)
                .forEach(warnings::add);
        if (!takesSteps) {
            warnings.add(new LogWarning(
                    LogWarning.Code.LOST_STEPS_NOT_COUNTED,
                    "what a restart threw away is known by number of steps only, and not counted"));
        }
        assembly.replace(known.change()
                .progress(wider)
                .attempts(run.attempts())
                .warnings(warnings)
                .observations(takesSteps ? steps : known.observations())
                .work(work == null ? takesSteps ? List.of() : known.work() : work.work())
                .toRun());
    }
}
