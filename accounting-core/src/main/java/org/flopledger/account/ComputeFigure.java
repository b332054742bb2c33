package org.flopledger.account;

import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Method;

/**
 * FLOP of some observations by one method, and how much of them it covers.
 *
 * @param method how the figure was obtained
 * @param bounds model FLOP of the covered observations; exact integers
 * @param executed FLOP that ran, with activation recomputation; at least {@code bounds.best()}
 * @param covered observations that the figure covers
 * @param observations all observations; the figure says nothing of those it does not cover, which are not zero but unknown
 */
public record ComputeFigure(Method method, FlopBounds bounds, FlopCount executed, long covered, long observations) {

    /** Checks that no more is covered than there is. */
    public ComputeFigure {
        if (covered < 0 || covered > observations) {
            throw new IllegalArgumentException(
                    "covered observations are " + covered + ", must be from 0 to " + observations);
        }
    }

    /** Returns the covered part of the observations, 0 to 1; 0 if there are none. For display: compare the two counts. */
    public double coverage() {
        return observations == 0 ? 0 : (double) covered / observations;
    }

    /** Returns whether every observation is covered, and there is one. */
    public boolean isComplete() {
        return observations > 0 && covered == observations;
    }

    /**
     * Returns the figure of the observations of both.
     *
     * @throws IllegalArgumentException if the methods differ: figures of two methods are never added
     */
    public ComputeFigure plus(ComputeFigure other) {
        if (method != other.method) {
            throw new IllegalArgumentException("methods are " + method + " and " + other.method + ", must be one");
        }
        return new ComputeFigure(
                method,
                bounds.plus(other.bounds),
                executed.plus(other.executed),
                covered + other.covered,
                observations + other.observations);
    }
}
