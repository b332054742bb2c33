package org.flopledger.account;

import java.math.BigInteger;
import java.util.List;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * How one part of a total was counted: the exact sums of some observations, and the price of each unit of them.
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
public record FigureArithmetic(
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
    public FigureArithmetic {
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
