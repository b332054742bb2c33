package org.flopledger.internal.cells;

import java.util.Comparator;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** What the rows of a cell have in common, in the order of totals and states. */
public record CellKey(int attempt, Stage stage, @Nullable String model) implements Comparable<CellKey> {

    private static final Comparator<CellKey> ORDER = Comparator.comparingInt(CellKey::attempt)
            .thenComparing(CellKey::stage)
            .thenComparing(CellKey::model, Comparator.nullsFirst(Comparator.naturalOrder()));

    @Override
    public int compareTo(CellKey other) {
        return ORDER.compare(this, other);
    }
}
