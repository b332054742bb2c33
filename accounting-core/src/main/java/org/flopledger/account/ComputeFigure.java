package org.flopledger.account;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/**
 * FLOP of some observations, how much of it came by which method, and how many observations it covers.
 *
 * <p>Each observation counts once, by one method; the parts are added, never averaged. Immutable and thread-safe.
 *
 * <p>{@link RunAccount#total} and its siblings return it: whoever quotes a total quotes its bounds and coverage with it.
 *
 * @param bounds model FLOP of the covered observations; exact integers
 * @param executed FLOP that ran, with activation recomputation; at least {@code bounds.best()}
 * @param covered observations that the figure covers
 * @param observations all observations; the figure says nothing of those it does not cover, which are not zero but unknown
 * @param parts the share of each method that covers an observation; they add up to the figure
 */
public record ComputeFigure(
        FlopBounds bounds, FlopCount executed, long covered, long observations, Map<CountingMethod, Part> parts) {

    /** The figure of no observation. */
    public static final ComputeFigure NONE = unknown(0);

    /**
     * What came by one method.
     *
     * @param bounds model FLOP of its observations
     * @param executed FLOP that ran, with activation recomputation
     * @param covered how many observations they are, at least 1
     */
    public record Part(FlopBounds bounds, FlopCount executed, long covered) {

        Part plus(Part other) {
            return new Part(bounds.plus(other.bounds), executed.plus(other.executed), covered + other.covered);
        }

        /** Returns this part without another that it holds; bounds that do not subtract are kept around the best figure. */
        Part minus(Part other) {
            FlopCount best = bounds.best().minus(other.bounds.best());
            FlopCount low = minusOrZero(bounds.low(), other.bounds.low());
            FlopCount high = minusOrZero(bounds.high(), other.bounds.high());
            return new Part(
                    new FlopBounds(low.compareTo(best) < 0 ? low : best, best, high.compareTo(best) > 0 ? high : best),
                    executed.minus(other.executed),
                    covered - other.covered);
        }

        private static FlopCount minusOrZero(FlopCount all, FlopCount part) {
            return all.compareTo(part) >= 0 ? all.minus(part) : FlopCount.ZERO;
        }
    }

    /** Checks that no more is covered than there is, and copies the parts. */
    public ComputeFigure {
        if (covered < 0 || covered > observations) {
            throw new IllegalArgumentException(
                    "covered observations are " + covered + ", must be from 0 to " + observations);
        }
        Map<CountingMethod, Part> copy = new EnumMap<>(CountingMethod.class);
        copy.putAll(parts);
        parts = Collections.unmodifiableMap(copy);
    }

    /** Returns the figure of observations that nothing prices. */
    public static ComputeFigure unknown(long observations) {
        return new ComputeFigure(FlopBounds.ZERO, FlopCount.ZERO, 0, observations, Map.of());
    }

    /** Returns the figure of observations of which one method prices some; {@code covered} may be 0. */
    public static ComputeFigure of(
            CountingMethod method, FlopBounds bounds, FlopCount executed, long covered, long observations) {
        return covered == 0
                ? unknown(observations)
                : new ComputeFigure(
                        bounds, executed, covered, observations, Map.of(method, new Part(bounds, executed, covered)));
    }

    private static ComputeFigure of(Map<CountingMethod, Part> parts, long observations) {
        FlopBounds bounds = FlopBounds.ZERO;
        FlopCount executed = FlopCount.ZERO;
        long covered = 0;
        for (Part part : parts.values()) {
            bounds = bounds.plus(part.bounds);
            executed = executed.plus(part.executed);
            covered += part.covered;
        }
        return new ComputeFigure(bounds, executed, covered, observations, parts);
    }

    /**
     * Returns how the figure was obtained, in words: the one method, or all that have a part in it, the best first; how much came
     * by which is told by {@link #parts}.
     */
    public String method() {
        return parts.isEmpty()
                ? "no method"
                : parts.keySet().stream().map(CountingMethod::name).collect(Collectors.joining(" and "));
    }

    /** Returns the covered part of the observations, 0 to 1; 0 if there are none. For display: compare the two counts. */
    public double coverage() {
        return observations == 0 ? 0 : (double) covered / observations;
    }

    /** Returns whether every observation is covered, and there is one. */
    public boolean isComplete() {
        return observations > 0 && covered == observations;
    }

    /** Returns the figure of the observations of both, which must be different ones. */
    public ComputeFigure plus(ComputeFigure other) {
        Map<CountingMethod, Part> sum = new EnumMap<>(CountingMethod.class);
        sum.putAll(parts);
        other.parts.forEach((method, part) -> sum.merge(method, part, Part::plus));
        return of(sum, observations + other.observations);
    }

    /** Returns the figure of the observations that another one does not hold; all it holds must be here. */
    ComputeFigure minus(ComputeFigure other) {
        Map<CountingMethod, Part> rest = new EnumMap<>(CountingMethod.class);
        parts.forEach((method, part) -> {
            Part gone = other.parts.get(method);
            Part left = gone == null ? part : part.minus(gone);
            if (left.covered > 0) {
                rest.put(method, left);
            }
        });
        return of(rest, observations - other.observations);
    }
}
