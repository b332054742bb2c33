package org.flopledger.logs;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a logged run makes in a ledger: one a step where the log tells of steps, else one for everything so far.
 *
 * <p>Rows depend on what happened, not on how far the log goes: a log that has grown repeats the rows it made, but for the last.
 * Confined to one thread.
 */
final class RunRows {

    /** Who observed steps that a log tells one by one. */
    static final String STEPS = "log";

    /** Who observed a run that its log tells as a whole: the row stands for everything up to its step. */
    static final String WHOLE = "log, whole run";

    private static final String BEGINNING = "log, ";
    private static final int MOST_EARLIER = 1_000;

    private final LoggedRun run;
    private final @Nullable FlopCount reported;

    private final StepBlocks blocks;

    private RunRows(LoggedRun run, @Nullable FlopCount reported) {
        this.run = run;
        this.reported = reported;
        LoggedSteps.Cursor steps = run.observations().cursor();
        blocks = new StepBlocks(steps.next() && steps.has(StepField.SEQUENCES) ? steps.value(StepField.SEQUENCES) : 1);
    }

    /** Returns the rows of a run. */
    static RunRows of(LoggedRun run, RunCompute compute) {
        // A claim that was turned back into what it counts stands behind the figures already.
        boolean isUsed = compute.isClaimContradicted() || run.isPricedByWork();
        return new RunRows(run, isUsed ? null : run.reportedFlop());
    }

    /** Returns the rows of a run whose figures have not been judged. */
    static RunRows of(LoggedRun run) {
        return new RunRows(run, run.isPricedByWork() ? null : run.reportedFlop());
    }

    /** Returns whether an observer is a log. */
    static boolean isLog(String source) {
        return source.equals(STEPS) || source.startsWith(BEGINNING);
    }

    /** Returns who observed a kind of work. */
    private static String source(LoggedWork work) {
        return work.name().isEmpty() ? WHOLE : BEGINNING + work.name();
    }

    /** Returns the key of a kind of work, given that of the model. */
    static String key(String model, LoggedWork work) {
        String named = work.name().isEmpty() ? model : model + ": " + work.name();
        return work.variant().isEmpty() ? named : named + " (" + work.variant() + ")";
    }

    /** Returns whether a row holds what the framework reported. */
    boolean hasClaims() {
        return areSteps() ? tellsClaims(run.observations()) : reported != null;
    }

    private static boolean tellsClaims(LoggedSteps steps) {
        LoggedSteps.Cursor row = steps.cursor();
        while (row.next()) {
            if (row.reportedFlop() != null) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the log tells of steps. */
    boolean areSteps() {
        return run.observations().rows() > 0;
    }

    /** Returns how far the rows go. */
    RunExtent extent() {
        if (!areSteps()) {
            return new RunExtent(wholeStep(), wholeTokens(), reported == null ? null : reported.toBigInteger());
        }
        BigInteger tokens = null;
        long last = 0;
        LoggedSteps.Cursor steps = run.observations().cursor();
        while (steps.next()) {
            last = Math.max(last, blocks.rowEnd(steps.first() + steps.count() - 1));
        }
        tokens = plusTokens(tokens, run.observations());
        for (LoggedWork work : run.work()) {
            tokens = plusTokens(tokens, work.steps());
        }
        return new RunExtent(last, plus(tokens, tokensOf(run.work().stream().skip(1))), null);
    }

    private static @Nullable BigInteger plusTokens(@Nullable BigInteger before, LoggedSteps told) {
        BigInteger tokens = before;
        LoggedSteps.Cursor steps = told.cursor();
        while (steps.next()) {
            if (steps.has(StepField.TOKENS)) {
                BigInteger more =
                        BigInteger.valueOf(steps.count()).multiply(BigInteger.valueOf(steps.value(StepField.TOKENS)));
                tokens = tokens == null ? more : tokens.add(more);
            }
        }
        return tokens;
    }

    private @Nullable BigInteger wholeTokens() {
        if (run.work().isEmpty()) {
            Long tokens = run.progress().tokens();
            return tokens == null ? null : BigInteger.valueOf(tokens);
        }
        return tokensOf(run.work().stream());
    }

    private static @Nullable BigInteger tokensOf(Stream<LoggedWork> work) {
        BigInteger sum = null;
        for (LoggedWork each : (Iterable<LoggedWork>) work::iterator) {
            Long tokens = each.tokens();
            sum = plus(sum, tokens == null ? null : BigInteger.valueOf(tokens));
        }
        return sum;
    }

    private static @Nullable BigInteger plus(@Nullable BigInteger one, @Nullable BigInteger other) {
        return one == null ? other : other == null ? one : one.add(other);
    }

    /**
     * Returns whether something that ended earlier can be the beginning of these rows, as far as the size of steps tells: only its
     * last step may be a part of one.
     */
    boolean canHold(RunExtent earlier, int attempts) {
        long size = attempts > 1 ? 0 : tokensInStep();
        BigInteger tokens = earlier.tokens();
        if (size == 0 || tokens == null || earlier.lastStep() == 0) {
            return true;
        }
        long last = earlier.lastStep();
        BigInteger most = BigInteger.valueOf(last).multiply(BigInteger.valueOf(size));
        BigInteger least = most.subtract(BigInteger.valueOf(size).multiply(BigInteger.valueOf(stepsInRow(last))));
        return tokens.compareTo(least) > 0 && tokens.compareTo(most) <= 0;
    }

    /** Returns tokens in each full step of a run that was never restarted, or 0 if they differ or are not told. */
    private long tokensInStep() {
        if (run.work().stream().anyMatch(work -> work.steps().rows() > 0)) {
            return 0;
        }
        LoggedSteps.Cursor steps = run.observations().cursor();
        long size = 0;
        for (int row = 0; steps.next(); row++) {
            boolean isRegular = row == 0 ? steps.first() == 1 : row == 1 && steps.count() == 1;
            if (!isRegular || steps.attempt() > 0 || !steps.has(StepField.TOKENS)) {
                return 0;
            }
            size = Math.max(size, steps.value(StepField.TOKENS));
        }
        return size;
    }

    private long stepsInRow(long end) {
        return blocks.stepsInRow(end);
    }

    private long wholeStep() {
        Long last = run.progress().lastStep();
        return last == null ? 0 : last;
    }

    /** Returns a walk over the rows, in order. */
    Iterator<Row> iterator() {
        if (areSteps()) {
            var parts = new ArrayList<Iterator<Row>>();
            parts.add(new OfSteps(run.observations(), STEPS, null));
            run.work().stream()
                    .filter(work -> work.steps().rows() > 0)
                    .forEach(work -> parts.add(new OfSteps(work.steps(), source(work), work)));
            // The first kind of work is what the steps are of.
            parts.add(run.work().stream()
                    .skip(1)
                    .filter(work -> work.steps().rows() == 0)
                    .map(work -> (Row) new OfWork(work))
                    .iterator());
            return new JoinedIterator<>(parts.iterator());
        }
        var whole = new ArrayList<Row>();
        for (int earlier = Math.max(0, run.attempts() - MOST_EARLIER); earlier < run.attempts() - 1; earlier++) {
            // What an earlier start did is not told: a row without a figure, so that nobody takes the figure for all of
            // it.
            int attempt = earlier;
            whole.add(rows ->
                    rows.attempt(attempt).step(wholeStep()).source(WHOLE).stage(run.stage()));
        }
        if (run.work().isEmpty()) {
            whole.add(this::appendWhole);
        }
        run.work().forEach(work -> whole.add(new OfWork(work)));
        return whole.iterator();
    }

    /** One row, which can be written. */
    interface Row {

        /** Writes the columns that the log tells, but for run and model. */
        void write(StepBatchBuilder rows);

        /** Returns the kind of work, or null if it is the run's training. */
        default @Nullable LoggedWork work() {
            return null;
        }

        /** Returns whether a price is known for the row's work, if it is for the run's training. */
        default boolean isPriced() {
            LoggedWork work = work();
            return work == null || work.isPriced();
        }
    }

    /** Returns the key of what a row did, given that of the run's model. */
    String key(String model, Row row) {
        LoggedWork work = row.work();
        if (work == null && !run.work().isEmpty()) {
            work = run.work().get(0);
        }
        return work == null ? model : key(model, work);
    }

    /** The row of a kind of work. */
    private final class OfWork implements Row {

        private final LoggedWork work;

        OfWork(LoggedWork work) {
            this.work = work;
        }

        @Override
        public LoggedWork work() {
            return work;
        }

        @Override
        public void write(StepBatchBuilder rows) {
            rows.attempt(run.attempts() - 1)
                    .step(wholeStep())
                    .source(source(work))
                    .stage(work.stage());
            Long tokens = work.tokens();
            if (tokens != null) {
                rows.tokens(tokens);
            }
            Long sequences = work.sequences();
            if (sequences != null && sequences <= Integer.MAX_VALUE) {
                rows.sequences(sequences.intValue());
            }
            Long squares = work.squaredLengths();
            if (squares != null) {
                rows.squaredLengths(squares);
            }
            if (run.timing().end() != null) {
                rows.endedAt(run.timing().end());
            }
        }
    }

    private void appendWhole(StepBatchBuilder rows) {
        rows.attempt(run.attempts() - 1).step(wholeStep()).source(WHOLE).stage(run.stage());
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

        private final LoggedSteps.Cursor steps;
        private final String source;
        private final @Nullable LoggedWork work;
        private boolean more;
        private long done;
        private int attempt = -1;
        private long samples;
        private int mark;

        OfSteps(LoggedSteps told, String source, @Nullable LoggedWork work) {
            this.steps = told.cursor();
            this.source = source;
            this.work = work;
            this.more = steps.next();
        }

        @Override
        public boolean hasNext() {
            return more;
        }

        @Override
        public Row next() {
            if (!more) {
                throw new NoSuchElementException();
            }
            if (steps.attempt() != attempt) {
                attempt = steps.attempt();
                samples = resumedAt();
            }
            long end = blocks.rowEnd(steps.first() + done);
            var sums = new RowSums(attempt, end, steps.stage(), source, work);
            while (more && isIn(sums)) {
                long count = Math.min(end - steps.first() + 1, steps.count()) - done;
                sums.add(steps, count);
                done += count;
                if (done == steps.count()) {
                    more = steps.next();
                    done = 0;
                }
            }
            samples += sums.sequences();
            sums.shownDone(shownDone());
            return sums;
        }

        private boolean isIn(RowSums sums) {
            long step = steps.first() + done;
            // A step with a row of its own that a log tells twice is two rows, for the ledger to say so.
            return steps.attempt() == sums.attempt()
                    && steps.stage() == sums.stage()
                    && blocks.rowEnd(step) == sums.end()
                    && (sums.isEmpty() || step > StepBlocks.LAST_SINGLE);
        }

        /** Samples that a restarted run had behind it: it goes on at a step, and marks count from the very beginning. */
        private long resumedAt() {
            return steps.has(StepField.SEQUENCES) && attempt > 0
                    ? (steps.first() - 1) * steps.value(StepField.SEQUENCES)
                    : 0;
        }

        private @Nullable Instant shownDone() {
            List<LoggedRun.ProgressMark> marks = run.marks();
            while (mark < marks.size()
                    && (marks.get(mark).attempt() < attempt
                            || (marks.get(mark).attempt() == attempt
                                    && marks.get(mark).samples() < samples))) {
                mark++;
            }
            return mark < marks.size() ? marks.get(mark).time() : run.timing().end();
        }
    }
}
