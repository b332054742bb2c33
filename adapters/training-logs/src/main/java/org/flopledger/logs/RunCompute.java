package org.flopledger.logs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.flopledger.estimation.Batch;
import org.flopledger.estimation.Batch.Group;
import org.flopledger.estimation.Convention;
import org.flopledger.estimation.Estimate;
import org.flopledger.estimation.FlopEstimator;
import org.flopledger.estimation.StepFormula;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.model.Architecture;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * What a logged run cost, by every method its files allow; the methods stand side by side.
 *
 * <p>The total is the architecture's figure where the model and the sequences are known, else that of parameters and tokens,
 * else what the framework reported, as wide as what its writer leaves out, if nothing contradicts it, else unknown. Immutable.
 */
public final class RunCompute {

    /** Methods may differ by definition (frozen weights, experts, padding) up to this factor beyond the interval. */
    private static final BigInteger TOLERANCE = BigInteger.TWO;

    /** A billion times what has ever been spent on one model. */
    private static final FlopCount MOST_FLOP = FlopCount.of(BigInteger.TEN.pow(36));

    private static final int SHOWN_DIGITS = 4;
    private static final String AS_WRITTEN = "as written";

    private final @Nullable Estimate total;
    private final List<Estimate> estimates;
    private final @Nullable ParameterCount parameters;
    private final @Nullable FlopBounds sequence;
    private final @Nullable StepFormula token;
    private final @Nullable FlopBounds prior;
    private final @Nullable DeviceTime deviceTime;
    private final List<LogWarning> warnings = new ArrayList<>();
    private final LoggedRun run;

    private RunCompute(LoggedRun run) {
        this.run = run;
        LoggedModel model = run.model();
        Architecture architecture = model == null ? null : model.architecture();
        this.parameters = model == null || architecture == null
                ? null
                : within("the parameters of the model", () -> ParameterCount.of(architecture, model.method()));
        FlopEstimator estimator = parameters == null ? null : within("the model", () -> estimator(model));
        this.sequence = estimator == null ? null : within("the cost of its sequences", () -> sequence(estimator));
        this.token = parameters == null ? null : within("the cost of its tokens", () -> token(parameters, estimator));
        this.prior = estimator == null ? null : within("the cost of the checkpoint", () -> priorOf(estimator));
        this.deviceTime = DeviceTime.of(run);
        this.estimates = everyMethod();
        this.total = chosen();
        compareMethods();
    }

    /** Returns what a run cost. */
    public static RunCompute of(LoggedRun run) {
        return new RunCompute(run);
    }

    /** Returns the figure to quote for this run alone, or null if there is none. */
    public @Nullable Estimate total() {
        return total;
    }

    /** Returns the figures of all methods, the quoted one among them. */
    public List<Estimate> estimates() {
        return estimates;
    }

    /** Returns the parameters of the model as it was trained, or null if no file describes it. */
    public @Nullable ParameterCount parameters() {
        return parameters;
    }

    /** Returns what one sequence costs, or null if the model or the length is not known. */
    @Nullable
    FlopBounds sequence() {
        return sequence;
    }

    /**
     * Returns what each operation of the model costs for one sequence, of which the best figure is the sum; empty if the model or
     * the length is not known.
     */
    public List<FlopEstimator.Share> sequenceShares() {
        Batch one = sequence == null ? null : batch(1, run.progress().sequenceLength());
        FlopEstimator estimator = one == null ? null : estimator(run.model());
        return one == null || estimator == null ? List.of() : estimator.shares(one, Convention.EXACT);
    }

    /** Returns what one token costs by the count of parameters, or null if the model is not known. */
    @Nullable
    StepFormula token() {
        return token;
    }

    /** Returns whether something contradicts what the framework reported. */
    boolean isClaimContradicted() {
        return run.warnings().stream().anyMatch(warning -> warning.code() == LogWarning.Code.METHODS_DISAGREE);
    }

    /** Returns what the starting checkpoint had cost with the same model, or null if not known. */
    public @Nullable FlopBounds prior() {
        return prior;
    }

    /** Returns the share of the devices' peak rate that the model's operations took, or null if it is not known. */
    public @Nullable BigDecimal modelFlopUtilization() {
        Estimate figure = ofMethod(CountingMethod.ARCHITECTURE);
        // Skipped padding is not work: where it may have been skipped, the share is not known.
        boolean padded = run.model() != null && run.model().unpaddedLength() != null;
        return deviceTime == null || figure == null || padded ? null : deviceTime.utilization(figure.value());
    }

    /**
     * Returns between which shares of the peak the model's operations lie, from the narrowest format to 16 bits and from the least
     * that padding leaves; null if devices or time are not known.
     */
    public @Nullable PeakShare peakShare() {
        Estimate figure = ofMethod(CountingMethod.ARCHITECTURE);
        if (deviceTime == null || figure == null) {
            return null;
        }
        boolean padded = run.model() != null && run.model().unpaddedLength() != null;
        return deviceTime.share(padded ? figure.bounds().low() : figure.value(), figure.value());
    }

    /** Returns what to know about the figures. */
    public List<LogWarning> warnings() {
        return List.copyOf(warnings);
    }

    /** Returns the most that the devices could have done in the time of the run, or null if either is not known. */
    public @Nullable FlopCount ceiling() {
        return deviceTime == null ? null : deviceTime.ceiling();
    }

    /** Returns a figure, or null with a warning where values of the log are beyond what can be counted. */
    private <T> @Nullable T within(String what, Supplier<@Nullable T> figure) {
        try {
            return figure.get();
        } catch (ArithmeticException | IllegalArgumentException e) {
            warnings.add(
                    new LogWarning(LogWarning.Code.IMPLAUSIBLE_VALUE, what + " cannot be counted: " + e.getMessage()));
            return null;
        }
    }

    private static @Nullable FlopEstimator estimator(@Nullable LoggedModel model) {
        return model == null || model.architecture() == null
                ? null
                : FlopEstimator.of(
                        model.architecture(),
                        TrainingSetting.FULL.with(model.method()).with(TrainingSetting.Recomputation.UNKNOWN));
    }

    private @Nullable FlopBounds sequence(FlopEstimator estimator) {
        FlopBounds each = ofSequences(estimator, 1);
        return each == null
                ? null
                : plausible(each, worked(StepField.SEQUENCES, run.progress().sequences()));
    }

    /** What one token costs by the count of parameters: 6 N, in the bounds that the architecture allows at any lengths. */
    private StepFormula token(ParameterCount counts, @Nullable FlopEstimator estimator) {
        Long length = run.progress().sequenceLength();
        Long longest = length == null ? run.setting().longestSequence() : length;
        long most = longest == null || longest < 1 ? StepFormula.LONGEST_SEQUENCE : longest;
        StepFormula formula = estimator == null
                ? StepFormula.ofParameters(counts, TrainingSetting.Pass.TRAINING, most)
                : StepFormula.ofParameters(counts, TrainingSetting.Pass.TRAINING, estimator.formula(), most);
        plausible(
                new FlopBounds(
                        formula.low().perToken(),
                        formula.model().perToken(),
                        formula.high().perToken()),
                workedTokens());
        return formula;
    }

    /** A price is of use only if what it prices can be added to what other runs cost. */
    private static FlopBounds plausible(FlopBounds each, @Nullable Long amount) {
        FlopBounds all = amount == null ? each : each.times(amount);
        if (all.high().compareTo(MOST_FLOP) > 0) {
            throw new ArithmeticException("more than " + MOST_FLOP.toScientific(1) + " FLOP");
        }
        return each;
    }

    private @Nullable FlopBounds ofSequences(FlopEstimator estimator, long sequences) {
        Batch batch = batch(sequences, run.progress().sequenceLength());
        if (batch == null) {
            return null;
        }
        FlopBounds bounds = estimator.estimate(batch).bounds();
        Batch unpadded =
                run.model() == null ? null : batch(sequences, run.model().unpaddedLength());
        return unpadded == null
                ? bounds
                : new FlopBounds(estimator.estimate(unpadded).bounds().low(), bounds.best(), bounds.high());
    }

    private @Nullable Batch batch(long sequences, @Nullable Long length) {
        if (length == null) {
            return null;
        }
        LoggedModel model = run.model();
        long predictions =
                model == null || model.predictions() == null ? length : Math.min(length, model.predictions());
        return new Batch(List.of(new Group(sequences, length, 0, predictions)), 1);
    }

    private @Nullable FlopBounds priorOf(FlopEstimator estimator) {
        BigInteger tokens = run.prior().tokens();
        Long length = run.progress().sequenceLength();
        if (tokens == null || length == null || tokens.signum() == 0 || tokens.bitLength() >= Long.SIZE) {
            return null;
        }
        return plausible(
                estimator
                        .estimate(Batch.ofTokens(tokens.longValueExact(), length))
                        .bounds(),
                1L);
    }

    private List<Estimate> everyMethod() {
        var found = new ArrayList<Estimate>();
        Long sequences = worked(StepField.SEQUENCES, run.progress().sequences());
        FlopBounds whole = run.isPricedByWork() ? within("what the run did", this::wholeWork) : null;
        if (whole != null) {
            found.add(new Estimate(whole, CountingMethod.ARCHITECTURE, Convention.EXACT.id(), notPriced()));
        } else if (sequence != null && sequences != null && !run.isPricedByWork()) {
            found.add(new Estimate(
                    sequence.times(sequences), CountingMethod.ARCHITECTURE, Convention.EXACT.id(), List.of()));
        }
        Long tokens = workedTokens();
        if (parameters != null && token != null && tokens != null && tokens > 0) {
            found.add(Estimate.ofParameters(parameters, tokens));
        }
        FlopCount reported = run.reportedFlop();
        if (reported != null) {
            found.add(new Estimate(
                    FlopBounds.exactly(reported),
                    CountingMethod.REPORTED,
                    Objects.requireNonNullElse(
                            within("the formula behind the reported figure", () -> conventionOf(reported)), AS_WRITTEN),
                    List.of("what the framework counted")));
        }
        if (deviceTime != null) {
            // Not what the devices did, only what they cannot have exceeded.
            found.add(new Estimate(
                    new FlopBounds(FlopCount.ZERO, deviceTime.ceiling(), deviceTime.ceiling()),
                    CountingMethod.HARDWARE,
                    "peak-for-the-whole-time",
                    List.of("utilisation: the figure is an upper bound")));
        }
        return List.copyOf(found);
    }

    /** What the run did as a whole; where its steps are told, they stand for the training. */
    private @Nullable FlopBounds wholeWork() {
        boolean isStepped = run.observations().rows() > 0;
        FlopBounds all = isStepped ? run.work().get(0).ofSteps(run.observations()) : FlopBounds.ZERO;
        for (LoggedWork work : run.work().subList(isStepped ? 1 : 0, run.work().size())) {
            FlopBounds more = !work.isPriced()
                    ? FlopBounds.ZERO
                    : work.steps().rows() > 0 ? work.ofSteps(work.steps()) : work.bounds();
            all = all == null || more == null ? null : all.plus(more);
        }
        return all;
    }

    /** Returns the kinds of work of which nobody knows the price. */
    private List<String> notPriced() {
        return run.work().stream()
                .filter(work -> !work.isPriced())
                .map(work -> work.name() + ": the model is not known, so it is not in the figure")
                .toList();
    }

    private @Nullable Long workedTokens() {
        return worked(StepField.TOKENS, run.progress().tokens());
    }

    /** What ran, steps that a restart threw away included; progress is what the log counts up to. */
    private @Nullable Long worked(StepField field, @Nullable Long progress) {
        Long total = run.observations().total(field);
        return total == null ? progress : total;
    }

    /** Returns the name of the convention that gives a reported figure, as far as the files let it be told. */
    private String conventionOf(FlopCount reported) {
        if (run.warnings().stream().anyMatch(warning -> warning.code() == LogWarning.Code.CLAIM_EXPLAINED)) {
            return Convention.HUGGING_FACE.id();
        }
        LoggedModel model = run.model();
        Long tokens = run.progress().tokens();
        if (model == null || model.architecture() == null || tokens == null || tokens < 1 || reported.isZero()) {
            return AS_WRITTEN;
        }
        Long length = run.progress().sequenceLength();
        boolean isKnown = length != null;
        Batch batch = length == null ? Batch.of(tokens, 1) : Batch.ofTokens(tokens, length);
        return Convention.Fingerprint.of(
                        new BigDecimal(reported.toBigInteger()),
                        model.architecture(),
                        TrainingSetting.FULL.with(model.method()),
                        batch)
                .stream()
                .map(Convention.Fingerprint::convention)
                // Without lengths only the conventions that know none can be told apart.
                .filter(convention -> isKnown || !(convention.countsOperations() || convention == Convention.PALM_MFU))
                // Several formulas may agree on a dense model; what a Trainer wrote is the Trainer's.
                .min(Comparator.comparing(convention -> convention != Convention.HUGGING_FACE))
                .map(Convention::id)
                .orElse(AS_WRITTEN);
    }

    private @Nullable Estimate chosen() {
        boolean contradicted = isClaimContradicted();
        return estimates.stream()
                .filter(estimate -> estimate.method() != CountingMethod.HARDWARE)
                .filter(estimate -> estimate.method() != CountingMethod.REPORTED || !contradicted)
                .findFirst()
                .map(estimate -> estimate.method() == CountingMethod.REPORTED ? widened(estimate) : estimate)
                .orElse(null);
    }

    private Estimate widened(Estimate claim) {
        ClaimMargin margin = ClaimMargin.of(run.format());
        return new Estimate(margin.around(claim.value()), claim.method(), claim.convention(), List.of(margin.why()));
    }

    private void compareMethods() {
        Estimate figure = ofMethod(CountingMethod.ARCHITECTURE);
        Estimate rough = ofMethod(CountingMethod.PARAMETER_TOKEN);
        Estimate best = figure != null ? figure : rough;
        FlopCount most = ceiling();
        if (best != null && most != null && best.bounds().low().compareTo(most) > 0) {
            disagree(best, "the devices could do " + most.toScientific(SHOWN_DIGITS) + " FLOP at most in that time");
        }
        if (figure != null && rough != null && areFarApart(figure, rough)) {
            disagree(figure, "parameters x tokens give " + rough.value().toScientific(SHOWN_DIGITS));
        }
        BigDecimal share = modelFlopUtilization();
        if (share != null && share.compareTo(BigDecimal.ONE) > 0) {
            warnings.add(new LogWarning(
                    LogWarning.Code.ABOVE_16_BIT_PEAK,
                    "the model's operations are " + share
                            + " of the devices' 16-bit peak, so a narrower format was used"));
        }
        Estimate claim = ofMethod(CountingMethod.REPORTED);
        if (best != null && claim != null && areFarApart(best, claim)) {
            disagree(best, "the framework reported " + claim.value().toScientific(SHOWN_DIGITS));
        }
    }

    /** Returns whether a figure lies more than the tolerance outside the other's interval. */
    private static boolean areFarApart(Estimate figure, Estimate other) {
        BigInteger value = other.value().toBigInteger();
        return value.multiply(TOLERANCE).compareTo(figure.bounds().low().toBigInteger()) < 0
                || value.compareTo(figure.bounds().high().toBigInteger().multiply(TOLERANCE)) > 0;
    }

    private void disagree(Estimate figure, String other) {
        warnings.add(new LogWarning(
                LogWarning.Code.METHODS_DISAGREE,
                figure.method() + " gives " + figure.value().toScientific(SHOWN_DIGITS) + " FLOP, " + other));
    }

    private @Nullable Estimate ofMethod(CountingMethod method) {
        return estimates.stream()
                .filter(estimate -> estimate.method() == method)
                .findFirst()
                .orElse(null);
    }
}
