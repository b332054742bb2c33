package org.flopledger.logs;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts rejections by reason and keeps the first place of each. Confined to one thread. */
final class Rejections {

    private final Map<RejectionReason, Rejection> byReason = new EnumMap<>(RejectionReason.class);

    /** Counts a whole file or path. */
    void add(RejectionReason reason, Path file) {
        count(reason, file.toString());
    }

    /** Counts one line; the number is 1-based. */
    void add(RejectionReason reason, Path file, long line) {
        // The place is built for the first only: a broken file can have millions.
        Rejection known = byReason.get(reason);
        if (known == null) {
            count(reason, file + ":" + line);
        } else {
            byReason.put(reason, new Rejection(reason, known.count() + 1, known.first()));
        }
    }

    List<Rejection> toList() {
        return List.copyOf(byReason.values());
    }

    private void count(RejectionReason reason, String place) {
        byReason.merge(
                reason,
                new Rejection(reason, 1, place),
                (known, next) -> new Rejection(reason, known.count() + 1, known.first()));
    }
}
