package org.flopledger.estimation;

import java.math.BigInteger;
import java.util.List;
import org.flopledger.model.ParameterCount;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/**
 * A FLOP figure with everything needed to judge it.
 *
 * <p>Immutable. Figures of different methods stand side by side and are never averaged.
 *
 * @param bounds the least, the figure to quote, the most
 * @param method how it was obtained
 * @param convention what it counts, in a word such as {@code exact} or {@code 6nd}
 * @param unknown in words, what had to be assumed; empty if nothing
 */
public record Estimate(FlopBounds bounds, CountingMethod method, String convention, List<String> unknown) {

    private static final BigInteger SIX = BigInteger.valueOf(6);
    private static final String FROZEN_BASE = "4nd-frozen-base";
    private static final String NO_SCORES = "attention scores are left out";

    /** Copies what was unknown. */
    public Estimate {
        unknown = List.copyOf(unknown);
    }

    /** Returns the figure to quote. */
    public FlopCount value() {
        return bounds.best();
    }

    /**
     * Returns 6 N D, the classic figure of a dense model trained on D tokens, forward 2 and backward 4 for each parameter.
     *
     * <p>Worked number: 6 x 3.8e9 x 3.3e12 = 7.524e22 (European Commission, guidelines on general-purpose models, annex
     * A.3). Attention scores are left out.
     *
     * @param parameters N, at least 1
     * @param tokens D over all epochs, at least 1
     */
    public static Estimate ofParameters(long parameters, long tokens) {
        return ofParameters(parameters, parameters, tokens);
    }

    /**
     * Returns 6 N D of a model whose architecture is not known, as bounds from 6 x active to 6 x total parameters.
     *
     * <p>The best figure is that of the active parameters. Equal numbers mean that the model is known to be dense.
     *
     * @param active parameters that one token meets, from 1 to {@code total}
     * @param total all parameters
     * @param tokens D over all epochs, at least 1
     */
    public static Estimate ofParameters(long active, long total, long tokens) {
        require("active parameters", active, 1);
        require("tokens", tokens, 1);
        require("total parameters", total, active);
        FlopCount low = sixTimes(active, tokens);
        return new Estimate(
                new FlopBounds(low, low, sixTimes(total, tokens)),
                CountingMethod.PARAMETER_TOKEN,
                Convention.SIX_ND.id(),
                active == total
                        ? List.of(NO_SCORES)
                        : List.of(
                                NO_SCORES,
                                "architecture is not known: bounds are 6 x active and 6 x total parameters"));
    }

    /**
     * Returns 6 N D of a model whose parameters are counted. Where a part is frozen it needs no weight gradients: 4 N D, and
     * 2 D for each trained parameter.
     *
     * @param parameters counts of the model, active and trainable ones among them
     * @param tokens D over all epochs, at least 1
     * @throws ArithmeticException if the figure is 2^127 FLOP or more
     */
    public static Estimate ofParameters(ParameterCount parameters, long tokens) {
        if (parameters.trainable() == parameters.total()) {
            return ofParameters(parameters.active(), parameters.total(), tokens);
        }
        require("tokens", tokens, 1);
        BigInteger each = ParameterFormula.eachToken(parameters, TrainingSetting.Pass.TRAINING);
        return new Estimate(
                FlopBounds.exactly(FlopCount.of(each.multiply(BigInteger.valueOf(tokens)))),
                CountingMethod.PARAMETER_TOKEN,
                FROZEN_BASE,
                List.of(NO_SCORES));
    }

    private static FlopCount sixTimes(long parameters, long tokens) {
        return FlopCount.of(SIX.multiply(BigInteger.valueOf(parameters)).multiply(BigInteger.valueOf(tokens)));
    }

    private static void require(String field, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(field + " is " + value + ", must be >= " + least);
        }
    }
}
