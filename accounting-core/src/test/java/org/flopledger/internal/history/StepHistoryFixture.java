package org.flopledger.internal.history;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.internal.history.StepHistoryModel.Part;
import org.flopledger.internal.history.StepHistoryModel.Row;

/** A {@link RunHistory} with the account around it reduced to two sums: what was added and what was discarded. */
public final class StepHistoryFixture {

    static final int TOKENS = 0;
    static final int STAGE = 1;

    public final RunHistory history = new RunHistory(
            2,
            content -> content.word(STAGE) != 0,
            (attempt, content, steps) -> discardMore(steps, content.word(TOKENS)));
    public final StepRepeats repeats = new StepRepeats();
    public Part total = Part.NONE;
    public Part discarded = Part.NONE;
    public int duplicates;
    public int conflicts;

    private void discardMore(long steps, long tokens) {
        discarded = discarded.plus(steps, steps * tokens);
    }

    static long[] allAccepted(int rows) {
        long[] mask = new long[(rows + 63) >>> 6];
        for (int row = 0; row < rows; row++) {
            mask[row >>> 6] |= 1L << row;
        }
        return mask;
    }

    StepHistoryFixture add(List<Row> rows) {
        int count = rows.size();
        StepRows batch = new StepRows(2)
                .batch(count, rows.stream().mapToLong(Row::step).toArray(), allAccepted(count))
                .attempts(rows.stream().mapToInt(Row::attempt).toArray())
                .sources(rows.stream().mapToInt(Row::source).toArray())
                .words(TOKENS, rows.stream().mapToLong(Row::tokens).toArray())
                .words(STAGE, rows.stream().mapToLong(Row::stage).toArray());
        int accepted = repeats.admit(batch, run -> history);
        duplicates += repeats.duplicates();
        conflicts += repeats.conflicts();
        int seen = 0;
        for (int row = 0; row < count; row++) {
            if (batch.isAccepted(row)) {
                total = total.plus(1, rows.get(row).tokens());
                seen++;
            }
        }
        if (seen != accepted) {
            throw new AssertionError("mask has " + seen + " rows, admit returned " + accepted);
        }
        return this;
    }

    /** What is held, read back from the intervals. */
    public Part held(boolean discardedPart) {
        List<Part> parts = new ArrayList<>(List.of(Part.NONE));
        history.forEach((attempt, source, first, last, content, discarded) -> {
            if (discarded == discardedPart) {
                long steps = last - first + 1;
                parts.add(new Part(steps, steps * history.contents().word(TOKENS, content)));
            }
        });
        return parts.stream().reduce(Part.NONE, Part::plus);
    }

    /** The intervals as text, sources in order. */
    List<String> intervals() {
        List<String> lines = new ArrayList<>();
        history.forEach(
                (attempt, source, first, last, content, discarded) -> lines.add(attempt + "/" + source + " " + first
                        + ".." + last + " " + history.contents().word(TOKENS, content) + "/"
                        + history.contents().word(STAGE, content) + (discarded ? " discarded" : "")));
        lines.sort(null);
        return lines;
    }

    static List<Row> steps(int attempt, long first, long last, long tokens) {
        return steps(attempt, 0, first, last, tokens);
    }

    static List<Row> steps(int attempt, int source, long first, long last, long tokens) {
        List<Row> rows = new ArrayList<>();
        for (long more = 0; more <= last - first; more++) {
            rows.add(new Row(attempt, first + more, source, tokens, 1));
        }
        return rows;
    }
}
