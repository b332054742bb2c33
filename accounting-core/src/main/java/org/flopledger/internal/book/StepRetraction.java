package org.flopledger.internal.book;

import java.util.Arrays;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.RunHistory;
import org.flopledger.internal.history.StepContentWords;
import org.flopledger.internal.history.StepRows;

/**
 * Takes steps out of one run of a book: its history and its sums are made anew from the steps that stay.
 *
 * <p>What is left is as if the steps had never come, but for when the remaining ones were seen: the times of a sum are not kept
 * step by step, so its span stays as wide as it was. Costs time linear in the intervals of the run and the cells of the book.
 * Confined to one thread.
 */
final class StepRetraction {

    private static final int UNKNOWN = -1;

    private final AccountBook book;
    private final String run;
    private final RunHistory held;
    private final int attempt;
    private final long first;
    private final long last;
    private final int source;
    private final int[] numbers;
    private final StepRows row = new StepRows(StepContentWords.COUNT).batch(0, new long[0], new long[0]);

    /**
     * Names the steps.
     *
     * @param held the history of the run
     * @param source the number of the source whose steps go, or -1 for every source
     */
    StepRetraction(AccountBook book, String run, RunHistory held, int attempt, long first, long last, int source) {
        this.book = book;
        this.run = run;
        this.held = held;
        this.attempt = attempt;
        this.first = first;
        this.last = last;
        this.source = source;
        numbers = new int[held.contents().size()];
        Arrays.fill(numbers, UNKNOWN);
    }

    /** Returns how many observations are held of the steps. */
    long matching() {
        long[] matching = {0};
        for (RunHistory.Track track : held.tracks()) {
            if (concerns(track)) {
                track.steps().forEach(first, last, (from, to, content) -> matching[0] += to - from + 1);
            }
        }
        return matching[0];
    }

    private boolean concerns(RunHistory.Track track) {
        return track.attempt() == attempt && (source < 0 || track.source() == source);
    }

    /** Takes them out. */
    void apply() {
        LedgerAccounts before = book.totals().copyOf(run);
        book.totals().forgetCells(run);
        book.discarded().forgetCells(run);
        RunHistory remaining = book.beginAnew(run);
        for (RunHistory.Track track : held.tracks()) {
            boolean isConcerned = concerns(track);
            track.steps().forEach(0, Long.MAX_VALUE, (from, to, content) -> {
                if (!isConcerned || to < first || from > last) {
                    keep(remaining, track, from, to, content);
                    return;
                }
                if (from < first) {
                    keep(remaining, track, from, first - 1, content);
                }
                if (to > last) {
                    keep(remaining, track, last + 1, to, content);
                }
            });
        }
        remaining.settle();
        book.totals().takeTimes(before);
        if (remaining.observations() == 0) {
            book.totals().forgetName(run);
        }
    }

    private void keep(RunHistory remaining, RunHistory.Track track, long from, long to, int content) {
        if (numbers[content] == UNKNOWN) {
            for (int word = 0; word < StepContentWords.COUNT; word++) {
                row.word(word, held.contents().word(word, content));
            }
            numbers[content] = remaining.contents().numberOf(row, 0);
        }
        remaining.load(track.attempt(), track.source(), from, to, numbers[content]);
        book.addToTotals(run, track.attempt(), remaining.contents(), numbers[content], from, to);
    }
}
