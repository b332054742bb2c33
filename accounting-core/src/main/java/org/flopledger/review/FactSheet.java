package org.flopledger.review;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * The contents of {@link Facts}: filled by its builder, copied into it, unchanged from then on.
 *
 * <p>Never shared between two owners, so that facts stay as they were built.
 */
final class FactSheet {

    final List<Facts.Line> lines = new ArrayList<>();
    final List<Facts.Line> planned = new ArrayList<>();
    final Map<String, Ancestor> ancestors = new LinkedHashMap<>();
    final StatedFacts stated = new StatedFacts();
    final Map<CountingMethod, FlopCount> figures = new EnumMap<>(CountingMethod.class);
    Facts.Exactness exactness = Facts.Exactness.MEASURED;
    Facts.@Nullable Original original;

    @Nullable
    LocalDate asOf;

    @Nullable
    Long step;

    @Nullable
    Instant at;

    /**
     * Adds what another sheet states.
     *
     * @throws IllegalArgumentException naming what both state differently; this sheet is then of no use
     */
    void add(FactSheet other) {
        addLines("lines of compute", lines, other.lines);
        addLines("planned lines of compute", planned, other.planned);
        other.ancestors.forEach((name, ancestor) ->
                same("ancestor '" + MessageText.brief(name) + "'", ancestors.putIfAbsent(name, ancestor), ancestor));
        stated.add(other.stated);
        other.figures.forEach(
                (method, flop) -> same("the figure by " + method, figures.putIfAbsent(method, flop), flop));
        if (other.exactness != Facts.Exactness.MEASURED) {
            same("exactness", exactness == Facts.Exactness.MEASURED ? null : exactness, other.exactness);
            exactness = other.exactness;
        }
        original = same("the original model", original, other.original);
        asOf = same("the date asked about", asOf, other.asOf);
        step = same("the last step", step, other.step);
        at = same("the moment of the last step", at, other.at);
    }

    /** Adds lines unless they are the very ones that are there. */
    private static void addLines(String what, List<Facts.Line> held, List<Facts.Line> others) {
        if (held.isEmpty()) {
            held.addAll(others);
        } else if (!others.isEmpty() && !held.equals(others)) {
            throw new IllegalArgumentException(what + " are stated twice and differently, must be stated once");
        }
    }

    /** Returns what one of two states, or both alike. */
    static <T> @Nullable T same(String what, @Nullable T held, @Nullable T other) {
        if (held != null && other != null && !held.equals(other)) {
            throw new IllegalArgumentException(what + " is stated as " + MessageText.brief(held.toString()) + " and as "
                    + MessageText.brief(other.toString()) + ", must be one");
        }
        return held == null ? other : held;
    }

    /** Takes over the contents of another sheet, which is given up. */
    void take(FactSheet other) {
        lines.clear();
        planned.clear();
        ancestors.clear();
        figures.clear();
        stated.addAll(other.stated);
        copyTo(this, other);
    }

    /** Returns a sheet of its own with the same contents. */
    FactSheet copy() {
        var copy = new FactSheet();
        copyTo(copy, this);
        copy.stated.addAll(stated);
        return copy;
    }

    private static void copyTo(FactSheet copy, FactSheet from) {
        copy.lines.addAll(from.lines);
        copy.planned.addAll(from.planned);
        copy.ancestors.putAll(from.ancestors);
        copy.figures.putAll(from.figures);
        copy.exactness = from.exactness;
        copy.original = from.original;
        copy.asOf = from.asOf;
        copy.step = from.step;
        copy.at = from.at;
    }
}
