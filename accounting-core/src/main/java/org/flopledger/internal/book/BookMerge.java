package org.flopledger.internal.book;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.history.RunHistory;
import org.flopledger.internal.history.StepContent;
import org.flopledger.internal.history.StepContentWords;
import org.flopledger.internal.history.StepContents;
import org.flopledger.internal.history.StepIntervals;
import org.flopledger.internal.history.StepRows;

/**
 * Takes the steps of one book into another: checks first, without changing anything, then adds what is new.
 *
 * <p>Sums are made of the contents of the steps that are added, never of the other book's sums, so nothing that both hold is
 * counted twice. Confined to one thread.
 */
public final class BookMerge {

    private static final int UNKNOWN = -2;
    private static final int ABSENT = -1;

    private final AccountBook into;
    private final AccountBook from;
    private final StepRows content = new StepRows(StepContentWords.COUNT);

    BookMerge(AccountBook into, AccountBook from) {
        this.into = into;
        this.from = from;
        content.batch(0, new long[0], new long[0]);
    }

    /**
     * Refuses what cannot be merged.
     *
     * @throws IllegalArgumentException as {@link AccountBook#merge} says
     */
    void check() {
        long observations = 0;
        for (String run : from.runs()) {
            observations = requireRange(observations, from.history(run).observations());
            RunHistory held = into.find(run);
            if (held != null) {
                checkOverlap(run, held, from.history(run));
            }
        }
        for (String run : into.runs()) {
            observations = requireRange(observations, into.history(run).observations());
        }
        checkRanges();
    }

    private static long requireRange(long observations, long more) {
        if (observations > Long.MAX_VALUE - more) {
            throw new IllegalArgumentException("books hold more than 2^63 observations together, must hold fewer");
        }
        return observations + more;
    }

    private void checkRanges() {
        CellTable table = from.totals().table();
        for (int cell = 1; cell < table.end(); cell++) {
            int held = into.totals().cellLike(from.totals(), cell);
            if (held != CellTable.WASTE
                    && !Lanes.fitTogether(
                            into.totals().table().coldLanes(),
                            held * Lanes.COLD,
                            table.coldLanes(),
                            cell * Lanes.COLD)) {
                throw new IllegalArgumentException(
                        "a sum of run '" + from.totals().runNames().name(table.run(cell)) + "' would be out of range");
            }
        }
    }

    private void checkOverlap(String run, RunHistory held, RunHistory other) {
        int[] numbers = new int[other.contents().size()];
        Arrays.fill(numbers, UNKNOWN);
        for (RunHistory.Track track : other.tracks()) {
            int source = into.sourceNames().find(from.sourceNames().name(track.source()));
            StepIntervals steps = held.steps(track.attempt(), source);
            track.steps().forEach(0, Long.MAX_VALUE, (first, last, number) -> {
                steps.forEach(first, last, (sameFirst, sameLast, heldNumber) -> {
                    if (numbers[number] == UNKNOWN) {
                        numbers[number] = find(held.contents(), other.contents().at(number));
                    }
                    if (numbers[number] != heldNumber) {
                        throw conflict(run, track.attempt(), sameFirst, sameLast);
                    }
                });
            });
        }
    }

    private static ContentConflictException conflict(String run, int attempt, long first, long last) {
        return new ContentConflictException("run '" + run + "', attempt " + attempt + ", steps " + first + " to " + last
                + ": both books hold them from one source with different content, must be equal; nothing was merged");
    }

    /** Returns the number of a content of the other book in this one's contents, or -1. */
    private int find(StepContents contents, StepContent other) {
        String model = from.modelOf(other);
        int same = model == null ? -1 : into.modelNames().find(model);
        return model != null && same < 0 ? ABSENT : contents.find(row(other, same), 0);
    }

    private StepRows row(StepContent other, int model) {
        for (int word = 0; word < StepContentWords.COUNT; word++) {
            content.word(word, word == StepContentWords.MODEL ? model + 1L : other.word(word));
        }
        return content;
    }

    /** Adds the steps of one run up to a step of an attempt to this book, which does not hold the run. */
    void apply(String run, int lastAttempt, long lastStep) {
        RunHistory history = into.history(run);
        RunHistory other = from.history(run);
        for (RunHistory.Track track : other.tracks()) {
            if (track.attempt() <= lastAttempt) {
                int source = into.sourceNames().number(from.sourceNames().name(track.source()));
                long most = track.attempt() == lastAttempt ? lastStep : Long.MAX_VALUE;
                track.steps().forEach(0, most, (first, last, content) -> {
                    int number = numberOf(history.contents(), other.contents().at(content));
                    history.add(track.attempt(), source, first, last, number);
                    into.addToTotals(run, track.attempt(), history.contents().at(number), first, last);
                });
            }
        }
    }

    /** Adds what is new; after {@link #check}. */
    void apply() {
        for (String run : from.runs()) {
            take(run, into.history(run), from.history(run));
        }
        CellTable others = from.totals().table();
        for (int cell = 1; cell < others.end(); cell++) {
            int held = into.totals().cellLike(from.totals(), cell);
            Lanes.addTimes(into.totals().table().coldLanes(), held * Lanes.COLD, others.coldLanes(), cell * Lanes.COLD);
        }
    }

    private void take(String run, RunHistory history, RunHistory other) {
        int[] numbers = new int[other.contents().size()];
        Arrays.fill(numbers, UNKNOWN);
        for (RunHistory.Track track : other.tracks()) {
            int source = into.sourceNames().number(from.sourceNames().name(track.source()));
            for (Gap gap : gaps(track.steps(), history.steps(track.attempt(), source))) {
                if (numbers[gap.content] == UNKNOWN) {
                    numbers[gap.content] =
                            numberOf(history.contents(), other.contents().at(gap.content));
                }
                int number = numbers[gap.content];
                history.add(track.attempt(), source, gap.first, gap.last, number);
                into.addToTotals(run, track.attempt(), history.contents().at(number), gap.first, gap.last);
            }
        }
    }

    private int numberOf(StepContents contents, StepContent other) {
        String model = from.modelOf(other);
        int same = model == null ? -1 : into.modelNames().number(model);
        return contents.numberOf(row(other, same), 0);
    }

    /** Steps of the other book that this one lacks. */
    private record Gap(long first, long last, int content) {}

    private static List<Gap> gaps(StepIntervals others, StepIntervals held) {
        List<Gap> gaps = new ArrayList<>();
        others.forEach(0, Long.MAX_VALUE, (first, last, content) -> {
            long[] next = {first};
            boolean[] isDone = {false};
            held.forEach(first, last, (heldFirst, heldLast, same) -> {
                if (heldFirst > next[0]) {
                    gaps.add(new Gap(next[0], heldFirst - 1, content));
                }
                isDone[0] = heldLast == last;
                next[0] = heldLast + 1;
            });
            if (!isDone[0]) {
                gaps.add(new Gap(next[0], last, content));
            }
        });
        return gaps;
    }
}
