package org.flopledger.internal.book;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flopledger.internal.bytes.StateFrame;
import org.flopledger.internal.bytes.StateWriter;
import org.flopledger.internal.fold.AccountState;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.RunHistory;
import org.flopledger.internal.history.StepContent;
import org.flopledger.internal.history.StepContentWords;
import org.flopledger.internal.history.StepContents;

/**
 * Writes a book as bytes. The layout is drawn in {@code accounting-core/docs/formats/book-state.md}.
 *
 * <p>Canonical: runs, models and sources are in order of their names, attempts and steps in order of their numbers, and the
 * contents of a run are numbered as they first appear in that order.
 */
final class BookState {

    /** The magic is "FLAB". */
    static final StateFrame FRAME =
            new StateFrame("book state", 0x42414c46, 2, "words of a content", StepContentWords.COUNT);

    /** What was written until there were generated tokens: the same without their word, which is the last. */
    static final StateFrame FRAME_1 =
            new StateFrame("book state", 0x42414c46, 1, "words of a content", StepContentWords.GENERATED_TOKENS);

    static final int CONSTANT = 0;
    static final int COLUMN = 1;

    private final AccountBook book;
    private final StateWriter out;
    private final SortedMap<String, Integer> models = new TreeMap<>();
    private final SortedMap<String, Integer> sources = new TreeMap<>();

    private BookState(AccountBook book, int most) {
        this.book = book;
        out = FRAME.begin(most);
    }

    /** Returns the bytes of a book; throws {@link StateWriter.StateTooLargeException} if they are more than allowed. */
    static byte[] write(AccountBook book, int most) {
        return new BookState(book, most).write();
    }

    private byte[] write() {
        LedgerAccounts totals = book.totals();
        out.putBlock(AccountState.write(totals.table(), totals.runNames(), totals.modelNames(), false));
        TreeSet<String> runs = new TreeSet<>(book.runs());
        runs.forEach(this::findNames);
        writeNames(models);
        writeNames(sources);
        out.putInt(runs.size());
        runs.forEach(this::writeRun);
        return FRAME.end(out);
    }

    /** Names that only refused rows had are not part of the state. */
    private void findNames(String run) {
        RunHistory history = book.history(run);
        StepContents contents = history.contents();
        for (int content = 0; content < contents.size(); content++) {
            int model = contents.at(content).model();
            if (model >= 0) {
                models.put(book.modelNames().name(model), 0);
            }
        }
        history.tracks().forEach(track -> sources.put(book.sourceNames().name(track.source()), 0));
    }

    private void writeNames(SortedMap<String, Integer> names) {
        out.putInt(names.size());
        int number = 0;
        for (var name : names.entrySet()) {
            name.setValue(number++);
            out.putText(name.getKey());
        }
    }

    private int source(RunHistory.Track track) {
        return sources.getOrDefault(book.sourceNames().name(track.source()), -1);
    }

    private void writeRun(String run) {
        out.putText(run);
        RunHistory history = book.history(run);
        List<RunHistory.Track> tracks = new ArrayList<>(history.tracks());
        tracks.sort(Comparator.comparingInt(RunHistory.Track::attempt).thenComparingInt(this::source));
        StepContents contents = history.contents();
        int[] order = new int[contents.size()];
        int[] ranks = new int[contents.size()];
        Arrays.fill(ranks, -1);
        int[] seen = {0};
        for (RunHistory.Track track : tracks) {
            track.steps().forEach(0, Long.MAX_VALUE, (first, last, content) -> {
                if (ranks[content] < 0) {
                    ranks[content] = seen[0];
                    order[seen[0]++] = content;
                }
            });
        }
        writeContents(contents, order);
        out.putInt(tracks.size());
        seen[0] = 0;
        tracks.forEach(track -> writeTrack(track, ranks, seen));
    }

    private void writeContents(StepContents contents, int[] order) {
        out.putInt(order.length);
        for (int word = 0; word < contents.words(); word++) {
            long[] column = new long[order.length];
            boolean isConstant = true;
            for (int i = 0; i < order.length; i++) {
                column[i] =
                        word == StepContentWords.MODEL ? model(contents.at(order[i])) : contents.word(word, order[i]);
                isConstant &= column[i] == column[0];
            }
            out.putByte(isConstant ? CONSTANT : COLUMN);
            for (int i = 0; i < (isConstant ? 1 : column.length); i++) {
                out.putLong(column[i]);
            }
        }
    }

    private long model(StepContent content) {
        String model = book.modelOf(content);
        return model == null ? 0 : 1L + models.getOrDefault(model, -1);
    }

    /** Writes intervals; a content is told by how many new ones came after it, so that the next new one is 0. */
    private void writeTrack(RunHistory.Track track, int[] ranks, int[] seen) {
        out.putInt(track.attempt());
        out.putInt(source(track));
        out.putInt(track.steps().intervals());
        long[] next = {0};
        track.steps().forEach(0, Long.MAX_VALUE, (first, last, content) -> {
            out.putVarint(first - next[0]);
            out.putVarint(last - first);
            out.putVarint(seen[0] - ranks[content]);
            seen[0] = Math.max(seen[0], ranks[content] + 1);
            next[0] = last + 1;
        });
    }
}
