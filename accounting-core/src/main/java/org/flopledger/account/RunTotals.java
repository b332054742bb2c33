package org.flopledger.account;

import java.math.BigInteger;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;

/**
 * What a run has cost so far, by attempt, stage and model. Immutable and thread-safe.
 *
 * <p>Equal observations give equal totals, whatever the order in which they came.
 *
 * <p>{@link RunAccount#totals} returns it, for anyone who prices the sums by formulas of their own.
 */
public final class RunTotals {

    private final String run;
    private final List<CellTotals> cells;

    public RunTotals(String run, List<CellTotals> cells) {
        this.run = run;
        this.cells = List.copyOf(cells);
    }

    /** Returns the identity of the run. */
    public String run() {
        return run;
    }

    /** Returns the cells, by attempt, then stage, then model. */
    public List<CellTotals> cells() {
        return cells;
    }

    /** Returns the totals of the cells that a basis counts. */
    public RunTotals where(Predicate<CellTotals> basis) {
        return new RunTotals(run, cells.stream().filter(basis).toList());
    }

    /** Returns whether nothing was observed. */
    public boolean isEmpty() {
        return cells.isEmpty();
    }

    /** Returns the number of observations. */
    public long observations() {
        return cells.stream().mapToLong(CellTotals::observations).sum();
    }

    /** Returns how many observations had a value, of all {@link #observations}. */
    public long known(CellTotals.Known what) {
        return cells.stream().mapToLong(cell -> cell.known(what)).sum();
    }

    /** Returns the sum of tokens over the observations that had them; {@link #known} says how many that are. */
    public BigInteger tokens() {
        return cells.stream().map(CellTotals::tokens).reduce(BigInteger.ZERO, BigInteger::add);
    }

    /**
     * Returns the FLOP of all cells by a method, with coverage.
     *
     * @throws ArithmeticException if the figure is above {@link FlopCount#MAX_VALUE}
     */
    ComputeFigure compute(CountingMethod method, ModelFormulas formulas) {
        ComputeFigure figure = ComputeFigure.NONE;
        for (CellTotals cell : cells) {
            figure = figure.plus(cell.compute(method, formulas));
        }
        return figure;
    }

    /** Returns the figures of the methods that cover any observation. */
    Map<CountingMethod, ComputeFigure> compute(ModelFormulas formulas) {
        Map<CountingMethod, ComputeFigure> figures = new EnumMap<>(CountingMethod.class);
        for (CountingMethod method : CountingMethod.values()) {
            ComputeFigure figure = compute(method, formulas);
            if (figure.covered() > 0) {
                figures.put(method, figure);
            }
        }
        return figures;
    }
}
