package org.flopledger.internal.book;

import java.util.Arrays;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.RunHistory;
import org.flopledger.internal.history.StepContent;
import org.flopledger.internal.history.StepContentWords;
import org.flopledger.internal.history.StepRows;

/**
 * Takes steps, or the figures of steps, out of one run of a book: its history and its sums are made anew from what stays.
 *
 * <p>What is left is as if the steps had never come, but for when the remaining ones were seen: the times of a sum are not kept
 * step by step, so its span stays as wide as it was. Costs time linear in the intervals of the run and the cells of the book.
 * Confined to one thread.
 */
final class StepRetraction {

    private static final int UNKNOWN = -1;

    private final AccountBook book;
    private final RunHistory held;
    private final StepSpan taken;
    private final int source;
    private final boolean keepsSteps;
    private final int[] numbers;
    private final int[] strippedNumbers;
    private final StepRows row = new StepRows(StepContentWords.COUNT).batch(0, new long[0], new long[0]);

    /**
     * Names the steps.
     *
     * @param held the history of the run
     * @param source the number of the source whose steps go, or -1 for every source
     * @param keepsSteps whether the steps stay, without figures
     */
    StepRetraction(AccountBook book, RunHistory held, StepSpan taken, int source, boolean keepsSteps) {
        this.book = book;
        this.held = held;
        this.taken = taken;
        this.source = source;
        this.keepsSteps = keepsSteps;
        numbers = new int[held.contents().size()];
        Arrays.fill(numbers, UNKNOWN);
        strippedNumbers = numbers.clone();
    }

    /** Returns how many observations are held of the steps. */
    long matching() {
        long[] matching = {0};
        for (RunHistory.Track track : held.tracks()) {
            if (concerns(track)) {
                track.steps().forEach(taken.first(), taken.last(), (from, to, content) -> matching[0] += to - from + 1);
            }
        }
        return matching[0];
    }

    private boolean concerns(RunHistory.Track track) {
        return track.attempt() == taken.attempt() && (source < 0 || track.source() == source);
    }

    /** Takes them out. */
    void apply() {
        String run = taken.run();
        LedgerAccounts before = book.totals().copyOf(run);
        book.totals().forgetCells(run);
        book.discarded().forgetCells(run);
        RunHistory remaining = book.beginAnew(run);
        for (RunHistory.Track track : held.tracks()) {
            boolean isConcerned = concerns(track);
            track.steps().forEach(0, Long.MAX_VALUE, (from, to, content) -> {
                if (!isConcerned || to < taken.first() || from > taken.last()) {
                    keep(remaining, track, from, to, content);
                    return;
                }
                if (from < taken.first()) {
                    keep(remaining, track, from, taken.first() - 1, content);
                }
                if (keepsSteps) {
                    keepStripped(remaining, track, Math.max(from, taken.first()), Math.min(to, taken.last()), content);
                }
                if (to > taken.last()) {
                    keep(remaining, track, taken.last() + 1, to, content);
                }
            });
        }
        remaining.settle();
        book.totals().takeTimes(before);
        takeTimesOfStripped(before, remaining);
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
        load(remaining, track, from, to, numbers[content]);
    }

    private void keepStripped(RunHistory remaining, RunHistory.Track track, long from, long to, int content) {
        if (strippedNumbers[content] == UNKNOWN) {
            for (int word = 0; word < StepContentWords.COUNT; word++) {
                row.word(word, 0);
            }
            StepContent whole = held.contents().at(content);
            row.word(StepContentWords.FLAGS, whole.flagsWithoutFigures());
            row.word(StepContentWords.MODEL, whole.word(StepContentWords.MODEL));
            strippedNumbers[content] = remaining.contents().numberOf(row, 0);
        }
        load(remaining, track, from, to, strippedNumbers[content]);
    }

    /** A step without figures is in another cell than before, and was seen when it was. */
    private void takeTimesOfStripped(LedgerAccounts before, RunHistory remaining) {
        for (int content = 0; content < strippedNumbers.length; content++) {
            int stripped = strippedNumbers[content];
            if (stripped != UNKNOWN) {
                int from = cell(before, held.contents().at(content));
                book.totals().takeTimes(cell(book.totals(), remaining.contents().at(stripped)), before, from);
            }
        }
    }

    private int cell(LedgerAccounts accounts, StepContent content) {
        return ContentSums.cell(accounts, taken.run(), book.modelOf(content), taken.attempt(), content);
    }

    private void load(RunHistory remaining, RunHistory.Track track, long from, long to, int content) {
        remaining.load(track.attempt(), track.source(), from, to, content);
        book.addToTotals(taken.run(), track.attempt(), remaining.contents().at(content), from, to);
    }
}
