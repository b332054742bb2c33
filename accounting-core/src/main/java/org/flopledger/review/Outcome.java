package org.flopledger.review;

import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a condition says of the facts, and what it still needs.
 *
 * @param state the answer
 * @param needed facts that are open and would matter
 * @param assumed answers nobody gave and that were taken as usual
 * @param failed conditions that do not hold, in words
 * @param measured the compute that was compared; null if the condition compares none
 * @param basisUnknown whether the compute of an original or ancestor is unknown and mattered
 */
record Outcome(
        State state,
        List<String> needed,
        List<String> assumed,
        List<String> failed,
        @Nullable Measured measured,
        boolean basisUnknown) {

    /** The answers, from the one that loses to the one that wins among alternatives. */
    enum State {
        /** A known fact says no: outside the rule. */
        NO,
        /** The figure is below the line. */
        BELOW,
        /** A fact is open. */
        OPEN,
        /** A figure is not known well enough. */
        UNDETERMINED,
        IN_MARGIN,
        /** The figure passes the line, and a fact that the rule asks for is open. */
        PASSED_BUT_OPEN,
        /** The figure passes the line. */
        ABOVE,
        /** A fact says yes. */
        MET
    }

    /**
     * A comparison of compute with a line.
     *
     * @param count what was counted
     * @param level the line; null if there is none
     * @param whole the whole number that integers are compared with to the same effect; null if it is not known
     */
    record Measured(
            CountedCompute count,
            @Nullable ThresholdLine level,
            @Nullable BigInteger whole) {}

    static Outcome met() {
        return new Outcome(State.MET, List.of(), List.of(), List.of(), null, false);
    }

    /** A condition that does not hold: outside the rule, or below its line. */
    static Outcome failed(State state, String words) {
        return new Outcome(state, List.of(), List.of(), List.of(words), null, false);
    }

    static Outcome compared(State state, List<String> needed, Measured measured, boolean basisUnknown) {
        return new Outcome(state, needed, List.of(), List.of(), measured, basisUnknown);
    }

    static Outcome open(String needed) {
        return new Outcome(State.OPEN, List.of(needed), List.of(), List.of(), null, false);
    }

    /** All must hold: a no decides, then a figure that falls short, then what is unknown. */
    static Outcome all(List<Outcome> parts) {
        for (State deciding : List.of(
                State.NO,
                State.BELOW,
                State.UNDETERMINED,
                State.IN_MARGIN,
                State.PASSED_BUT_OPEN,
                State.ABOVE,
                State.OPEN)) {
            for (Outcome part : parts) {
                if (part.state == deciding) {
                    boolean settled = deciding == State.NO || deciding == State.BELOW;
                    Outcome all = merged(part, settled ? List.of(part) : parts, parts);
                    boolean isOpen = parts.stream().anyMatch(other -> other.state == State.OPEN);
                    return deciding == State.ABOVE && isOpen ? all.in(State.PASSED_BUT_OPEN) : all;
                }
            }
        }
        return merged(parts.get(0), parts, parts);
    }

    private Outcome in(State other) {
        return new Outcome(other, needed, assumed, failed, measured, basisUnknown);
    }

    /** Returns whether what the rule measures passes its line, or a fact that stands for it says yes. */
    boolean isPassed() {
        return state.compareTo(State.PASSED_BUT_OPEN) >= 0;
    }

    /** One is enough: the strongest answer counts, one without open facts before one with. */
    static Outcome any(List<Outcome> parts) {
        Outcome best = parts.get(0);
        for (Outcome part : parts) {
            if (part.isStrongerThan(best)) {
                best = part;
            }
        }
        boolean unsettled = best.state == State.OPEN || best.state == State.UNDETERMINED;
        return merged(best, unsettled ? parts : List.of(best), parts);
    }

    private boolean isStrongerThan(Outcome other) {
        return isSettledYes() == other.isSettledYes() ? state.compareTo(other.state) > 0 : isSettledYes();
    }

    private boolean isSettledYes() {
        return state.compareTo(State.ABOVE) >= 0 && needed.isEmpty();
    }

    private static Outcome merged(Outcome deciding, List<Outcome> asking, List<Outcome> all) {
        Collection<String> needed = new LinkedHashSet<>();
        asking.forEach(part -> needed.addAll(part.needed));
        Collection<String> assumed = new LinkedHashSet<>();
        all.forEach(part -> assumed.addAll(part.assumed));
        Measured measured = deciding.measured;
        for (Outcome part : all) {
            if (measured == null) {
                measured = part.measured;
            }
        }
        return new Outcome(
                deciding.state,
                List.copyOf(needed),
                List.copyOf(assumed),
                deciding.failed,
                measured,
                all.stream().anyMatch(Outcome::basisUnknown));
    }

    /** Returns this answer as one about scope: a figure that falls short puts the case outside instead of below. */
    Outcome asScope(String question) {
        return switch (state) {
            case NO, BELOW -> new Outcome(State.NO, List.of(), assumed, List.of(question), null, false);
            case ABOVE, MET -> new Outcome(State.MET, needed, assumed, List.of(), null, false);
            case OPEN, UNDETERMINED, IN_MARGIN, PASSED_BUT_OPEN ->
                new Outcome(State.OPEN, List.of(question), assumed, List.of(), null, basisUnknown);
        };
    }

    Verdict verdict() {
        return switch (state) {
            case NO -> Verdict.NOT_APPLICABLE;
            case BELOW -> Verdict.BELOW;
            case OPEN, UNDETERMINED, PASSED_BUT_OPEN -> Verdict.UNDETERMINED;
            case IN_MARGIN -> Verdict.IN_MARGIN;
            case ABOVE, MET -> Verdict.ABOVE;
        };
    }
}
