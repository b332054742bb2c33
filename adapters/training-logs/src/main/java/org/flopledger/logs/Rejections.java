package org.flopledger.logs;

import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts rejections by reason and keeps the first place of each. Confined to one thread. */
final class Rejections {

    /** Null until there is one: most files have none, and there may be very many files. */
    private @Nullable Map<RejectionReason, Rejection> byReason;

    /** Counts a whole file or path. */
    void add(RejectionReason reason, Path file) {
        add(new Rejection(reason, 1, file.toString()));
    }

    /** Counts one line; the number is 1-based. */
    void add(RejectionReason reason, Path file, long line) {
        // The place is built for the first only: a broken file can have millions.
        Rejection known = byReason == null ? null : byReason.get(reason);
        add(known == null ? new Rejection(reason, 1, file + ":" + line) : new Rejection(reason, 1, known.first()));
    }

    /** Counts what was counted elsewhere, behind what is counted here. */
    void addAll(Collection<Rejection> others) {
        others.forEach(this::add);
    }

    List<Rejection> toList() {
        return byReason == null ? List.of() : List.copyOf(byReason.values());
    }

    private void add(Rejection more) {
        if (byReason == null) {
            byReason = new EnumMap<>(RejectionReason.class);
        }
        byReason.merge(
                more.reason(),
                more,
                (known, next) -> new Rejection(known.reason(), known.count() + next.count(), known.first()));
    }
}
