package org.flopledger.estimation;

import org.flopledger.model.ParameterCount;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Method;

/**
 * What one model costs in one training setting, for a run account to multiply its exact sums with.
 *
 * <p>Four forms of the same work. They are ordered {@code low <= model <= high} for any input; {@code executed} counts
 * activation recomputation besides, and lies between {@code model} and {@code high}.
 *
 * @param method how the figures are obtained
 * @param low the least: exact causal model FLOP (the account applies it to tokens without padding)
 * @param model the figure to quote: what the architecture needs
 * @param executed what runs, with recomputation
 * @param high the most: full-square attention and recomputation, or the parameter bound of an unknown architecture
 */
public record StepFormula(Method method, LinearForm low, LinearForm model, LinearForm executed, LinearForm high) {

    /**
     * Returns the formula of a model whose architecture is not known: 6 FLOP for each active parameter and token, at most 6
     * for each of all parameters.
     *
     * @param active parameters that one token meets, from 1 to {@code total}; equal to it only if the model is dense
     * @param total all parameters
     */
    public static StepFormula ofParameters(long active, long total) {
        if (active < 1 || active > total) {
            throw new IllegalArgumentException("active parameters is " + active + ", must be from 1 to " + total);
        }
        return ofParameters(FlopCount.product(6, active), FlopCount.product(6, total));
    }

    /**
     * Returns 6 N D of a model whose parameters are counted, less the weight gradients of what is frozen.
     *
     * @param parameters counts of the model, active and trainable ones among them
     * @param pass what is done with each token
     */
    public static StepFormula ofParameters(ParameterCount parameters, TrainingSetting.Pass pass) {
        FlopCount each = FlopCount.of(ParameterFormula.eachToken(parameters, pass));
        return ofParameters(each, each);
    }

    private static StepFormula ofParameters(FlopCount each, FlopCount most) {
        LinearForm least = LinearForm.eachToken(each);
        return new StepFormula(Method.PARAMETER_TOKEN, least, least, least, LinearForm.eachToken(most));
    }
}
