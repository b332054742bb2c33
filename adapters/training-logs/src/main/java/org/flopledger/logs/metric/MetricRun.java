package org.flopledger.logs.metric;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedStepsBuilder;
import org.flopledger.logs.LossCurve;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.StepField;
import org.flopledger.logs.Unknown;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Puts the files of one run together: each goes on where the one before ended, or tells the same time again.
 *
 * <p>Confined to one thread; usable once.
 */
public final class MetricRun {

    /** Above this, a 32-bit float no longer holds every whole number. */
    private static final double EXACT_FLOAT = 1 << 24;

    private static final BigDecimal MOST_FLOP = new BigDecimal("1e36");

    private final Series ticks = new Series();
    private final Map<Column, double[]> values = new LinkedHashMap<>();
    private final Set<Stage> stages = EnumSet.noneOf(Stage.class);
    private final LossCurve losses = new LossCurve();
    private final MetricSettings settings;
    private final @Nullable Long declaredFirst;
    private final List<MetricLog> beside = new ArrayList<>();
    private long evaluations;
    private long epochs;
    private long points;
    private double reportedFlop;
    private boolean tooLong;
    private boolean floats;
    private boolean rowsOnly;

    /** Takes the files of one run, at least one, in any order. */
    public MetricRun(List<MetricLog> logs) {
        var ordered = new ArrayList<>(logs);
        ordered.sort(Comparator.comparingLong(MetricLog::firstMicros));
        MetricLog first = ordered.get(0);
        settings = new MetricSettings(first.mapping());
        declaredFirst = first.mapping().firstStep();
        long until = Series.NO_TIME;
        for (MetricLog log : ordered) {
            takeSettings(log);
            boolean atOnce = ticks.size() > 0 && log.firstMicros() != Series.NO_TIME && log.firstMicros() < until;
            if (atOnce && log.ticks() > 0) {
                beside.add(log);
            } else {
                append(log);
            }
            until = Math.max(until, log.lastMicros());
        }
    }

    private void takeSettings(MetricLog log) {
        settings.putAbsent(log.settings());
        stages.addAll(log.stages());
        losses.addAll(log.losses());
        evaluations += log.evaluations();
        epochs = Math.max(epochs, log.epochs());
        points += log.points();
        reportedFlop = Math.max(reportedFlop, log.reportedFlop());
        tooLong |= log.isTooLong();
        rowsOnly |= log.isOfRows();
    }

    private void append(MetricLog log) {
        int offset = ticks.size();
        tooLong |= !ticks.addAll(log.tickSeries());
        values.replaceAll((column, known) -> widened(known));
        log.values().forEach((column, series) -> {
            double[] atTick = values.computeIfAbsent(column, key -> widened(new double[0]));
            for (int i = 0; i < series.size(); i++) {
                int tick = offset + (int) series.micros(i);
                if (tick < atTick.length) {
                    atTick[tick] = series.value(i);
                }
            }
        });
    }

    private double[] widened(double[] known) {
        double[] wider = Arrays.copyOf(known, ticks.size());
        Arrays.fill(wider, known.length, wider.length, Double.NaN);
        return wider;
    }

    LossCurve losses() {
        return losses;
    }

    /** Returns the most steps between two rows of one start, at least 1. */
    long longestGap() {
        long gap = 1;
        for (int i = 1; i < ticks.size(); i++) {
            gap = Math.max(gap, ticks.step(i) - ticks.step(i - 1));
        }
        return gap;
    }

    /** Says that values were written as 32-bit floats, which round large counts. */
    public MetricRun writtenAsFloats() {
        floats = true;
        return this;
    }

    /** Returns files that tell of the same time as another one and were not added. */
    public List<MetricLog> beside() {
        return List.copyOf(beside);
    }

    /** Returns a builder with everything that the files tell. */
    public RunEvidence.Builder evidence(String identity) {
        RunEvidence.Builder run = RunEvidence.of(identity);
        Stage stage = stages.size() == 1 ? stages.iterator().next() : Stage.UNKNOWN;
        run.stage(stage).lines(points, points).between(first(), last());
        MetricSteps.Counted tokens = counted(Meaning.TOKENS, run);
        var steps = new MetricSteps(ticks, tokens, counted(Meaning.SEQUENCES, run), declaredFirst, stage);
        Long longest = settings.figure(Meaning.LONGEST_SEQUENCE);
        Long batch = settings.figure(Meaning.MICRO_BATCH);
        if (longest != null) {
            steps.declaredLength(longest, batch == null ? 1 : batch);
        }
        LoggedStepsBuilder made = steps.make();
        if (rowsOnly) {
            tellWhole(run, made);
        } else {
            run.steps(made);
        }
        settings.tell(run);
        tellFlop(run);
        tellUnknown(run, steps, made);
        return run;
    }

    /** Rows are no steps, but what they took together was taken. */
    private void tellWhole(RunEvidence.Builder run, LoggedStepsBuilder rows) {
        Long tokens = rows.build().total(StepField.TOKENS);
        if (tokens != null) {
            run.tokens(tokens);
        }
        if (epochs == 0) {
            run.warn(
                    LogWarning.Code.STEPS_NOT_NAMED,
                    "no column numbers the optimizer steps; rows are not taken for steps");
        }
    }

    private @Nullable Instant first() {
        return ticks.size() == 0 ? null : instant(ticks.micros(0));
    }

    private @Nullable Instant last() {
        long last = Series.NO_TIME;
        for (int i = 0; i < ticks.size(); i++) {
            last = Math.max(last, ticks.micros(i));
        }
        return instant(last);
    }

    private static @Nullable Instant instant(long micros) {
        return micros == Series.NO_TIME ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Returns the column to count by: totals first, since they know of steps that were not written. */
    private MetricSteps.@Nullable Counted counted(Meaning means, RunEvidence.Builder run) {
        Column best = null;
        MetricSteps.Counted counted = null;
        for (Map.Entry<Column, double[]> entry : values.entrySet()) {
            Column column = entry.getKey();
            if (column.means() != means || !isPositive(entry.getValue())) {
                continue;
            }
            Column.Counts counts = column.counts() == Column.Counts.AUTO ? guess(entry.getValue()) : column.counts();
            if (counted == null || counts.compareTo(counted.counts()) < 0) {
                best = column;
                counted = new MetricSteps.Counted(entry.getValue(), counts);
            }
        }
        return best == null || counted == null ? null : ofAll(best, counted, run);
    }

    private MetricSteps.@Nullable Counted ofAll(Column column, MetricSteps.Counted counted, RunEvidence.Builder run) {
        if (column.scope() == Column.Scope.ALL) {
            return counted;
        }
        Long processes = settings.figure(Meaning.DEVICES);
        if (column.scope() == Column.Scope.PROCESS) {
            if (processes == null) {
                run.warn(
                        LogWarning.Code.COUNT_OF_ONE_PROCESS,
                        "tokens or sequences are those of one process, and no file says how many there were");
                return null;
            }
            return counted.times(processes);
        }
        if (processes == null || processes > 1) {
            run.warn(
                    LogWarning.Code.COUNT_MAY_BE_OF_ONE_PROCESS,
                    "the name of the count does not tell whether it is that of all processes or of one; it is taken for all");
        }
        return counted;
    }

    private static boolean isPositive(double[] values) {
        for (double value : values) {
            if (value > 0) {
                return true;
            }
        }
        return false;
    }

    /** A total never falls within one start of the run, and grows from row to row. */
    private Column.Counts guess(double[] atTick) {
        int grew = 0;
        int known = 0;
        int last = -1;
        for (int i = 0; i < atTick.length; i++) {
            if (Double.isNaN(atTick[i])) {
                continue;
            }
            known++;
            if (last >= 0 && ticks.step(i) > ticks.step(last)) {
                if (atTick[i] < atTick[last]) {
                    return Column.Counts.STEP;
                }
                grew += atTick[i] > atTick[last] ? 1 : 0;
            }
            last = i;
        }
        return known > 1 && grew >= (known + 1) / 2 ? Column.Counts.TOTAL : Column.Counts.STEP;
    }

    private void tellFlop(RunEvidence.Builder run) {
        if (reportedFlop >= 1) {
            // The exact value of the double that was written, not of its shortest decimal form.
            BigDecimal exact = new BigDecimal(reportedFlop).setScale(0, RoundingMode.HALF_EVEN);
            if (exact.compareTo(MOST_FLOP) <= 0) {
                run.reportedFlop(FlopCount.of(exact.toBigInteger()));
            } else {
                run.warn(LogWarning.Code.IMPLAUSIBLE_VALUE, "the reported FLOP are above 10^36");
            }
        }
    }

    private void tellUnknown(RunEvidence.Builder run, MetricSteps steps, LoggedStepsBuilder made) {
        boolean counts = values.keySet().stream().anyMatch(column -> column.means() == Meaning.TOKENS);
        run.unknown(Unknown.SEQUENCE_LENGTHS);
        if (!counts) {
            run.unknown(Unknown.TOKENS);
        }
        if (settings.isPaddingLeftOut()) {
            run.unknown(Unknown.PADDING);
            run.warn(
                    LogWarning.Code.PADDING_NOT_COUNTED,
                    "the trainer was told to leave padding out of its count of tokens");
        }
        if (evaluations > 0) {
            run.unknown(Unknown.EVALUATION);
        }
        if (stages.contains(Stage.REINFORCEMENT_LEARNING) || stages.contains(Stage.PREFERENCE_OPTIMIZATION)) {
            run.unknown(Unknown.FORWARD_ONLY_WORK);
        }
        if (steps.beginsLater()) {
            run.unknown(Unknown.LOST_STEPS);
            run.warn(
                    LogWarning.Code.BEGINS_LATER,
                    "the first row is far behind the first step, so an earlier part of the log is missing");
        }
        if (steps.again() > 0) {
            run.unknown(Unknown.LOST_STEPS);
            run.warn(
                    LogWarning.Code.RESTARTED,
                    steps.again()
                            + " steps were made again after a restart; both times are counted, and what came between the"
                            + " last row and the end of the process is in no file");
        }
        if (tooLong || made.isTooLong()) {
            run.warn(
                    LogWarning.Code.TOO_LONG,
                    "the log has more rows or steps than are kept; what is counted is a lower bound");
        } else if (steps.refused() > 0) {
            run.warn(LogWarning.Code.IMPLAUSIBLE_VALUE, steps.refused() + " rows make no sense and are not counted");
        }
        if (ticks.size() == 0 && epochs > 0) {
            run.warn(
                    LogWarning.Code.ONLY_EPOCHS,
                    "the log tells of " + epochs + " epochs and not of steps, so what they cost is not known");
        }
        if (floats && largestCount() > EXACT_FLOAT) {
            run.warn(
                    LogWarning.Code.COUNTS_ROUNDED,
                    "counts above 16777216 were written as 32-bit floats, which are exact to 6 in 10^8");
        }
    }

    private double largestCount() {
        double largest = 0;
        for (double[] atTick : values.values()) {
            for (double value : atTick) {
                largest = value > largest ? value : largest;
            }
        }
        return largest;
    }
}
