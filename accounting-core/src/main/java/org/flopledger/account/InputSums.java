package org.flopledger.account;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flopledger.account.RunAccount.Arithmetic;
import org.flopledger.account.RunAccount.Arithmetic.Product;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.estimation.LinearForm;
import org.flopledger.estimation.StepFormula;
import org.flopledger.internal.cells.Inputs;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.cells.PairBounds;
import org.flopledger.internal.cells.PairSums;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * The exact sums of rows that have the same inputs, priced by a formula. Immutable.
 *
 * @param inputs which inputs every one of the rows has, bits of {@link Inputs}
 * @param rows the rows
 * @param tokens sum of their tokens, padding included
 * @param padding sum of what was said to be padding
 * @param sequences sum of their sequences
 * @param squared sum of their squared lengths
 * @param pairs pairs counted row by row, by mask
 * @param reported sum of the FLOP that was reported
 * @param reportedRows rows with reported FLOP
 */
record InputSums(
        int inputs,
        long rows,
        BigInteger tokens,
        BigInteger padding,
        BigInteger sequences,
        BigInteger squared,
        Map<AttentionMask, PairSums.Sum> pairs,
        BigInteger reported,
        long reportedRows) {

    /** Methods that need a formula, the best first. */
    private static final List<CountingMethod> PRICING =
            List.of(CountingMethod.ARCHITECTURE, CountingMethod.PARAMETER_TOKEN, CountingMethod.HARDWARE);

    /** Returns whether a formula can price the rows. */
    boolean hasInputsOf(StepFormula formula) {
        return (Inputs.needed(formula) & ~inputs) == 0;
    }

    /** Returns the model FLOP of the rows. */
    FlopBounds bounds(StepFormula formula) {
        FlopCount model = flop(price(formula.model(), tokens, squared, Bound.BEST));
        FlopCount low = flop(price(formula.low(), tokens.subtract(paddingWithin()), leastSquared(), Bound.LEAST));
        FlopCount high = flop(price(formula.high(), tokens, squared, Bound.HIGH));
        // A row may contradict itself (squared lengths below tokens): its figure stays inside its own interval.
        return new FlopBounds(min(low, model), model, max(high, executed(formula)));
    }

    /** Returns the FLOP that ran, with recomputation. */
    FlopCount executed(StepFormula formula) {
        FlopCount model = flop(price(formula.model(), tokens, squared, Bound.BEST));
        return max(model, flop(price(formula.executed(), tokens, squared, Bound.BEST)));
    }

    /** Returns the FLOP of the rows by a formula that can price them, of which there is one a method. */
    ComputeFigure figure(CountingMethod method, @Nullable StepFormula formula) {
        return formula == null || !hasInputsOf(formula)
                ? ComputeFigure.unknown(rows)
                : ComputeFigure.of(method, bounds(formula), executed(formula), rows, rows);
    }

    /**
     * Returns the FLOP that was reported of the rows.
     *
     * @param margin what ran for so much that was reported ({@link StepFormula#ofClaims}), or null to take it as it is
     */
    ComputeFigure claimed(@Nullable StepFormula margin) {
        FlopCount claim = flop(reported);
        FlopBounds bounds = margin == null ? FlopBounds.exactly(claim) : margin.ofClaim(claim);
        return ComputeFigure.of(CountingMethod.REPORTED, bounds, claim, reportedRows, rows);
    }

    /**
     * Returns the FLOP of the rows by the best method their evidence allows: ARCHITECTURE, else PARAMETER_TOKEN, else what was
     * reported.
     *
     * @param withClaims whether reported FLOP above the figure of a better method widen it upwards: then a claim that was counted
     *     before the model was known stays within the interval
     */
    ComputeFigure best(ModelFormulas formulas, @Nullable String model, boolean withClaims) {
        StepFormula formula = pricing(formulas, model);
        if (formula != null) {
            FlopBounds bounds = bounds(formula);
            FlopBounds widened = withClaims && reportedRows > 0
                    ? new FlopBounds(bounds.low(), bounds.best(), max(bounds.high(), flop(reported)))
                    : bounds;
            return ComputeFigure.of(formula.method(), widened, executed(formula), rows, rows);
        }
        return claimed(formulas.formula(model, CountingMethod.REPORTED));
    }

    private enum Bound {
        LEAST,
        BEST,
        HIGH
    }

    private BigInteger price(LinearForm form, BigInteger tokenCount, BigInteger squares, Bound bound) {
        return Arithmetic.sum(products(form, tokenCount, squares, bound));
    }

    private List<Product> products(LinearForm form, BigInteger tokenCount, BigInteger squares, Bound bound) {
        List<Product> products = new ArrayList<>();
        add(products, "tokens", tokenCount, form.perToken());
        add(products, "sequences", sequences, form.perSequence());
        add(products, "squared sequence lengths", squares, form.perSquaredLength());
        for (LinearForm.MaskedPairs masked : form.masks()) {
            String name = "pairs within a " + masked.mask().kind().word() + " of "
                    + masked.mask().size();
            add(products, name, pairs(masked.mask(), bound), masked.perPair());
        }
        return products;
    }

    private static void add(List<Product> products, String input, BigInteger amount, FlopCount each) {
        if (!each.isZero()) {
            products.add(new Product(input, amount, each));
        }
    }

    /** Returns how the rows are priced by the best method their evidence allows: the products behind {@link #best}. */
    Arithmetic arithmetic(ModelFormulas formulas, CellTotals cell) {
        ComputeFigure figure = best(formulas, cell.model(), true);
        StepFormula formula = pricing(formulas, cell.model());
        boolean isClaim = formula == null && figure.covered() > 0;
        List<Product> claim = isClaim ? claim(figure.bounds().best()) : List.of();
        return new Arithmetic(
                cell.attempt(),
                cell.stage(),
                cell.model(),
                cell.firstStep(),
                cell.lastStep(),
                rows,
                formula != null ? formula.method() : isClaim ? CountingMethod.REPORTED : null,
                formula == null
                        ? isClaim ? claim(figure.bounds().low()) : claim
                        : products(formula.low(), tokens.subtract(paddingWithin()), leastSquared(), Bound.LEAST),
                formula == null ? claim : products(formula.model(), tokens, squared, Bound.BEST),
                formula == null ? claim : products(formula.executed(), tokens, squared, Bound.BEST),
                formula == null
                        ? isClaim ? claim(figure.bounds().high()) : claim
                        : products(formula.high(), tokens, squared, Bound.HIGH),
                figure);
    }

    private static List<Product> claim(FlopCount flop) {
        return List.of(new Product("FLOP as the framework reported", flop.toBigInteger(), FlopCount.of(1)));
    }

    private @Nullable StepFormula pricing(ModelFormulas formulas, @Nullable String model) {
        for (CountingMethod method : PRICING) {
            StepFormula formula = formulas.formula(model, method);
            if (formula != null && hasInputsOf(formula)) {
                return formula;
            }
        }
        return null;
    }

    private BigInteger pairs(AttentionMask mask, Bound bound) {
        PairSums.Sum sum = pairs.get(mask);
        // Rows folded before the model was known: the bounds hold for all sequences together just as for those of a
        // row.
        PairBounds bounds = sum != null && sum.rows() == rows
                ? sum.bounds()
                : PairBounds.of(mask, tokens, paddingWithin(), sequences, squared);
        return switch (bound) {
            case LEAST -> bounds.least();
            case BEST -> bounds.best();
            case HIGH -> bounds.high();
        };
    }

    /**
     * Returns the least sum of squared lengths without padding: real tokens t in n sequences have at least t^2 / n
     * (Cauchy-Schwarz), row by row, so that one more row never lowers it.
     *
     * <p>Of rows with tokens t, of them p padding, and squared lengths S the causal pairs are (S + t) / 2 with padding and at
     * least (S' + t - p) / 2 without: S - S' is twice their difference less p.
     */
    private BigInteger leastSquared() {
        BigInteger real = tokens.subtract(paddingWithin());
        if (paddingWithin().signum() == 0) {
            return squared;
        }
        PairSums.Sum padded = pairs.get(PairSums.UNPADDED);
        if (padded != null) {
            BigInteger pairsOfPadding =
                    padded.bounds().high().subtract(padded.bounds().least());
            BigInteger excess = pairsOfPadding.shiftLeft(1).subtract(paddingWithin());
            return squared.subtract(excess.max(BigInteger.ZERO)).max(BigInteger.ZERO);
        }
        // Rows folded before the model was known: the bound holds for all sequences together.
        BigInteger least = sequences.signum() == 0 ? real : real.multiply(real).divide(sequences);
        return least.min(squared);
    }

    /** Padding of rows without tokens says nothing. */
    private BigInteger paddingWithin() {
        return padding.min(tokens);
    }

    private static FlopCount flop(BigInteger price) {
        return FlopCount.of(price);
    }

    private static FlopCount min(FlopCount a, FlopCount b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static FlopCount max(FlopCount a, FlopCount b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
