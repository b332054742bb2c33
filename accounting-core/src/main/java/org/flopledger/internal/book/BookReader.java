package org.flopledger.internal.book;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.flopledger.account.CellTotals;
import org.flopledger.internal.bytes.StateFrame;
import org.flopledger.internal.bytes.StateInput;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.Names;
import org.flopledger.internal.fold.AccountState;
import org.flopledger.internal.fold.LedgerAccounts;
import org.flopledger.internal.history.RunHistory;
import org.flopledger.internal.history.StepContent;
import org.flopledger.internal.history.StepContentWords;
import org.flopledger.internal.history.StepContents;
import org.flopledger.internal.history.StepRows;
import org.jspecify.annotations.Nullable;

/**
 * Reads the untrusted bytes of a book. Only what a book writes is a book: names and keys in order and used,
 * contents distinct, intervals joined, and the stored totals equal to what the steps add up to.
 */
final class BookReader {

    private static final int MIN_NAME_BYTES = 4;
    private static final int MIN_TRACK_BYTES = 4 + 4 + 4 + 3;
    private static final int MIN_INTERVAL_BYTES = 3;

    private final StateInput in;
    private final int words;
    private final LedgerAccounts stored;
    private final AccountBook book;
    private final BitSet usedModels = new BitSet();
    private final BitSet usedSources = new BitSet();
    private final StepRows content = new StepRows(StepContentWords.COUNT);
    private long observations;

    private BookReader(StateInput in, int words, LedgerAccounts stored, AccountBook book) {
        this.in = in;
        this.words = words;
        this.stored = stored;
        this.book = book;
    }

    /**
     * Reads some bytes into a book that holds nothing.
     *
     * @throws IllegalArgumentException if the bytes are no book state; the book is then of no use
     */
    static void read(byte[] bytes, AccountBook book) {
        StateFrame frame = BookState.FRAME_1.isOf(bytes) ? BookState.FRAME_1 : BookState.FRAME;
        StateInput in = frame.open(bytes);
        byte[] totals = in.block("totals");
        LedgerAccounts stored;
        try {
            stored = LedgerAccounts.fromBytes(totals);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("book state: totals: " + e.getMessage(), e);
        }
        try {
            new BookReader(in, frame.shape(), stored, book).readAll(totals);
        } catch (ArithmeticException e) {
            // Sums that no number of valid rows makes.
            throw new IllegalArgumentException("book state: a sum is out of range: " + e.getMessage(), e);
        }
    }

    private void readAll(byte[] totals) {
        readNames("model", book.modelNames());
        readNames("source", book.sourceNames());
        int runs = in.count("runs", 0, 4 + 4 + 9 * words + 4);
        String before = null;
        for (int i = 0; i < runs; i++) {
            String run = in.name("run");
            requireAscending("run", before, run);
            readRun(run);
            before = run;
        }
        in.expectEnd("run");
        requireUsed("model", usedModels, book.modelNames());
        requireUsed("source", usedSources, book.sourceNames());
        checkTotals(totals);
    }

    private void readNames(String what, Names names) {
        int count = in.count(what + "s", 0, MIN_NAME_BYTES);
        String before = null;
        for (int i = 0; i < count; i++) {
            String name = in.name(what);
            requireAscending(what, before, name);
            before = name;
            int unused = names.number(name);
        }
    }

    private void requireAscending(String what, @Nullable String before, String name) {
        if (before != null && before.compareTo(name) >= 0) {
            throw in.broken(what + " does not come after the one before it, must be in order and listed once");
        }
    }

    private void requireUsed(String what, BitSet used, Names names) {
        if (used.cardinality() != names.all().size()) {
            throw in.broken((names.all().size() - used.cardinality()) + " " + what + "s are of no step, must be none");
        }
    }

    private void readRun(String run) {
        RunHistory history = book.history(run);
        int contents = readContents(history.contents());
        int tracks = in.count("attempts and sources", 1, MIN_TRACK_BYTES);
        int seen = 0;
        long key = -1;
        for (int i = 0; i < tracks; i++) {
            int attempt = in.number("attempt", 0, Integer.MAX_VALUE);
            int source = in.number("source", 0, book.sourceNames().all().size() - 1);
            long next = (long) attempt << 32 | source;
            if (next <= key) {
                throw in.broken("attempt " + attempt + " and source " + source
                        + " do not come after those before them, must be in order and listed once");
            }
            key = next;
            usedSources.set(source);
            seen = readTrack(new Place(run, history, attempt, source), seen);
        }
        if (seen != contents) {
            throw in.broken((contents - seen) + " contents are of no step, must be none");
        }
        history.settle();
    }

    private int readContents(StepContents contents) {
        int count = in.count("contents", 1, 1);
        long[][] columns = new long[StepContentWords.COUNT][];
        for (int word = 0; word < StepContentWords.COUNT; word++) {
            columns[word] = word < words ? readColumn(count) : new long[1];
        }
        for (int i = 0; i < count; i++) {
            content.batch(0, new long[0], new long[0]);
            for (int word = 0; word < StepContentWords.COUNT; word++) {
                long[] column = columns[word];
                content.word(word, column[Math.min(i, column.length - 1)]);
            }
            if (contents.numberOf(content, 0) != i) {
                throw in.broken("content " + i + " is that of another, must be distinct");
            }
            checkContent(contents.at(i));
        }
        return count;
    }

    private long[] readColumn(int count) {
        int kind = in.byteValue();
        if (kind == BookState.CONSTANT) {
            return new long[] {in.longValue()};
        }
        if (kind != BookState.COLUMN || count < 2 || in.remaining() / Long.BYTES < count) {
            // More contents than one differ in a column, which takes its bytes.
            throw in.broken("column of kind " + kind + " for " + count
                    + " contents, must be a constant or a column that is there");
        }
        long[] column = new long[count];
        boolean isConstant = true;
        for (int i = 0; i < count; i++) {
            column[i] = in.longValue();
            isConstant &= column[i] == column[0];
        }
        if (isConstant) {
            throw in.broken("column has one value, must be a constant");
        }
        return column;
    }

    private void checkContent(StepContent checked) {
        String fault = ContentCheck.fault(checked);
        if (fault != null) {
            throw in.broken(fault);
        }
        long model = checked.word(StepContentWords.MODEL);
        if (model < 0 || model > book.modelNames().all().size()) {
            throw in.broken("model of a content is " + model + ", must be from 0 to "
                    + book.modelNames().all().size());
        }
        if (model > 0) {
            usedModels.set((int) model - 1);
        }
    }

    /** Where the intervals of a track belong: what one source saw in one attempt of a run. */
    private record Place(String run, RunHistory history, int attempt, int source) {}

    /** Returns how many contents were seen, those of this track included. */
    private int readTrack(Place place, int seenBefore) {
        int seen = seenBefore;
        int contents = place.history.contents().size();
        int intervals = in.count("intervals", 1, MIN_INTERVAL_BYTES);
        long next = 0;
        int contentBefore = -1;
        for (int i = 0; i < intervals; i++) {
            long gap = in.varint("gap");
            long more = in.varint("length of an interval");
            long back = in.varint("content");
            if (next < 0 || gap > Long.MAX_VALUE - next || more > Long.MAX_VALUE - next - gap) {
                throw in.broken("interval ends after the greatest step");
            }
            if (back > seen || (back == 0 && seen == contents)) {
                throw in.broken("content is " + back + " before the next new one, must be one of " + seen
                        + " seen or a new one of " + contents);
            }
            int number = (int) (seen - back);
            if (i > 0 && gap == 0 && number == contentBefore) {
                throw in.broken("two intervals that touch have one content, must be one interval");
            }
            seen = Math.max(seen, number + 1);
            addInterval(place, next + gap, next + gap + more, number);
            next = next + gap + more + 1;
            contentBefore = number;
        }
        return seen;
    }

    private void addInterval(Place to, long first, long last, int number) {
        observations = Math.addExact(observations, Math.addExact(last - first, 1));
        to.history.load(to.attempt, to.source, first, last, number);
        book.addToTotals(to.run, to.attempt, to.history.contents().at(number), first, last);
    }

    private void checkTotals(byte[] totals) {
        LedgerAccounts derived = book.totals();
        takeTimes(derived);
        // Without pairs: they are of the formulas in use, not of the state.
        byte[] expected = AccountState.write(derived.table(), derived.runNames(), derived.modelNames(), false);
        // Totals of an older version are written as this one would.
        byte[] held = words == StepContentWords.COUNT
                ? totals
                : AccountState.write(stored.table(), stored.runNames(), stored.modelNames(), false);
        if (!Arrays.equals(expected, held)) {
            throw new IllegalArgumentException("book state: " + difference(derived));
        }
    }

    /** Takes over the one thing that contents do not tell: when the steps of a cell were seen. */
    private void takeTimes(LedgerAccounts derived) {
        CellTable from = stored.table();
        CellTable to = derived.table();
        for (int cell = 1; cell < from.end(); cell++) {
            int target = derived.cellLike(stored, cell);
            if (!Lanes.hasTimesInOrder(from.coldLanes(), cell * Lanes.COLD)) {
                throw new IllegalArgumentException("book state: totals of run '"
                        + stored.runNames().name(from.run(cell)) + "' end before they start");
            }
            if (target != CellTable.WASTE) {
                Lanes.addTimes(to.coldLanes(), target * Lanes.COLD, from.coldLanes(), cell * Lanes.COLD);
            }
        }
    }

    private String difference(LedgerAccounts derived) {
        List<String> runs = derived.runs();
        for (String run : runs) {
            for (CellTotals cell : derived.totals(run).cells()) {
                long held = stored.totals(run)
                        .where(other -> other.attempt() == cell.attempt())
                        .observations();
                long steps = derived.totals(run)
                        .where(other -> other.attempt() == cell.attempt())
                        .observations();
                if (held != steps) {
                    return "totals of run '" + run + "', attempt " + cell.attempt() + ", hold " + held
                            + " observations, must hold the " + steps + " of its steps";
                }
            }
            if (!Arrays.equals(stored.copyOf(run).toBytes(), derived.copyOf(run).toBytes())) {
                return "totals of run '" + run + "' are not what its steps add up to";
            }
        }
        return "totals are of runs without steps, or not in order";
    }
}
