package org.flopledger.logs;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a run from another one of which some parts are changed. Confined to one thread. */
public final class LoggedRunChange {

    private final LoggedRun run;
    private List<Path> sources;
    private LoggedRun.Progress progress;
    private LoggedRun.@Nullable Devices devices;
    private int attempts;
    private @Nullable LoggedModel model;
    private List<LogWarning> warnings;
    private LoggedSteps observations;
    private RunSetting setting;
    private List<LoggedWork> work;

    LoggedRunChange(LoggedRun run) {
        this.run = run;
        sources = run.sources();
        progress = run.progress();
        devices = run.devices();
        attempts = run.attempts();
        model = run.model();
        warnings = run.warnings();
        observations = run.observations();
        setting = run.setting();
        work = run.work();
    }

    public LoggedRunChange sources(List<Path> value) {
        sources = value;
        return this;
    }

    public LoggedRunChange progress(LoggedRun.Progress value) {
        progress = value;
        return this;
    }

    public LoggedRunChange devices(LoggedRun.@Nullable Devices value) {
        devices = value;
        return this;
    }

    public LoggedRunChange attempts(int value) {
        attempts = value;
        return this;
    }

    public LoggedRunChange model(@Nullable LoggedModel value) {
        model = value;
        return this;
    }

    public LoggedRunChange warnings(List<LogWarning> value) {
        warnings = value;
        return this;
    }

    public LoggedRunChange observations(LoggedSteps value) {
        observations = value;
        return this;
    }

    public LoggedRunChange setting(RunSetting value) {
        setting = value;
        return this;
    }

    public LoggedRunChange work(List<LoggedWork> value) {
        work = value;
        return this;
    }

    /** Returns the run with what was changed; everything else is as it was. */
    public LoggedRun toRun() {
        return new LoggedRun(
                run.id(),
                run.format(),
                sources,
                run.benchmark(),
                run.stage(),
                progress,
                run.timing(),
                devices,
                attempts,
                run.status(),
                run.prior(),
                model,
                run.reportedFlop(),
                run.steps(),
                run.marks(),
                run.lines(),
                warnings,
                observations,
                setting,
                work);
    }
}
