package org.flopledger.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.estimation.TrainingSetting.Pass;
import org.flopledger.estimation.TrainingSetting.Recomputation;
import org.flopledger.logs.WorkPricing.Lengths;
import org.flopledger.model.Architecture;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.FlopCount;

/**
 * Prices the phases of reinforcement learning once the policy is known: an update as training, the rest as forward passes over the
 * tokens that the log tells. Immutable.
 *
 * <p>A step that tells its sequences is priced by the layers, any other by parameters and tokens. A reference is taken for a copy of
 * the policy, and a warning says so; what a model computed of which nothing is known stays without a price. Decision 0052.
 */
final class PhasePricing {

    private final Architecture policy;
    private final PeftMethod method;
    private final Set<Unknown> unknown;
    private final LoggedRun run;
    private final long longest;

    private PhasePricing(LoggedRun run, Architecture policy, PeftMethod method) {
        this.run = run;
        this.policy = policy;
        this.method = method;
        this.unknown = run.setting().unknown();
        Long most = run.setting().paddedLength() == null
                ? run.setting().longestSequence()
                : run.setting().paddedLength();
        this.longest = most == null ? StepFormula.LONGEST_SEQUENCE : most;
    }

    /** Returns a run whose phases have prices; the run itself if its policy is not known or it has none. */
    static LoggedRun priced(LoggedRun run) {
        LoggedModel model = run.model();
        Architecture policy = model == null ? null : model.architecture();
        boolean waits = !run.work().isEmpty() && !run.isPricedByWork();
        if (!waits || model == null || policy == null || policy.encoder() != null) {
            return run;
        }
        try {
            LoggedRun priced = run.with(new PhasePricing(run, policy, model.method()).work());
            boolean assumes = run.work().stream().anyMatch(work -> work.phase() == StepPhase.REFERENCE);
            return assumes
                    ? priced.with(new LogWarning(
                            LogWarning.Code.REFERENCE_ASSUMED,
                            "the reference is taken for a copy of the policy's base; no line tells its model"))
                    : priced;
        } catch (ArithmeticException | IllegalArgumentException e) {
            return run.with(
                    new LogWarning(LogWarning.Code.IMPLAUSIBLE_VALUE, "phases cannot be priced: " + e.getMessage()));
        }
    }

    private List<LoggedWork> work() {
        var priced = new ArrayList<LoggedWork>();
        for (LoggedWork work : run.work()) {
            StepPhase phase = work.phase();
            if (phase == null) {
                priced.add(work.with(update()));
            } else {
                priced.add(phase.isOfOtherModel() ? work : work.with(forward(phase, work.steps())));
            }
        }
        return priced;
    }

    private List<StepFormula> update() {
        TrainingSetting full = TrainingSetting.FULL.with(method).with(Recomputation.UNKNOWN);
        // Frozen parts go forward at least.
        TrainingSetting least = unknown.contains(Unknown.TRAINED_PARTS) ? TrainingSetting.FORWARD_ONLY : full;
        StepFormula layers = WorkPricing.of(policy, full, lengths(run.observations(), true))
                .withLeast(least)
                .perhapsHeadless();
        return List.of(layers, byParameters(full, Pass.TRAINING, layers.low()));
    }

    private List<StepFormula> forward(StepPhase phase, LoggedSteps steps) {
        TrainingSetting once =
                phase == StepPhase.REFERENCE ? TrainingSetting.FORWARD_ONLY : TrainingSetting.FORWARD_ONLY.with(method);
        // The padding of a rollout is that of its whole sequences, once.
        WorkPricing pricing = WorkPricing.of(policy, once, lengths(steps, phase != StepPhase.PROMPTS));
        StepFormula layers = switch (phase) {
            case ROLLOUT -> pricing.decoding(Math.max(1, leastMean(steps)));
            case PROMPTS -> pricing.withoutHead().perhaps();
            case UNDIVIDED_ROLLOUT -> pricing.perhaps();
            default -> pricing.perhapsHeadless();
        };
        LinearForm least = phase == StepPhase.ROLLOUT ? pricing.decoding(1).low() : layers.low();
        return List.of(layers, byParameters(once, Pass.FORWARD_ONLY, least));
    }

    /** Returns the price of steps that do not tell their sequences. */
    private StepFormula byParameters(TrainingSetting setting, Pass pass, LinearForm least) {
        StepFormula exact = FlopEstimator.of(policy, setting).formula();
        StepFormula bounded = StepFormula.ofParameters(
                ParameterCount.of(policy, method),
                pass,
                new StepFormula(exact.method(), least, exact.model(), exact.executed(), exact.high()),
                longest);
        FlopCount most = bounded.high().perToken();
        return new StepFormula(
                bounded.method(),
                bounded.low(),
                bounded.model(),
                bounded.executed(),
                isPaddingOpen() ? LinearForm.eachToken(most.times(2)) : bounded.high());
    }

    private boolean isPaddingOpen() {
        return unknown.contains(Unknown.PADDING) || run.setting().paddedLength() != null;
    }

    /**
     * How far the sequences of some steps may differ. The figure to quote does not depend on it: steps that follow must not change
     * what those before them cost.
     */
    private Lengths lengths(LoggedSteps steps, boolean padded) {
        long least = leastMean(run.observations());
        long padding = padded ? padding(least, mostMean(steps)) : 0;
        return new Lengths(false, Math.max(WorkPricing.TILE + 1, least), longest, padding);
    }

    /** Padded to the longest of a batch, a sequence seldom has more than as much again. */
    private long padding(long least, long most) {
        Long length = run.setting().paddedLength();
        if (length != null) {
            return Math.max(0, length - least);
        }
        return unknown.contains(Unknown.PADDING) ? Math.min(most, Math.max(0, longest - least)) : 0;
    }

    private static long leastMean(LoggedSteps steps) {
        return meanLengths(steps).min().orElse(0);
    }

    private static long mostMean(LoggedSteps steps) {
        return meanLengths(steps).max().orElse(0);
    }

    private static LongStream meanLengths(LoggedSteps steps) {
        LongStream.Builder means = LongStream.builder();
        LoggedSteps.Cursor row = steps.cursor();
        while (row.next()) {
            if (row.has(StepField.TOKENS) && row.has(StepField.SEQUENCES) && row.value(StepField.SEQUENCES) > 0) {
                means.add(row.value(StepField.TOKENS) / row.value(StepField.SEQUENCES));
            }
        }
        return means.build();
    }
}
