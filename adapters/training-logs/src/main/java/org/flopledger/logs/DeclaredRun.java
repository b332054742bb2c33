package org.flopledger.logs;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.LoggedRun.Progress;
import org.flopledger.logs.WorkPricing.Lengths;
import org.flopledger.model.Architecture;
import org.flopledger.model.PeftMethod;
import org.jspecify.annotations.Nullable;

/** Puts what was declared where a run's log says nothing. Confined to one thread; usable once. */
final class DeclaredRun {

    private final Declaration declared;
    private final LoggedRun run;
    private final List<String> supplied;

    DeclaredRun(Declaration declared, LoggedRun run, List<String> supplied) {
        this.declared = declared;
        this.run = run;
        this.supplied = supplied;
    }

    /** Returns the run, and names what was supplied. */
    LoggedRun supplied() {
        LoggedModel model = model();
        LoggedSteps steps = run.isPricedByWork() ? run.observations() : steps();
        Progress progress = progress(steps);
        Devices devices = devices();
        if (declared.base() != null && !run.prior().known()) {
            supplied.add("cost of the starting weights");
        }
        Set<Unknown> unknown = EnumSet.noneOf(Unknown.class);
        unknown.addAll(run.setting().unknown());
        boolean isModelDeclared = supplied.contains("model");
        if (isModelDeclared) {
            unknown.remove(Unknown.MODEL);
        }
        return run.change()
                .progress(progress)
                .devices(devices)
                .model(model)
                .observations(steps)
                .setting(run.setting()
                        .with(
                                isModelDeclared
                                        ? ModelOrigin.DECLARED
                                        : run.setting().modelOrigin(),
                                unknown)
                        .with(declared.base()))
                .work(run.work().isEmpty() && steps.rows() == 0 ? work(model, progress) : run.work())
                .toRun();
    }

    private @Nullable LoggedModel model() {
        LoggedModel known = run.model();
        if (run.setting().modelOrigin() == ModelOrigin.DECLARED) {
            supplied.add("model");
        } else if (declared.model() != null && (known == null || known.architecture() == null)) {
            // An adapter whose base was not known stays without a price: what it trains follows from both together.
            if (known == null || known.fineTuning().isEmpty()) {
                supplied.add("model");
                return new LoggedModel(declared.model().architecture(), PeftMethod.FULL, null, null, List.of());
            }
        }
        return known;
    }

    private @Nullable Devices devices() {
        Devices known = run.devices();
        if (declared.devices() == null || (known != null && known.model() != null)) {
            return known;
        }
        supplied.add("devices");
        return known == null
                ? declared.devices()
                : new Devices(known.count(), declared.devices().model());
    }

    /** Steps that lack tokens get those declared; those with tokens are cut into sequences of the declared length. */
    private LoggedSteps steps() {
        LoggedStepsBuilder steps = LoggedSteps.builder();
        LoggedSteps.Cursor row = run.observations().cursor();
        boolean changed = false;
        int attempt = 0;
        while (row.next()) {
            for (; attempt < row.attempt(); attempt++) {
                steps.newAttempt();
            }
            changed |= add(steps, row);
        }
        return changed ? steps.build() : run.observations();
    }

    private boolean add(LoggedStepsBuilder steps, LoggedSteps.Cursor row) {
        Long tokens = row.has(StepField.TOKENS) ? Long.valueOf(row.value(StepField.TOKENS)) : declared.tokensPerStep();
        Long length = declared.sequenceLength();
        // Beside phases each step tells its sequences, whose lengths differ.
        boolean cuts = length != null && row.sequenceLength() < 1 && run.work().isEmpty();
        boolean cut = cuts && length != null && tokens != null && tokens > 0 && tokens % length == 0;
        boolean filled = tokens != null && !row.has(StepField.TOKENS);
        steps.steps(row.first(), row.count()).stage(row.stage());
        for (StepField field : StepField.values()) {
            if (row.has(field)) {
                steps.copy(field, row.value(field));
            }
        }
        if (row.reportedFlop() != null) {
            steps.reportedFlop(row.reportedFlop());
        }
        if (cut && tokens != null && length != null) {
            steps.sequences(tokens / length, length);
            say("sequence length");
        } else if (row.sequenceLength() > 0) {
            steps.sequences(row.value(StepField.SEQUENCES), row.sequenceLength());
        } else if (filled && tokens != null) {
            steps.tokens(tokens);
        }
        if (filled) {
            say("tokens per step");
        }
        steps.add();
        return cut || filled;
    }

    private void say(String what) {
        if (!supplied.contains(what)) {
            supplied.add(what);
        }
    }

    private Progress progress(LoggedSteps steps) {
        Progress told = run.progress();
        Long tokens = told.tokens() != null ? told.tokens() : steps.total(StepField.TOKENS);
        Long perStep = declared.tokensPerStep();
        Long count = told.steps();
        if (tokens == null
                && perStep != null
                && count != null
                && steps.rows() == 0
                && Math.multiplyHigh(count, perStep) == 0
                && count * perStep > 0) {
            tokens = count * perStep;
            say("tokens per step");
        }
        boolean cut = supplied.contains("sequence length");
        return new Progress(
                count,
                told.lastStep(),
                told.samples(),
                told.sequences() != null ? told.sequences() : steps.total(StepField.SEQUENCES),
                tokens,
                told.globalBatchSize(),
                told.sequenceLength() == null && cut ? declared.sequenceLength() : told.sequenceLength());
    }

    /** A run that its log tells as a whole is priced by its layers once tokens and lengths are known. */
    private List<LoggedWork> work(@Nullable LoggedModel model, Progress progress) {
        Architecture architecture = model == null ? null : model.architecture();
        Long tokens = progress.tokens();
        Long length = declared.sequenceLength();
        if (model == null
                || architecture == null
                || architecture.encoder() != null
                || tokens == null
                || length == null) {
            return List.of();
        }
        say("sequence length");
        long sequences = Math.max(1, tokens / length);
        var lengths = new Lengths(tokens % length == 0, Math.max(1, tokens / sequences), length, 0);
        TrainingSetting setting = TrainingSetting.FULL.with(model.method()).with(TrainingSetting.Recomputation.UNKNOWN);
        return List.of(LoggedWork.ofMeanLength(
                "",
                lengths.variant(),
                run.stage(),
                WorkPricing.of(architecture, setting, lengths).formula(),
                tokens,
                sequences));
    }
}
