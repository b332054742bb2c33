package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import org.flopledger.logs.metric.TrainerArguments;
import org.flopledger.logs.scan.JsonFacts;
import org.jspecify.annotations.Nullable;

/**
 * How many sequences and tokens a trainer's state tells of, and how sure that is. Immutable once made.
 *
 * <p>Tokens follow from {@code total_flos} where the model is known; else from the trainer's own counts. Sequences follow from the
 * throughput that is written at the end, which covers all processes.
 */
final class TrainerCounts {

    /** Rates are written with three decimals, durations with four. */
    private static final BigDecimal ROUNDING = new BigDecimal("0.0005");

    private final TrainerState state;
    private final TrainerArguments arguments;
    private final HistoryStage kind;
    private final @Nullable Long sequences;
    private final @Nullable Long claimed;
    private final @Nullable Long tokens;

    TrainerCounts(
            TrainerState state,
            TrainerSideFiles side,
            HistoryStage kind,
            @Nullable Long parameters,
            @Nullable Long longest,
            @Nullable BigInteger claim) {
        this.state = state;
        this.arguments = side.arguments();
        this.kind = kind;
        Long samples = samples(firstOf(state.closing("train_runtime"), side.result("train_runtime")));
        this.sequences = samples == null ? null : Long.valueOf(Math.multiplyExact(samples, kind.sequencesPerSample()));
        this.claimed =
                parameters == null || claim == null ? null : plausible(TotalFlos.inputs(claim, parameters), longest);
        Long counted = state.tokens();
        BigDecimal result = side.result("num_input_tokens_seen");
        Long written = counted != null || result == null ? counted : positive(result);
        this.tokens = claimed != null ? claimed : written;
    }

    private static @Nullable BigDecimal firstOf(@Nullable BigDecimal first, @Nullable BigDecimal second) {
        return first != null ? first : second;
    }

    private static @Nullable Long positive(BigDecimal figure) {
        Long whole = JsonFacts.whole(figure);
        return whole == null || whole == 0 ? null : whole;
    }

    /** A count that gives sequences below one token or above the longest is a coincidence. */
    private @Nullable Long plausible(@Nullable Long found, @Nullable Long longest) {
        if (found == null || sequences == null) {
            return found;
        }
        boolean tooMany = longest != null && BigInteger.valueOf(found).compareTo(product(sequences, longest)) > 0;
        // Samples at the end of an epoch may be counted and not be there.
        boolean tooFew = found < sequences - sequences / 2;
        return tooMany || tooFew ? null : found;
    }

    private static BigInteger product(long a, long b) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    }

    /** Returns the training samples, or null if no file tells of them. */
    private @Nullable Long samples(@Nullable BigDecimal runtime) {
        long steps = state.globalStep();
        BigDecimal rate = state.closing("train_samples_per_second");
        if (steps < 1 || runtime == null || rate == null || rate.signum() == 0 || runtime.signum() == 0) {
            return null;
        }
        BigDecimal planned = rate.multiply(runtime);
        Long most = state.maxSteps();
        if (most != null && most > steps) {
            // The trainer counts what was planned, also where it stopped earlier.
            planned = planned.multiply(BigDecimal.valueOf(steps))
                    .divide(BigDecimal.valueOf(most), 6, RoundingMode.HALF_UP);
        }
        return wholeSteps(planned, ROUNDING.multiply(runtime).add(BigDecimal.ONE.movePointLeft(1)), batch(), steps);
    }

    /** Returns the multiple of a step's size that a rounded figure allows, else the figure. */
    private static long wholeSteps(BigDecimal planned, BigDecimal rounding, @Nullable Long batch, long steps) {
        if (batch != null) {
            BigDecimal each = BigDecimal.valueOf(batch).multiply(BigDecimal.valueOf(steps));
            BigDecimal times = planned.divide(each, 0, RoundingMode.HALF_UP);
            if (times.signum() > 0
                    && times.multiply(each).subtract(planned).abs().compareTo(rounding) <= 0) {
                return times.multiply(each).longValueExact();
            }
        }
        return Math.max(1, planned.setScale(0, RoundingMode.HALF_UP).longValueExact());
    }

    private @Nullable Long batch() {
        Long told = state.facts().whole("train_batch_size");
        return told != null && told > 0 ? told : arguments.whole("per_device_train_batch_size");
    }

    /** Returns the sequences that were trained on, or null if not known. */
    @Nullable
    Long sequences() {
        return sequences;
    }

    /** Returns the tokens of all sequences, or null if not known. */
    @Nullable
    Long tokens() {
        return tokens;
    }

    /** Returns the tokens that {@code total_flos} stands for, padding included, or null if it stands for none. */
    @Nullable
    Long claimed() {
        return claimed;
    }

    /** Returns whether padding is among the tokens. */
    boolean isPadded() {
        return claimed != null
                || (!kind.countsWithoutPadding() && arguments.isWord("include_num_input_tokens_seen", "all"))
                || arguments.isOn("packing");
    }

    /**
     * Returns whether all sequences have one length: where the mean is the longest there can be, or where every span between saved
     * states, none of which is a whole epoch, holds the same whole tokens a sequence.
     *
     * @param states figures of the states that the training saved on its way
     * @param parameters that {@code total_flos} was made with, or null
     */
    boolean areEqual(List<JsonFacts> states, @Nullable Long parameters, @Nullable Long longest) {
        Long all = tokens;
        Long count = sequences;
        if (all == null || count == null || all % count != 0 || !isPadded()) {
            return false;
        }
        long length = all / count;
        return (longest != null && length == longest) || (parameters != null && spansAgree(states, parameters));
    }

    private boolean spansAgree(List<JsonFacts> states, long parameters) {
        long steps = state.globalStep();
        Long all = tokens;
        int spans = 0;
        for (JsonFacts earlier : states) {
            BigDecimal claim = earlier.figure("total_flos");
            BigDecimal epoch = earlier.figure("epoch");
            Long step = earlier.whole("global_step");
            if (step == null || step >= steps || claim == null || claim.signum() == 0 || all == null) {
                continue;
            }
            Long until = TotalFlos.inputs(TotalFlos.asWritten(claim), parameters);
            boolean wholeEpoch =
                    epoch != null && epoch.remainder(BigDecimal.ONE).signum() == 0;
            if (until == null || !product(until, steps).equals(product(all, step))) {
                return false;
            }
            spans += wholeEpoch ? 0 : 1;
        }
        return spans > 0;
    }
}
