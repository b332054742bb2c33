package org.flopledger.account;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.cells.CellKey;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.ExactReal;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.PeftEvent;
import org.flopledger.units.PeftTechnique;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt of a run has done in one stage with one model. Immutable; every sum is exact.
 *
 * <p>A sum counts the observations that had a value; {@link #known} says how many those are. An observation is what one source
 * saw of one step: with several sources a step, there are more observations than steps.
 *
 * <p>{@link RunTotals#cells} lists them, for a reader who wants sums without prices. Thread-safe.
 */
public final class CellTotals {

    private final CellKey key;
    private final CellSums sums;

    /** Copies the sums of one key out of the table of cells; made by accounts, not by users. */
    public CellTotals(CellKey key, CellTable table, IntArrayList cells) {
        this.key = key;
        this.sums = new CellSums(table, cells);
    }

    /** Sums whose observations are counted. */
    public enum Known {
        TOKENS,
        PADDING_TOKENS,
        SEQUENCES,
        SQUARED_LENGTHS,
        REPORTED_FLOP,
        DEVICE_SECONDS,
        UTILISATION,
        ENERGY,
        MOE,
        GENERATED_TOKENS
    }

    /** A parameter count over the observations of a cell: the least, the greatest, and that of the latest step with one. */
    public record ParameterRange(long least, long greatest, long latest) {}

    /** Returns the attempt, counted from 0. */
    public int attempt() {
        return key.attempt();
    }

    /** Returns the stage. */
    public Stage stage() {
        return key.stage();
    }

    /** Returns the model key, or null for observations without one. */
    public @Nullable String model() {
        return key.model();
    }

    /** Returns the number of observations, at least 1. */
    public long observations() {
        return sums.rows();
    }

    /** Returns the number of observations that had a value. */
    public long known(Known what) {
        return sums.known(what);
    }

    /** Returns the least step observed. */
    public long firstStep() {
        return sums.firstStep();
    }

    /** Returns the greatest step observed. */
    public long lastStep() {
        return sums.lastStep();
    }

    /** Returns the sum of tokens, padding included. */
    public BigInteger tokens() {
        return sums.inputs(InputSums::tokens);
    }

    /** Returns the sum of padding tokens. */
    public BigInteger paddingTokens() {
        return sums.inputs(InputSums::padding);
    }

    /** Returns the sum of sequences. */
    public BigInteger sequences() {
        return sums.inputs(InputSums::sequences);
    }

    /** Returns the sum of squared sequence lengths. */
    public BigInteger squaredLengths() {
        return sums.inputs(InputSums::squared);
    }

    /** Returns the sum of the tokens that sampling produced. */
    public BigInteger generatedTokens() {
        return sums.wide(Lanes.GENERATED_TOKENS);
    }

    /** Returns the exact sum of device-seconds. */
    public BigDecimal deviceSeconds() {
        return ExactReal.value(sums.wide(Lanes.DEVICE_SECONDS));
    }

    /**
     * Returns the sum of device-seconds times utilisation, over the observations that had both; each product is rounded once
     * as a double.
     */
    public BigDecimal utilisedDeviceSeconds() {
        return ExactReal.value(sums.wide(Lanes.UTILISED_SECONDS));
    }

    /** Returns the exact sum of energy in joules. */
    public BigDecimal energyJoules() {
        return ExactReal.value(sums.wide(Lanes.JOULES));
    }

    /** Returns the most devices seen, if any observation said. */
    public OptionalLong devices() {
        return sums.extreme(Lanes.DEVICES_MOST);
    }

    /** Returns the total parameter counts seen, if any. */
    public Optional<ParameterRange> totalParameters() {
        return sums.parameters(Lanes.TOTAL_PARAMETERS);
    }

    /** Returns the active parameter counts seen, if any. */
    public Optional<ParameterRange> activeParameters() {
        return sums.parameters(Lanes.ACTIVE_PARAMETERS);
    }

    /** Returns the trainable parameter counts seen, if any. */
    public Optional<ParameterRange> trainableParameters() {
        return sums.parameters(Lanes.TRAINABLE_PARAMETERS);
    }

    /** Returns the observations with active mixture-of-experts layers. */
    public long moeObservations() {
        return sums.cold(Lanes.MOE_ROWS);
    }

    /** Returns the counts of PEFT events by technique; an event of unknown technique counts as {@code OTHER}. */
    public Map<PeftEvent, Map<PeftTechnique, Long>> peftEvents() {
        return sums.peftEvents();
    }

    /** Returns the earliest start or end seen, if any. */
    public Optional<Instant> firstSeen() {
        return instant(earliest(sums.extreme(Lanes.STARTED_FIRST), sums.extreme(Lanes.ENDED_FIRST)));
    }

    /** Returns the latest start or end seen, if any. */
    public Optional<Instant> lastSeen() {
        OptionalLong started = sums.extreme(Lanes.STARTED_LAST);
        OptionalLong ended = sums.extreme(Lanes.ENDED_LAST);
        return instant(
                started.isPresent() && ended.isPresent()
                        ? OptionalLong.of(Math.max(started.getAsLong(), ended.getAsLong()))
                        : started.isPresent() ? started : ended);
    }

    private static OptionalLong earliest(OptionalLong a, OptionalLong b) {
        return a.isPresent() && b.isPresent()
                ? OptionalLong.of(Math.min(a.getAsLong(), b.getAsLong()))
                : a.isPresent() ? a : b;
    }

    private static Optional<Instant> instant(OptionalLong micros) {
        return micros.isEmpty()
                ? Optional.empty()
                : Optional.of(Instant.EPOCH.plus(micros.getAsLong(), ChronoUnit.MICROS));
    }

    /** Returns the FLOP that was reported of this cell's observations, and how many of them it covers. */
    public ComputeFigure reported() {
        return compute(CountingMethod.REPORTED, ModelFormulas.none());
    }

    /**
     * Returns the FLOP of this cell by a method. REPORTED needs no formula, and has a margin with one; another method without a
     * formula for the model covers nothing.
     *
     * @throws ArithmeticException if the figure is above {@link FlopCount#MAX_VALUE}
     */
    ComputeFigure compute(CountingMethod method, ModelFormulas formulas) {
        StepFormula formula = formulas.formula(key.model(), method);
        ComputeFigure figure = ComputeFigure.NONE;
        for (InputSums part : sums.parts()) {
            figure = figure.plus(
                    method == CountingMethod.REPORTED ? part.claimed(formula) : part.figure(method, formula));
        }
        return figure;
    }

    /**
     * Returns the FLOP of this cell, each observation by the best method its evidence allows; see {@link RunAccount}.
     *
     * <p>The cell is a part of another with the same key, or all of it. Claims above the figure of a better method widen it
     * where it is all of the other: so the part and the rest of the whole add up to the whole, bounds included.
     */
    ComputeFigure best(ModelFormulas formulas, CellTotals whole) {
        ComputeFigure figure = ComputeFigure.NONE;
        for (InputSums part : sums.parts()) {
            boolean isAll = whole.sums.parts().stream()
                    .anyMatch(other -> other.inputs() == part.inputs() && other.rows() == part.rows());
            figure = figure.plus(part.best(formulas, key.model(), isAll));
        }
        return figure;
    }

    CellKey key() {
        return key;
    }

    List<InputSums> parts() {
        return sums.parts();
    }
}
