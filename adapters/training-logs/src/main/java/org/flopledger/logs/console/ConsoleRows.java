package org.flopledger.logs.console;

import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedSteps;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.logs.LossCurve;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;

/**
 * Makes steps of the rows of a log, each of which may stand for all steps since the row before.
 *
 * <p>A step that is told again is a copy: another process wrote it, or the same one twice. A step number that goes back in the lines
 * of one process is a restart, and what ran again counts again. The first row of a start stands for the steps behind the one its
 * trainer resumed at, else for as many as the log's interval says, else for as many as lie between it and the second row. Sums are
 * kept to the last sample: where those of a row do not divide evenly, some steps have one more.
 *
 * <p>Confined to one thread; usable once.
 */
public final class ConsoleRows {

    private static final long MOST_STEP = 1L << 50;
    private static final long MOST_COUNT = 1L << 58;
    /** Times are kept of so many rows and of few further ones: a long log of equal steps stays small. */
    private static final int TIMED_ROWS = 50_000;

    private static final int THINNED = 1_000;

    /** Number of the first step. */
    private final int origin;

    private final LoggedStepsBuilder steps = LoggedSteps.builder();
    private final LossCurve losses = new LossCurve();
    private final RowTotals totals = new RowTotals();
    private final StepRow row = new StepRow();
    private final StepRow first = new StepRow();
    private boolean firstWaits;

    private long last = -1;
    private long lastSamples = -1;
    private long lastTokens = -1;
    private long begunAt = -1;
    private int label;

    private long interval = -1;
    private long resumedAt = -1;
    private long batch = -1;
    private long length = -1;
    private boolean keepsClaims;

    private long rows;
    private long copies;
    private long refused;

    /** Makes steps of rows whose first step has a number, 0 or 1. */
    public ConsoleRows(int firstStep) {
        this.origin = firstStep;
    }

    /** Sets the samples of a step for rows that do not say; not positive if not known. */
    public ConsoleRows batch(long samples) {
        batch = samples > 0 ? samples : -1;
        return this;
    }

    /** Sets the tokens of every sequence for rows that do not say; not positive if not known. */
    public ConsoleRows sequenceLength(long tokens) {
        length = tokens > 0 ? tokens : -1;
        return this;
    }

    /** Sets how many steps lie between rows; not positive if not known. */
    public ConsoleRows interval(long stepsBetween) {
        interval = stepsBetween > 0 ? stepsBetween : -1;
        return this;
    }

    /** Says that the process which writes the next row goes on behind so many steps that were made before. */
    public ConsoleRows resumesAfter(long made) {
        resumedAt = made;
        return this;
    }

    /** Has every step keep what the trainer claims of it, for runs whose model is not known. */
    public ConsoleRows keepClaims(boolean keep) {
        keepsClaims = keep;
        return this;
    }

    /** Returns the row to fill for a step, numbered as the log does; {@link #add} takes it. */
    public StepRow row(long step) {
        return row.begin(step);
    }

    /** Adds the row that was filled; returns false if it makes no sense. */
    public boolean add() {
        boolean sensible = row.step >= origin
                && row.step < MOST_STEP
                && Math.max(row.samplesSoFar, row.tokensSoFar) < MOST_COUNT
                && Math.max(Math.max(row.samples, row.tokens), row.sequenceLength) < MOST_STEP;
        if (!sensible) {
            refused++;
            return false;
        }
        rows++;
        totals.see(row);
        losses.add(row.step, row.loss);
        long reached = firstWaits ? first.step : last;
        if (reached < 0 || resumedAt >= 0) {
            return begin(reached >= 0);
        } else if (row.step > reached) {
            settle(row.step - first.step);
            return emit(row, last + 1, lastSamples, lastTokens);
        } else if (row.step == reached || row.label != label) {
            copies++;
            return true;
        }
        return begin(true);
    }

    /** Takes the first row of a start. */
    private boolean begin(boolean again) {
        settle(1);
        if (again) {
            steps.newAttempt();
        }
        label = row.label;
        long from = origin - 1L;
        if (resumedAt >= 0 && resumedAt <= row.step) {
            from = resumedAt + origin;
        } else if (interval > 0) {
            from = Math.max(origin, row.step - interval + 1);
        }
        resumedAt = -1;
        if (from >= origin && from <= row.step) {
            return emitFirst(row, from);
        }
        first.takeAll(row);
        firstWaits = true;
        return true;
    }

    /** Makes the steps of a first row that waited for the second one to tell how far rows are apart. */
    private void settle(long gap) {
        if (firstWaits) {
            firstWaits = false;
            emitFirst(first, Math.max(origin, first.step - gap + 1));
        }
    }

    /** Sums over the run begin at nothing where its first step is. */
    private boolean emitFirst(StepRow told, long from) {
        long before = from == origin ? 0 : -1;
        return emit(told, from, before, before);
    }

    /** A single row stands for the whole run if its sum is that of all steps, else for one step. */
    private long gapOfSingle() {
        long size = first.samples > 0 ? first.samples : batch;
        long made = first.step - origin + 1;
        return size > 0 && first.samplesSoFar / size == made && first.samplesSoFar % size == 0 ? made : 1;
    }

    private boolean emit(StepRow told, long from, long samplesBefore, long tokensBefore) {
        long count = told.step - from + 1;
        begunAt = begunAt < 0 ? from - origin : begunAt;
        last = told.step;
        lastSamples = told.samplesSoFar;
        lastTokens = told.tokensSoFar;
        totals.add(told, count);
        long samples = grown(told.samplesSoFar, samplesBefore, told.samples > 0 ? told.samples : batch, count);
        long tokens = grown(told.tokensSoFar, tokensBefore, told.tokens, count);
        long each = told.sequenceLength > 0 ? told.sequenceLength : length;
        boolean regular = samples > 0 && each > 0;
        var split = new Split(told, count, samples, tokens, regular ? each : 0);
        long more = split.larger();
        boolean added = range(split, from, count - more, 0);
        added &= range(split, from + count - more, more, 1);
        refused += added ? 0 : 1;
        return added;
    }

    /** Returns what a count grew by, else so much for each step, else a negative number. */
    private static long grown(long soFar, long before, long each, long count) {
        if (soFar >= 0 && before >= 0 && soFar >= before) {
            return soFar - before;
        }
        return each > 0 && each <= MOST_COUNT / count ? each * count : -1;
    }

    /**
     * How the sums of a row are divided among its steps.
     *
     * @param row the row
     * @param count its steps
     * @param samples samples of all of them, not positive if not known
     * @param tokens tokens of all of them, not positive if not known
     * @param length tokens of every sequence, 0 if not known
     */
    private record Split(StepRow row, long count, long samples, long tokens, long length) {

        /** Returns how many steps have one more than the others: sequences where their length is known, else tokens. */
        long larger() {
            long amount = length > 0 ? samples : tokens;
            return amount > 0 ? amount % count : 0;
        }

        void fill(LoggedStepsBuilder steps, int extra) {
            if (length > 0) {
                long sequences = samples / count + extra;
                if (sequences > 0) {
                    steps.sequences(sequences, length);
                }
                return;
            }
            if (samples > 0 && samples % count == 0) {
                steps.sequences(samples / count);
            }
            if (tokens > 0 && tokens / count + extra > 0) {
                steps.tokens(tokens / count + extra);
            }
        }
    }

    /** Adds steps that are alike; the last one of the row has a time of its own. */
    private boolean range(Split split, long from, long howMany, int extra) {
        if (howMany == 0) {
            return true;
        }
        long micros = split.row().micros;
        boolean timed =
                micros >= 0 && from + howMany - 1 == split.row().step && (rows <= TIMED_ROWS || rows % THINNED == 0);
        boolean added = true;
        if (!timed || howMany > 1) {
            begin(split, from, timed ? howMany - 1 : howMany, extra);
            added = steps.add();
        }
        if (timed) {
            begin(split, split.row().step, 1, extra).endedAtMicros(micros);
            added &= steps.add();
        }
        return added;
    }

    private LoggedStepsBuilder begin(Split split, long from, long howMany, int extra) {
        steps.steps(from, howMany);
        split.fill(steps, extra);
        var claim = keepsClaims ? RowTotals.claim(split.row()) : null;
        return claim == null ? steps : steps.reportedFlop(claim);
    }

    /** Returns how many rows made sense. */
    public long rows() {
        return rows;
    }

    /** Returns the first losses. */
    public LossCurve losses() {
        return losses;
    }

    /** Returns how many steps were made before the first one that is told here. */
    public long madeBefore() {
        settle(gapOfSingle());
        return Math.max(0, begunAt);
    }

    /**
     * Says to a run's evidence what the rows tell; returns false if there are too many steps, so that nothing is counted.
     *
     * @param lines lines of the log
     */
    public boolean tell(RunEvidence.Builder run, long lines) {
        settle(gapOfSingle());
        if (steps.isTooLong()) {
            return false;
        }
        totals.tell(run);
        run.steps(steps).lines(lines, rows);
        if (copies > 0) {
            run.warn(LogWarning.Code.REPEATED_LINES, copies + " lines tell a step again and are not counted");
        }
        if (refused > 0) {
            run.warn(LogWarning.Code.IMPLAUSIBLE_VALUE, refused + " lines make no sense and are not counted");
        }
        if (steps.attempts() > 1) {
            run.unknown(Unknown.LOST_STEPS);
            run.warn(
                    LogWarning.Code.RESTARTED,
                    "the run was started " + steps.attempts()
                            + " times: what ran again is counted again, and what came between a last line and the end of its"
                            + " process is in no line");
        }
        return true;
    }
}
