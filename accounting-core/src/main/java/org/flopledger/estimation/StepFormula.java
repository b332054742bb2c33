package org.flopledger.estimation;

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
public record StepFormula(Method method, LinearForm low, LinearForm model, LinearForm executed, LinearForm high) {}
