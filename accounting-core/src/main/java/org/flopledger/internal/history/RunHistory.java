package org.flopledger.internal.history;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.collections.impl.map.mutable.primitive.IntObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of one run were observed, in which attempt, by whom and with what content; and which of them a later attempt
 * threw away.
 *
 * <p><b>Identity.</b> A step is held once for each (attempt, source). The same content again is a duplicate, other content
 * a conflict; either is kept out, the first in arrival order stays. Nothing is forgotten, so a repeat is found over the
 * whole life of the run.
 *
 * <p><b>Restarts.</b> An attempt's <i>start</i> is its lowest step that updates weights, by any source. An attempt is <i>cut</i>
 * at the lowest start of all later attempts: its steps from there on are discarded, the others are retained. The definition
 * speaks of the set of steps only, so arrival order does not matter: a cut moves down as steps become known, never up, and
 * each step passes from retained to discarded at most once. An evaluation of the checkpoint a later attempt resumed from
 * moves no cut.
 *
 * <p>Memory: about 600 bytes for a run of one attempt and source, 20 bytes for each stretch of consecutive steps with equal
 * content, and the distinct contents ({@link StepContents}). Confined to one thread.
 */
public final class RunHistory {

    /** Receives steps of one content that were counted before and turn out to be discarded. */
    public interface DiscardedSteps {
        void discard(int attempt, StepContent content, long steps);
    }

    /** Says whether steps of a content update weights, so that an attempt which holds one has resumed at or before it. */
    public interface UpdatesWeights {
        boolean test(StepContent content);
    }

    /** Receives what is held, attempts ascending, then sources in no order, then steps ascending. */
    public interface Visitor {
        public void steps(int attempt, int source, long first, long last, int content, boolean discarded);
    }

    private static final long NEVER = Long.MAX_VALUE;

    private static final class Attempt {
        private final int number;
        private final IntObjectHashMap<StepIntervals> sources = new IntObjectHashMap<>(2);
        private long start = NEVER;
        private long cut = NEVER;

        /** The source asked for last, and its steps: mostly the one asked for next. */
        private int lastSource;

        private @Nullable StepIntervals lastSteps;

        Attempt(int number) {
            this.number = number;
        }

        StepIntervals steps(int source) {
            StepIntervals found = lastSteps;
            if (found == null || lastSource != source) {
                found = sources.getIfAbsentPut(source, StepIntervals::new);
                lastSource = source;
                lastSteps = found;
            }
            return found;
        }
    }

    private final StepContents contents;
    private final UpdatesWeights updatesWeights;
    private final DiscardedSteps discardedSteps;
    private final List<Attempt> attempts = new ArrayList<>(1);

    /**
     * Creates the history of a run of which nothing is known.
     *
     * @param contentWords number of words of a row's content
     * @param updatesWeights which contents are optimizer steps
     * @param discardedSteps told of every step that is discarded, exactly once each
     */
    public RunHistory(int contentWords, UpdatesWeights updatesWeights, DiscardedSteps discardedSteps) {
        contents = new StepContents(contentWords);
        this.updatesWeights = updatesWeights;
        this.discardedSteps = discardedSteps;
    }

    /** Returns the distinct contents of this run. */
    public StepContents contents() {
        return contents;
    }

    /** Returns how many attempts have reported a step. */
    public int attempts() {
        return attempts.size();
    }

    /** Returns the step from which on an attempt's steps are discarded, or {@link Long#MAX_VALUE} when all are retained. */
    public long cutOf(int attempt) {
        int at = indexOf(attempt);
        return at < 0 ? NEVER : attempts.get(at).cut;
    }

    /** Returns the number of (attempt, source, step) observations held. */
    public long observations() {
        long observations = 0;
        for (Attempt attempt : attempts) {
            for (StepIntervals intervals : attempt.sources) {
                observations += intervals.steps();
            }
        }
        return observations;
    }

    /** Shows everything held; cost is linear in the number of intervals. */
    public void forEach(Visitor visitor) {
        for (Attempt attempt : attempts) {
            attempt.sources.forEachKeyValue((source, intervals) ->
                    intervals.forEach(0, NEVER, (first, last, content) -> {
                        long lastRetained = attempt.cut == NEVER ? NEVER : attempt.cut - 1;
                        if (first <= lastRetained) {
                            visitor.steps(attempt.number, source, first, Math.min(last, lastRetained), content, false);
                        }
                        if (last > lastRetained) {
                            visitor.steps(attempt.number, source, Math.max(first, attempt.cut), last, content, true);
                        }
                    }));
        }
    }

    /**
     * Takes in accepted rows with one attempt and source, consecutive steps and equal content, and rejects the repeats.
     *
     * @return how many of the rows were new
     */
    int admit(StepRows rows, int from, int to, StepRepeats repeats) {
        Attempt attempt = attempt(rows.attemptAt(from));
        StepIntervals intervals = attempt.steps(rows.sourceAt(from));
        long first = rows.stepAt(from);
        if (intervals.isFree(first, first + (to - from - 1))) {
            add(attempt, intervals, first, first + (to - from - 1), contents.numberOf(rows, from));
            return to - from;
        }
        int added = 0;
        for (int row = from; row < to; row++) {
            int held = intervals.contentAt(rows.stepAt(row));
            if (held == StepIntervals.ABSENT) {
                add(attempt, intervals, rows.stepAt(row), rows.stepAt(row), contents.numberOf(rows, row));
                added++;
            } else {
                rows.reject(row);
                repeats.count(row, contents.matches(held, rows, row));
            }
        }
        return added;
    }

    /** The steps that one source reported in one attempt. */
    public record Track(int attempt, int source, StepIntervals steps) {}

    /** Returns what is held by attempt and source: attempts ascending, sources in no order. The steps are not copied. */
    public List<Track> tracks() {
        List<Track> tracks = new ArrayList<>();
        for (Attempt attempt : attempts) {
            attempt.sources.forEachKeyValue((source, steps) -> tracks.add(new Track(attempt.number, source, steps)));
        }
        return tracks;
    }

    /** Returns the steps of a source in an attempt; empty ones that are not kept if there are none. */
    public StepIntervals steps(int attempt, int source) {
        int at = indexOf(attempt);
        StepIntervals held = at < 0 ? null : attempts.get(at).sources.get(source);
        return held == null ? new StepIntervals() : held;
    }

    /** Takes in consecutive steps of one content of {@link #contents}, none of which may be held. */
    public void add(int attempt, int source, long first, long last, int content) {
        Attempt to = attempt(attempt);
        add(to, to.sources.getIfAbsentPut(source, StepIntervals::new), first, last, content);
    }

    /** Takes in steps as {@link #add} does, attempts ascending, but moves no cut: call {@link #settle} after the last. */
    public void load(int attempt, int source, long first, long last, int content) {
        Attempt to = attempt(attempt);
        to.sources.getIfAbsentPut(source, StepIntervals::new).add(first, last, content);
        if (first < to.start && updatesWeights.test(contents.at(content))) {
            to.start = first;
        }
    }

    /** Cuts the attempts of a history that was loaded, in one pass however many there are, and tells what is discarded. */
    public void settle() {
        long start = NEVER;
        for (int at = attempts.size() - 1; at >= 0; at--) {
            if (start < NEVER) {
                cut(attempts.get(at), start);
            }
            start = Math.min(start, attempts.get(at).start);
        }
    }

    private void add(Attempt attempt, StepIntervals intervals, long first, long last, int content) {
        intervals.add(first, last, content);
        if (attempt.cut != NEVER && last >= attempt.cut) {
            discardedSteps.discard(attempt.number, contents.at(content), last - Math.max(first, attempt.cut) + 1);
        }
        if (first < attempt.start && updatesWeights.test(contents.at(content))) {
            attempt.start = first;
            // Cuts never fall from an attempt to the next: before one that is low enough, all are.
            for (int at = indexOf(attempt.number) - 1; at >= 0 && first < attempts.get(at).cut; at--) {
                cut(attempts.get(at), first);
            }
        }
    }

    private void cut(Attempt attempt, long from) {
        long before = attempt.cut;
        attempt.cut = from;
        for (StepIntervals intervals : attempt.sources) {
            intervals.forEach(
                    from,
                    before == NEVER ? NEVER : before - 1,
                    (first, last, content) ->
                            discardedSteps.discard(attempt.number, contents.at(content), last - first + 1));
        }
    }

    private Attempt attempt(int number) {
        int at = indexOf(number);
        if (at >= 0) {
            return attempts.get(at);
        }
        Attempt added = new Attempt(number);
        attempts.add(-at - 1, added);
        int next = -at;
        if (next < attempts.size()) {
            added.cut = Math.min(attempts.get(next).cut, attempts.get(next).start);
        }
        return added;
    }

    /** Returns the place of an attempt, or where it would be inserted as {@code -place - 1}. */
    private int indexOf(int number) {
        int low = 0;
        int high = attempts.size();
        // Nearly always the last one, or after it.
        if (high > 0 && attempts.get(high - 1).number <= number) {
            return attempts.get(high - 1).number == number ? high - 1 : -high - 1;
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (attempts.get(middle).number < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < attempts.size() && attempts.get(low).number == number ? low : -low - 1;
    }
}
