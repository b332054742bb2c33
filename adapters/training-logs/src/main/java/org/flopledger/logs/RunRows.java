package org.flopledger.logs;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a logged run makes in a ledger: one a step where the log tells the size of steps, else one for everything so far.
 *
 * <p>Rows depend on what happened, not on how far the log goes: a log that has grown repeats the rows it made, but for the last.
 * Confined to one thread.
 */
final class RunRows {

    /** Who observed steps that a log tells one by one. */
    static final String STEPS = "log";

    /** Who observed a run that its log tells as a whole: the row stands for everything up to its step. */
    static final String WHOLE = "log, whole run";

    private final LoggedRun run;
    private final @Nullable FlopCount reported;
    private final List<StepRange> ranges;
    private final long mostSequences;

    private RunRows(LoggedRun run, @Nullable FlopCount reported, List<StepRange> ranges) {
        this.run = run;
        this.reported = reported;
        this.ranges = ranges;
        mostSequences = ranges.stream().mapToLong(StepRange::sequences).max().orElse(1);
    }

    /** Returns the rows of a run. */
    static RunRows of(LoggedRun run, RunCompute compute) {
        boolean fit = run.steps().stream().allMatch(RunRows::fits);
        FlopCount reported = compute.isClaimContradicted() ? null : run.reportedFlop();
        return new RunRows(run, reported, fit ? run.steps() : List.of());
    }

    private static boolean fits(StepRange range) {
        return range.sequences() <= Integer.MAX_VALUE
                && range.sequenceLength() <= Integer.MAX_VALUE
                && range.last() <= StepBlocks.MOST_STEPS;
    }

    boolean areSteps() {
        return !ranges.isEmpty();
    }

    String source() {
        return areSteps() ? STEPS : WHOLE;
    }

    /** Returns how far the rows go. */
    RunExtent extent() {
        if (!areSteps()) {
            Long tokens = run.progress().tokens();
            return new RunExtent(
                    wholeStep(),
                    tokens == null ? null : BigInteger.valueOf(tokens),
                    reported == null ? null : reported.toBigInteger());
        }
        BigInteger tokens = BigInteger.ZERO;
        long last = 0;
        for (StepRange range : ranges) {
            tokens = tokens.add(BigInteger.valueOf(range.count())
                    .multiply(BigInteger.valueOf(range.sequences() * range.sequenceLength())));
            last = Math.max(last, StepBlocks.rowEnd(range.last(), mostSequences));
        }
        return new RunExtent(last, tokens, null);
    }

    /** Returns tokens in a full step, or 0 if steps are not told or the run was restarted. */
    long tokensInStep() {
        boolean isPlain = areSteps() && ranges.stream().allMatch(range -> range.attempt() == 0);
        StepRange first = isPlain ? ranges.get(0) : null;
        return first == null ? 0 : first.sequences() * first.sequenceLength();
    }

    /** Returns how many steps the row holds that ends with a step. */
    long stepsInRow(long end) {
        return StepBlocks.stepsInRow(end, mostSequences);
    }

    private long wholeStep() {
        Long last = run.progress().lastStep();
        return last == null ? 0 : last;
    }

    /** Returns a walk over the rows, in order. */
    Iterator<Row> iterator() {
        if (areSteps()) {
            return new OfSteps();
        }
        var whole = new ArrayList<Row>();
        for (int earlier = 0; earlier < run.attempts() - 1; earlier++) {
            // What an earlier start did is not told: a row without a figure, so that nobody takes the figure for all of it.
            int attempt = earlier;
            whole.add(rows -> rows.attempt(attempt).step(wholeStep()).source(WHOLE));
        }
        whole.add(this::appendWhole);
        return whole.iterator();
    }

    /** One row, which can be written. */
    interface Row {

        /** Writes the columns that only this row has, and the keys but for the run. */
        void write(StepBatchBuilder rows);
    }

    private void appendWhole(StepBatchBuilder rows) {
        rows.attempt(run.attempts() - 1).step(wholeStep()).source(WHOLE);
        LoggedRun.Progress progress = run.progress();
        if (progress.tokens() != null) {
            rows.tokens(progress.tokens());
        }
        Long sequences = progress.sequences();
        if (sequences != null && sequences <= Integer.MAX_VALUE) {
            rows.sequences(sequences.intValue());
        }
        if (reported != null) {
            rows.reportedFlop(reported);
        }
        if (run.timing().end() != null) {
            rows.endedAt(run.timing().end());
        }
    }

    /** Walks over steps, and over the moments at which the log shows them done. */
    private final class OfSteps implements Iterator<Row> {

        private int at;
        private long step = ranges.get(0).first();
        private long samples;
        private int mark;

        @Override
        public boolean hasNext() {
            return at < ranges.size();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int attempt = ranges.get(at).attempt();
            long end = StepBlocks.rowEnd(step, mostSequences);
            var sums = new Sums();
            while (hasNext() && ranges.get(at).attempt() == attempt && step <= end) {
                StepRange range = ranges.get(at);
                long steps = Math.min(end, range.last()) - step + 1;
                sums.add(steps * range.sequences(), range.sequenceLength());
                step += steps;
                if (step > range.last()) {
                    nextRange(range);
                }
            }
            samples += sums.sequences;
            Instant shown = shownDone(attempt);
            return rows -> sums.write(rows.attempt(attempt).step(end).source(STEPS), shown);
        }

        private void nextRange(StepRange done) {
            at++;
            if (hasNext()) {
                StepRange next = ranges.get(at);
                step = next.first();
                if (next.attempt() != done.attempt()) {
                    samples = (next.first() - 1) * mostSequences;
                }
            }
        }

        private @Nullable Instant shownDone(int attempt) {
            List<LoggedRun.ProgressMark> marks = run.marks();
            while (mark < marks.size()
                    && (marks.get(mark).attempt() < attempt
                            || (marks.get(mark).attempt() == attempt && marks.get(mark).samples() < samples))) {
                mark++;
            }
            return mark < marks.size() ? marks.get(mark).time() : run.timing().end();
        }
    }

    /** What the steps of one row add up to. */
    private static final class Sums {

        private long sequences;
        private long tokens;
        private BigInteger squares = BigInteger.ZERO;

        void add(long more, long length) {
            sequences += more;
            tokens += more * length;
            squares = squares.add(BigInteger.valueOf(more * length).multiply(BigInteger.valueOf(length)));
        }

        void write(StepBatchBuilder rows, @Nullable Instant shown) {
            rows.sequences(Math.toIntExact(sequences)).tokens(tokens);
            // What is priced is the sequence; squares that are too large for their column are left unknown.
            if (squares.bitLength() < Long.SIZE) {
                rows.squaredLengths(squares.longValueExact());
            }
            if (shown != null) {
                rows.endedAt(shown);
            }
        }
    }
}
