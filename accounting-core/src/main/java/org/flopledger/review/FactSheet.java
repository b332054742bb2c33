package org.flopledger.review;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Method;
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
    final Map<Method, FlopCount> figures = new EnumMap<>(Method.class);
    Facts.Exactness exactness = Facts.Exactness.MEASURED;
    Facts.@Nullable Original original;

    @Nullable
    LocalDate asOf;

    @Nullable
    Long step;

    @Nullable
    Instant at;

    /** Returns a sheet of its own with the same contents. */
    FactSheet copy() {
        var copy = new FactSheet();
        copy.lines.addAll(lines);
        copy.planned.addAll(planned);
        copy.ancestors.putAll(ancestors);
        copy.stated.addAll(stated);
        copy.figures.putAll(figures);
        copy.exactness = exactness;
        copy.original = original;
        copy.asOf = asOf;
        copy.step = step;
        copy.at = at;
        return copy;
    }
}
