package org.flopledger.logs.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Makes steps of the rows that a tracker wrote.
 *
 * <p>A row at step s tells of all steps since the row before, (r, s]. Where the numbers go back, the run was started again, and
 * what was made twice was paid twice. A first row far behind the first step means that an earlier part of the log is missing: its
 * steps are not invented. Confined to one thread; usable once.
 */
final class MetricSteps {

    private static final int MOST_GAPS = 1_000;
    /** Whole numbers above this are not told apart by a double. */
    private static final double LARGEST = 0x1p53;

    private final LoggedStepsBuilder steps = LoggedSteps.builder();
    private final Series ticks;
    private final @Nullable Counted tokens;
    private final @Nullable Counted sequences;
    private final @Nullable Long declaredFirst;
    private final Stage stage;
    private long length;
    private boolean beginsLater;
    private long refused;
    private long again;

    MetricSteps(
            Series ticks,
            @Nullable Counted tokens,
            @Nullable Counted sequences,
            @Nullable Long declaredFirst,
            Stage stage) {
        this.ticks = ticks;
        this.tokens = tokens;
        this.sequences = sequences;
        this.declaredFirst = declaredFirst;
        this.stage = stage;
    }

    /**
     * Says that sequences have at most so many tokens, and so many of them make a batch: where every row's tokens are whole batches
     * of that length, all sequences have it.
     */
    MetricSteps declaredLength(long longest, long batch) {
        Counted counted = tokens;
        boolean whole = counted != null && longest > 0;
        for (int i = 0; counted != null && whole && i < ticks.size(); i++) {
            double now = counted.at(i);
            whole = Double.isNaN(now) || (now < LARGEST && now % ((double) longest * batch) == 0);
        }
        length = whole ? longest : 0;
        return this;
    }

    /** What a column says at each row: a value, or NaN. */
    static final class Counted {

        private final double[] atTick;
        private final Column.Counts counts;

        Counted(double[] atTick, Column.Counts counts) {
            this.atTick = atTick;
            this.counts = counts;
        }

        Column.Counts counts() {
            return counts;
        }

        /** Returns the value at a row, or NaN. */
        double at(int tick) {
            return atTick[tick];
        }

        /** Returns the counts of so many processes. */
        Counted times(long processes) {
            return new Counted(
                    Arrays.stream(atTick).map(each -> each * processes).toArray(), counts);
        }

        /** Returns what the steps of a row took together, or -1 if it is not known. */
        long of(int tick, int before, boolean fromStart) {
            double now = atTick[tick];
            if (!(now >= 0) || now >= LARGEST) {
                return -1;
            }
            if (counts != Column.Counts.TOTAL) {
                return Math.round(now);
            }
            double earlier = before >= 0 ? atTick[before] : fromStart ? 0 : Double.NaN;
            return now >= earlier ? Math.round(now) - Math.round(earlier) : -1;
        }
    }

    /** Makes the steps. */
    LoggedStepsBuilder make() {
        int from = 0;
        while (from < ticks.size()) {
            int to = from + 1;
            while (to < ticks.size() && ticks.step(to) > ticks.step(to - 1)) {
                to++;
            }
            if (from > 0) {
                steps.newAttempt();
            }
            attempt(from, to);
            from = to;
        }
        return steps;
    }

    /** Returns whether the log begins after the first steps of the run. */
    boolean beginsLater() {
        return beginsLater;
    }

    /** Returns how many rows made no sense. */
    long refused() {
        return refused;
    }

    /** Returns how many steps were made again after a restart. */
    long again() {
        return again;
    }

    private void attempt(int from, int to) {
        long gap = usualGap(from, to);
        long before = beforeFirst(from, gap);
        int earlier = from == 0 ? -1 : tickAt(before, from);
        boolean fromStart = from == 0 && !beginsLater;
        if (from > 0) {
            again += Math.max(0, ticks.step(from - 1) - before);
            fromStart = startsOver(from, earlier);
            earlier = fromStart ? -1 : earlier;
        }
        for (int i = from; i < to; i++) {
            row(i, before, earlier, fromStart);
            before = ticks.step(i);
            earlier = i;
            fromStart = false;
        }
    }

    /** Some trainers count from 0 again in every process, others go on from what the checkpoint says. */
    private boolean startsOver(int tick, int earlier) {
        if (tokens == null || tokens.counts() != Column.Counts.TOTAL || earlier < 0) {
            return false;
        }
        return tokens.at(tick) < tokens.at(earlier);
    }

    /** Returns the last row before an attempt that is at a step, or -1. */
    private int tickAt(long step, int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (ticks.step(i) == step) {
                return i;
            }
        }
        return -1;
    }

    private long beforeFirst(int from, long gap) {
        long first = ticks.step(from);
        long start = declaredFirst != null ? declaredFirst : guessedFirst(first, gap);
        long reach = gap == 0 ? Long.MAX_VALUE : gap;
        if (first - start < reach && from == 0) {
            return start - 1;
        } else if (from > 0) {
            return Math.max(start - 1, first - Math.max(1, gap));
        }
        beginsLater = true;
        return first - Math.max(1, gap);
    }

    /** Rows at 0, 10, 20 or at 9, 19, 29 count steps from 0; rows at 10, 20, 30 count from 1. */
    private static long guessedFirst(long first, long gap) {
        return first == 0 || (gap > 1 && (first + 1) % gap == 0) ? 0 : 1;
    }

    /** Returns the most frequent distance of rows, among equals the smallest; 0 if there is one row only. */
    private long usualGap(int from, int to) {
        Map<Long, Integer> counts = new HashMap<>();
        for (int i = from + 1; i < to; i++) {
            long gap = ticks.step(i) - ticks.step(i - 1);
            if (counts.size() < MOST_GAPS || counts.containsKey(gap)) {
                counts.merge(gap, 1, Integer::sum);
            }
        }
        long usual = 0;
        int most = 0;
        for (Map.Entry<Long, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > most || (entry.getValue() == most && entry.getKey() < usual)) {
                most = entry.getValue();
                usual = entry.getKey();
            }
        }
        return usual;
    }

    private void row(int tick, long before, int earlier, boolean fromStart) {
        long first = before + 1;
        long count = ticks.step(tick) - before;
        long tokensOfRow = tokens == null ? -1 : tokens.of(tick, earlier, fromStart);
        long sequencesOfRow = sequences == null ? -1 : sequences.of(tick, earlier, fromStart);
        if (count > 1 && isOfOneStep()) {
            // The row tells of its own step; nobody says what the others took.
            add(first, count - 1, -1, -1, Series.NO_TIME);
            add(ticks.step(tick), 1, tokensOfRow, sequencesOfRow, ticks.micros(tick));
            return;
        }
        long more =
                Math.max(tokensOfRow < 0 ? 0 : tokensOfRow % count, sequencesOfRow < 0 ? 0 : sequencesOfRow % count);
        if (more == 0) {
            add(first, count, each(tokensOfRow, count), each(sequencesOfRow, count), ticks.micros(tick));
            return;
        }
        spread(first, count, tokensOfRow, sequencesOfRow, ticks.micros(tick));
    }

    private boolean isOfOneStep() {
        return (tokens != null && tokens.counts() == Column.Counts.STEP)
                || (sequences != null && sequences.counts() == Column.Counts.STEP);
    }

    private static long each(long total, long count) {
        return total < 0 ? -1 : total / count;
    }

    /** Gives the remainder of a division to the first steps, so that the sum is exact. */
    private void spread(long first, long count, long tokensOfRow, long sequencesOfRow, long micros) {
        long tokensMore = tokensOfRow < 0 ? 0 : tokensOfRow % count;
        long sequencesMore = sequencesOfRow < 0 ? 0 : sequencesOfRow % count;
        long one = Math.min(tokensMore, sequencesMore);
        long two = Math.max(tokensMore, sequencesMore);
        long tokensEach = each(tokensOfRow, count);
        long sequencesEach = each(sequencesOfRow, count);
        if (one > 0) {
            add(first, one, tokensEach + 1, sequencesEach + 1, Series.NO_TIME);
        }
        if (two > one) {
            add(
                    first + one,
                    two - one,
                    tokensMore > one ? tokensEach + 1 : tokensEach,
                    sequencesMore > one ? sequencesEach + 1 : sequencesEach,
                    Series.NO_TIME);
        }
        add(first + two, count - two, tokensEach, sequencesEach, micros);
    }

    private void add(long first, long count, long tokensEach, long sequencesEach, long micros) {
        steps.steps(first, count).stage(stage);
        if (length > 0 && tokensEach > 0 && tokensEach % length == 0) {
            steps.sequences(tokensEach / length, length);
        } else if (tokensEach >= 0) {
            steps.tokens(tokensEach);
        }
        if (sequencesEach >= 0) {
            steps.sequences(sequencesEach);
        }
        if (micros != Series.NO_TIME && micros >= 0) {
            steps.endedAtMicros(micros);
        }
        if (!steps.add()) {
            refused++;
        }
    }
}
