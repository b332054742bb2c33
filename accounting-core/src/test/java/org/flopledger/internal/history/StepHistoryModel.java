package org.flopledger.internal.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link RunHistory} should hold, said in the plainest way: a map of keys, and a look at all attempts for each step.
 */
final class StepHistoryModel {

    /** One observation; {@code tokens} and {@code stage} are its content, stage 0 updates no weights. */
    public record Row(int attempt, long step, int source, long tokens, long stage) {
        Key key() {
            return new Key(attempt, step, source);
        }

        boolean hasContentOf(Row other) {
            return tokens == other.tokens && stage == other.stage;
        }
    }

    record Key(int attempt, long step, int source) {}

    /** Sums of one part of the steps. */
    public record Part(long steps, long tokens) {
        static final Part NONE = new Part(0, 0);

        Part plus(long moreSteps, long moreTokens) {
            return new Part(steps + moreSteps, tokens + moreTokens);
        }

        Part minus(Part other) {
            return plus(-other.steps, -other.tokens);
        }

        Part plus(Part other) {
            return plus(other.steps, other.tokens);
        }
    }

    final Map<Key, Row> held = new HashMap<>();
    int duplicates;
    int conflicts;

    StepHistoryModel add(List<Row> rows) {
        for (Row row : rows) {
            Row before = held.putIfAbsent(row.key(), row);
            if (before != null && before.hasContentOf(row)) {
                duplicates++;
            } else if (before != null) {
                conflicts++;
            }
        }
        return this;
    }

    Part total() {
        Part part = Part.NONE;
        for (Row row : held.values()) {
            part = part.plus(1, row.tokens);
        }
        return part;
    }

    Part discarded() {
        Part part = Part.NONE;
        for (Row row : held.values()) {
            if (isDiscarded(row)) {
                part = part.plus(1, row.tokens);
            }
        }
        return part;
    }

    private boolean isDiscarded(Row row) {
        return held.values().stream()
                .anyMatch(later -> later.attempt > row.attempt && later.stage != 0 && later.step <= row.step);
    }
}
