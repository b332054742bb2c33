package org.flopledger.estimation;

import java.math.BigInteger;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/**
 * What one model costs in one training setting, for a run account to multiply its exact sums with.
 *
 * <p>Four forms of the same work. They are ordered {@code low <= model <= high} for any input; {@code executed} counts
 * activation recomputation besides, and lies between {@code model} and {@code high}.
 *
 * <p>{@link FlopEstimator#formula} gives the exact one of a described model, {@code ofParameters} the bounds of another; a run is
 * priced by it. Immutable and thread-safe.
 *
 * @param method how the figures are obtained
 * @param low the least: exact causal model FLOP (the account applies it to tokens without padding)
 * @param model the figure to quote: what the architecture needs
 * @param executed what runs, with recomputation
 * @param high the most: full-square attention and recomputation, or the parameter bound of an unknown architecture
 */
public record StepFormula(
        CountingMethod method, LinearForm low, LinearForm model, LinearForm executed, LinearForm high) {

    /** Tokens of the longest sequence that bounds by parameters and tokens allow for, where nobody says: 2^17. */
    public static final long LONGEST_SEQUENCE = 131_072;

    private static final int WHOLE_CLAIM = 1000;

    /**
     * Returns the formula of a model whose architecture is not known, for sequences of at most {@link #LONGEST_SEQUENCE} tokens.
     *
     * @see #ofParameters(long, long, long)
     */
    public static StepFormula ofParameters(long active, long total) {
        return ofParameters(active, total, LONGEST_SEQUENCE);
    }

    /**
     * Returns the formula of a model whose architecture is not known: 6 FLOP for each active parameter and token; at most 6 for
     * each of all parameters, and attention over the whole length by a model as narrow as {@code formulas.md} allows for.
     *
     * @param active parameters that one token meets, from 1 to {@code total}; equal to it only if the model is dense
     * @param total all parameters
     * @param longestSequence tokens of the longest sequence, at least 1
     */
    public static StepFormula ofParameters(long active, long total, long longestSequence) {
        if (active < 1 || active > total) {
            throw new IllegalArgumentException("active parameters is " + active + ", must be from 1 to " + total);
        }
        FlopCount each = FlopCount.product(6, active);
        FlopCount most = FlopCount.product(6, total).plus(ParameterBounds.attention(active, longestSequence));
        return ofParameters(each, each, most);
    }

    /**
     * Returns 6 N D of a model whose parameters are counted, less the weight gradients of what is frozen, and the bounds of what
     * its architecture, which is not known, may need.
     *
     * @param parameters counts of the model, active and trainable ones among them
     * @param pass what is done with each token
     * @param longestSequence tokens of the longest sequence, at least 1
     */
    public static StepFormula ofParameters(ParameterCount parameters, TrainingSetting.Pass pass, long longestSequence) {
        FlopCount each = FlopCount.of(ParameterFormula.eachToken(parameters, pass));
        return ofParameters(
                ParameterBounds.least(parameters, pass), each, ParameterBounds.most(parameters, pass, longestSequence));
    }

    /**
     * Returns 6 N D of a model whose architecture is known, for steps that do not tell the lengths of their sequences. Its
     * interval holds that of the architecture's own formula for sequences of any lengths up to the longest.
     *
     * @param parameters counts of the model, active and trainable ones among them
     * @param pass what is done with each token
     * @param architecture the formula of the architecture
     * @param longestSequence tokens of the longest sequence, at least 1
     */
    public static StepFormula ofParameters(
            ParameterCount parameters, TrainingSetting.Pass pass, StepFormula architecture, long longestSequence) {
        FlopCount each = FlopCount.of(ParameterFormula.eachToken(parameters, pass));
        return ofParameters(
                ParameterBounds.least(architecture), each, ParameterBounds.most(architecture, longestSequence));
    }

    /**
     * Returns what ran for each FLOP that a framework reported: the claim itself to quote, and between two multiples of it. The forms
     * are per thousand reported FLOP and are multiplied with nothing else.
     *
     * @param leastThousandths the least that ran, in thousandths of what was reported, from 0 to 1000
     * @param mostThousandths the most, at least 1000
     */
    public static StepFormula ofClaims(int leastThousandths, int mostThousandths) {
        if (leastThousandths < 0 || leastThousandths > WHOLE_CLAIM || mostThousandths < WHOLE_CLAIM) {
            throw new IllegalArgumentException("thousandths are " + leastThousandths + " and " + mostThousandths
                    + ", must be from 0 to 1000 and at least 1000");
        }
        LinearForm whole = LinearForm.eachToken(FlopCount.of(WHOLE_CLAIM));
        return new StepFormula(
                CountingMethod.REPORTED,
                LinearForm.eachToken(FlopCount.of(leastThousandths)),
                whole,
                whole,
                LinearForm.eachToken(FlopCount.of(mostThousandths)));
    }

    /**
     * Returns what ran for an amount that a framework reported.
     *
     * @throws IllegalStateException if this is no formula of {@link #ofClaims}
     */
    public FlopBounds ofClaim(FlopCount reported) {
        if (method != CountingMethod.REPORTED) {
            throw new IllegalStateException("formula is of " + method + ", must be of REPORTED");
        }
        return new FlopBounds(ofClaim(reported, low), reported, ofClaim(reported, high));
    }

    private static FlopCount ofClaim(FlopCount reported, LinearForm thousandths) {
        return FlopCount.of(reported.toBigInteger()
                .multiply(thousandths.perToken().toBigInteger())
                .divide(BigInteger.valueOf(WHOLE_CLAIM)));
    }

    /** Returns whether another formula quotes the same figures, whatever bounds it gives them. */
    public boolean hasFiguresOf(StepFormula other) {
        return method == other.method && model.equals(other.model) && executed.equals(other.executed);
    }

    /**
     * Returns this formula with bounds that hold those of another as well.
     *
     * @throws IllegalArgumentException if the other quotes other figures
     */
    public StepFormula widenedBy(StepFormula other) {
        if (!hasFiguresOf(other)) {
            throw new IllegalArgumentException("formulas quote different figures, must differ in their bounds at most");
        }
        return low.equals(other.low) && high.equals(other.high)
                ? this
                : new StepFormula(method, low.least(other.low), model, executed, high.most(other.high));
    }

    private static StepFormula ofParameters(FlopCount least, FlopCount each, FlopCount most) {
        LinearForm best = LinearForm.eachToken(each);
        return new StepFormula(
                CountingMethod.PARAMETER_TOKEN,
                LinearForm.eachToken(least.compareTo(each) < 0 ? least : each),
                best,
                best,
                LinearForm.eachToken(most.compareTo(each) > 0 ? most : each));
    }
}
