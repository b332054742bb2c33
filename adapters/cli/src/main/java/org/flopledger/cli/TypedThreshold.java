package org.flopledger.cli;

import java.time.Instant;
import java.util.List;
import org.flopledger.estimation.Estimate;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.review.Finding;
import org.flopledger.review.FindingKind;
import org.flopledger.review.Verdict;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * A threshold that was typed in: crossed when the run and what its starting checkpoint is known to have cost are together above
 * it.
 *
 * @param threshold the amount; the same amount is not yet above it
 */
record TypedThreshold(FlopCount threshold) implements Screening {

    private static final String RULE = "threshold";

    @Override
    public String id() {
        return RULE + ":" + threshold;
    }

    @Override
    public Result screen(LoggedRun run, RunCompute compute) {
        Estimate total = compute.total();
        if (total == null) {
            return unknown(compute.ceiling());
        }
        FlopBounds prior = compute.prior();
        FlopCount before = prior == null ? FlopCount.ZERO : prior.best();
        FlopCount after = before.plus(total.value());
        if (after.compareTo(threshold) <= 0) {
            return new Result(List.of(), false);
        }
        long step = firstStepAbove(run, compute, before);
        FlopBounds upTo = step == 0 ? null : compute.upTo(step);
        return new Result(
                List.of(
                        upTo == null
                                ? crossed(run.progress().lastStep(), null, after)
                                : crossed(step, StepTimes.shownDone(run, step), before.plus(upTo.best()))),
                false);
    }

    private Result unknown(@Nullable FlopCount ceiling) {
        if (ceiling != null && ceiling.compareTo(threshold) <= 0) {
            return new Result(List.of(), false);
        }
        String why = "what the run cost is not known, so it cannot be said to stay below " + threshold + " FLOP";
        return new Result(
                List.of(new Finding(RULE, FindingKind.BASIS_UNKNOWN, Verdict.UNDETERMINED, null, null, null, why)),
                true);
    }

    private Finding crossed(@Nullable Long step, @Nullable Instant at, FlopCount flop) {
        return new Finding(
                RULE,
                FindingKind.CROSSED,
                Verdict.ABOVE,
                flop,
                step,
                at,
                "above " + threshold.toScientific(3) + " FLOP" + (step == null ? "" : " at step " + step) + ": "
                        + flop.toScientific(4) + " FLOP");
    }

    /** Returns the first step after which the total is above the threshold, or 0 if steps are not known. */
    private long firstStepAbove(LoggedRun run, RunCompute compute, FlopCount before) {
        if (run.steps().isEmpty() || compute.upTo(1) == null) {
            return 0;
        }
        long low = 1;
        long high = run.steps().get(run.steps().size() - 1).last();
        while (low < high) {
            long middle = low + (high - low) / 2;
            FlopBounds upTo = compute.upTo(middle);
            if (upTo != null && before.plus(upTo.best()).compareTo(threshold) > 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
