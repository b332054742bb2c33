package org.flopledger.internal.book;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.flopledger.internal.history.RunHistory;
import org.flopledger.internal.history.StepContent;
import org.flopledger.internal.history.StepContentWords;
import org.flopledger.internal.history.StepContents;

/** Selects steps of one run by what they cost. Linear in the contents and intervals of the run. Confined to one thread. */
final class StepSelection {

    private final AccountBook book;
    private final String run;
    private final AccountBook.WorkTest test;

    StepSelection(AccountBook book, String run, AccountBook.WorkTest test) {
        this.book = book;
        this.run = run;
        this.test = test;
    }

    /** Returns the longest spans of selected steps, by attempt, source and step. */
    List<StepSpan> spans() {
        RunHistory history = book.find(run);
        List<StepSpan> spans = new ArrayList<>();
        boolean[] selected = history == null ? new boolean[0] : selected(history.contents());
        if (history == null || !anyOf(selected)) {
            return spans;
        }
        List<RunHistory.Track> tracks = new ArrayList<>(history.tracks());
        tracks.sort(Comparator.comparingInt(RunHistory.Track::attempt)
                .thenComparing(track -> book.sourceNames().name(track.source())));
        for (RunHistory.Track track : tracks) {
            add(track, selected, spans);
        }
        return spans;
    }

    private boolean[] selected(StepContents contents) {
        boolean[] selected = new boolean[contents.size()];
        for (int number = 0; number < selected.length; number++) {
            StepContent content = contents.at(number);
            selected[number] = test.test(
                    book.modelOf(content),
                    content.word(StepContentWords.TOKENS),
                    content.word(StepContentWords.SEQUENCES),
                    content.word(StepContentWords.SQUARED));
        }
        return selected;
    }

    private static boolean anyOf(boolean[] selected) {
        for (boolean one : selected) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    private void add(RunHistory.Track track, boolean[] selected, List<StepSpan> spans) {
        String source = book.sourceNames().name(track.source());
        List<long[]> joined = new ArrayList<>();
        track.steps().forEach(0, Long.MAX_VALUE, (first, last, content) -> {
            if (!selected[content]) {
                return;
            }
            long[] before = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (before != null && before[1] + 1 == first) {
                before[1] = last;
            } else {
                joined.add(new long[] {first, last});
            }
        });
        joined.forEach(span -> spans.add(new StepSpan(run, track.attempt(), source, span[0], span[1])));
    }
}
