package org.flopledger.account;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Method;
import org.flopledger.units.Stage;

/**
 * What a run has cost at one moment: its totals, how much of them restarts threw away, and the figures by method.
 *
 * <p>Immutable and thread-safe. {@code total = retained + discarded} to the FLOP, for the best and the executed figure;
 * bounds of the retained part are those of the total less those of the discarded part, kept around its best figure.
 */
public final class RunAccount {

    private final RunTotals totals;
    private final RunTotals discarded;
    private final int attempts;
    private final ModelFormulas formulas;

    RunAccount(RunTotals totals, RunTotals discarded, int attempts, ModelFormulas formulas) {
        this.totals = totals;
        this.discarded = discarded;
        this.attempts = attempts;
        this.formulas = formulas;
    }

    RunAccount with(RunTotals otherTotals) {
        return new RunAccount(otherTotals, discarded, attempts, formulas);
    }

    /** Returns the identity of the run. */
    public String run() {
        return totals.run();
    }

    /** Returns how many attempts have reported a step. */
    public int attempts() {
        return attempts;
    }

    /** Returns every sum that was observed, discarded steps included. */
    public RunTotals totals() {
        return totals;
    }

    /**
     * Returns the method whose figures {@link #total} and its parts are: the one that covers most observations, of equal ones
     * the first of {@link Method}. It is never a mixture.
     */
    public Method method() {
        return figures().values().stream()
                .max(Comparator.comparingLong(ComputeFigure::covered)
                        .thenComparing(ComputeFigure::method, Comparator.reverseOrder()))
                .map(ComputeFigure::method)
                .orElse(Method.ARCHITECTURE);
    }

    /** Returns the figure of everything that ran. */
    public ComputeFigure total() {
        return totals.compute(method(), formulas);
    }

    /** Returns the figure of the steps that a later attempt threw away. */
    public ComputeFigure discarded() {
        return discarded.compute(method(), formulas);
    }

    /** Returns the figure of the steps whose updates survive. */
    public ComputeFigure retained() {
        return difference(total(), discarded());
    }

    /** Returns the total by every method that covers an observation. Figures of two methods are never added. */
    public Map<Method, ComputeFigure> figures() {
        return totals.compute(formulas);
    }

    /** Returns the retained figure of each stage, by {@link #method}. */
    public Map<Stage, ComputeFigure> retainedByStage() {
        Map<Stage, ComputeFigure> retained = byStage(totals);
        byStage(discarded)
                .forEach((stage, figure) -> retained.computeIfPresent(stage, (same, all) -> difference(all, figure)));
        return retained;
    }

    /** Returns the discarded figure of each stage that has one, by {@link #method}. */
    public Map<Stage, ComputeFigure> discardedByStage() {
        return byStage(discarded);
    }

    private Map<Stage, ComputeFigure> byStage(RunTotals some) {
        Method method = method();
        Map<Stage, ComputeFigure> stages = new EnumMap<>(Stage.class);
        List<Stage> seen =
                some.cells().stream().map(CellTotals::stage).distinct().toList();
        for (Stage stage : seen) {
            stages.put(stage, some.where(cell -> cell.stage() == stage).compute(method, formulas));
        }
        return stages;
    }

    private static ComputeFigure difference(ComputeFigure all, ComputeFigure part) {
        FlopCount best = all.bounds().best().minus(part.bounds().best());
        FlopCount low = minusOrZero(all.bounds().low(), part.bounds().low());
        FlopCount high = minusOrZero(all.bounds().high(), part.bounds().high());
        return new ComputeFigure(
                all.method(),
                new FlopBounds(low.compareTo(best) < 0 ? low : best, best, high.compareTo(best) > 0 ? high : best),
                all.executed().minus(part.executed()),
                all.covered() - part.covered(),
                all.observations() - part.observations());
    }

    /** Bounds that hold for the whole and for a part need not subtract; below zero there is nothing. */
    private static FlopCount minusOrZero(FlopCount all, FlopCount part) {
        return all.compareTo(part) >= 0 ? all.minus(part) : FlopCount.ZERO;
    }
}
