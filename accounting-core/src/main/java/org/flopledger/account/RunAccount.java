package org.flopledger.account;

import java.math.BigInteger;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.internal.cells.CellKey;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What a run has cost at one moment: its totals, how much of them restarts threw away, and the figures by method.
 *
 * <p>The total is composed: every observation counts once, by the best method that its own evidence allows. That is ARCHITECTURE
 * where its model is described and it has the inputs of that formula, else PARAMETER_TOKEN where it has tokens, else what was
 * REPORTED of it; else it is unknown and not covered. {@link ComputeFigure#parts} says how much came by which. So one more
 * observation never lowers a total or its bounds. What several sources saw of one step adds up.
 *
 * <p>Immutable and thread-safe. {@code total = retained + discarded} to the FLOP, for the best and the executed figure.
 *
 * <p>{@code ComputeLedger.totals} returns it: the first thing that most users ask of a ledger.
 */
public final class RunAccount {

    private final RunTotals totals;
    private final RunTotals discarded;
    private final int attempts;
    private final ModelFormulas formulas;

    public RunAccount(RunTotals totals, RunTotals discarded, int attempts, ModelFormulas formulas) {
        this.totals = totals;
        this.discarded = discarded;
        this.attempts = attempts;
        this.formulas = formulas;
    }

    public RunAccount with(RunTotals otherTotals) {
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
     * Returns the figure of everything that ran. Where more was reported of observations than a better method finds at most, the
     * upper bound is what was reported.
     */
    public ComputeFigure total() {
        return sum(totalByStage());
    }

    /** Returns the figure of the steps that a later attempt threw away. */
    public ComputeFigure discarded() {
        return sum(discardedByStage());
    }

    /** Returns the figure of the steps whose updates survive. */
    public ComputeFigure retained() {
        return total().minus(discarded());
    }

    /** Returns the total by every method that covers an observation, each with its own coverage. They are never added. */
    public Map<CountingMethod, ComputeFigure> figures() {
        return totals.compute(formulas);
    }

    /**
     * What was reported of observations that a better method prices too.
     *
     * @param priced the interval by the better method
     * @param reported what was reported of the same observations
     * @param observations how many they are
     */
    public record Claims(FlopBounds priced, FlopCount reported, long observations) {}

    /** Returns what was reported beside a better method, over cells all of whose observations have both. */
    public Claims claims() {
        Claims all = new Claims(FlopBounds.ZERO, FlopCount.ZERO, 0);
        for (CellTotals cell : totals.cells()) {
            for (InputSums part : cell.parts()) {
                ComputeFigure figure = part.best(formulas, cell.model(), false);
                boolean isPriced = figure.covered() > 0 && !figure.parts().containsKey(CountingMethod.REPORTED);
                if (isPriced && part.reportedRows() == part.rows()) {
                    all = new Claims(
                            all.priced.plus(figure.bounds()),
                            all.reported.plus(FlopCount.of(part.reported())),
                            all.observations + part.rows());
                }
            }
        }
        return all;
    }

    /**
     * How one part of a total was counted: the exact sums of some observations, and the price of each unit of them. A reader of a
     * report recomputes the total from it.
     *
     * <p>The best figure is the sum of {@link #best}. The low one is that of {@link #low}, but at most the best one; the high one is that
     * of {@link #high}, but at least what ran with recomputation ({@link #executed}), and at least what the framework claimed where the
     * part is all of its cell. Immutable.
     *
     * @param attempt the attempt, from 0
     * @param stage what the compute was for
     * @param model key of the model, or null for observations without one
     * @param firstStep least step of the cell that the observations belong to
     * @param lastStep greatest step of that cell
     * @param observations how many observations were added up
     * @param method how the part was priced, or null if nothing priced it
     * @param low products of the least figure
     * @param best products of the figure that is quoted
     * @param executed products of what ran
     * @param high products of the most
     * @param figure what came of them
     */
    public record Arithmetic(
            int attempt,
            Stage stage,
            @Nullable String model,
            long firstStep,
            long lastStep,
            long observations,
            @Nullable CountingMethod method,
            List<Product> low,
            List<Product> best,
            List<Product> executed,
            List<Product> high,
            ComputeFigure figure) {

        /** Copies the lists. */
        public Arithmetic {
            low = List.copyOf(low);
            best = List.copyOf(best);
            executed = List.copyOf(executed);
            high = List.copyOf(high);
        }

        /**
         * An amount of something that was observed, and what each unit of it costs.
         *
         * @param input what it is, in words
         * @param amount its exact sum over the observations
         * @param each FLOP for each unit
         */
        public record Product(String input, BigInteger amount, FlopCount each) {

            /** Returns amount times price, exact. */
            public BigInteger flop() {
                return amount.multiply(each.toBigInteger());
            }
        }

        /** Returns the sum of products. */
        public static BigInteger sum(List<Product> products) {
            return products.stream().map(Product::flop).reduce(BigInteger.ZERO, BigInteger::add);
        }
    }

    /** Returns how the total was counted, part by part in the order of the cells; the figures add up to {@link #total}. */
    public List<Arithmetic> arithmetic() {
        return totals.cells().stream()
                .flatMap(cell -> cell.parts().stream().map(part -> part.arithmetic(formulas, cell)))
                .toList();
    }

    /** Returns the total of each stage. */
    public Map<Stage, ComputeFigure> totalByStage() {
        return byStage(totals);
    }

    /** Returns the retained figure of each stage. */
    public Map<Stage, ComputeFigure> retainedByStage() {
        Map<Stage, ComputeFigure> retained = totalByStage();
        discardedByStage()
                .forEach((stage, figure) -> retained.computeIfPresent(stage, (same, all) -> all.minus(figure)));
        return retained;
    }

    /** Returns the discarded figure of each stage that has one. */
    public Map<Stage, ComputeFigure> discardedByStage() {
        return byStage(discarded);
    }

    private Map<Stage, ComputeFigure> byStage(RunTotals some) {
        Map<CellKey, CellTotals> wholes = new HashMap<>();
        totals.cells().forEach(cell -> wholes.put(cell.key(), cell));
        Map<Stage, ComputeFigure> stages = new EnumMap<>(Stage.class);
        for (CellTotals cell : some.cells()) {
            CellTotals whole = wholes.getOrDefault(cell.key(), cell);
            stages.merge(cell.stage(), cell.best(formulas, whole), ComputeFigure::plus);
        }
        return stages;
    }

    private static ComputeFigure sum(Map<Stage, ComputeFigure> stages) {
        return stages.values().stream().reduce(ComputeFigure.NONE, ComputeFigure::plus);
    }
}
