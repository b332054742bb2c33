package org.flopledger.logs.metric;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.flopledger.logs.LossCurve;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What one file of a tracker tells: at which steps the model was trained, and the values that a mapping knows.
 *
 * <p>Values are given in the order they were written. Names that the mapping does not know are counted and not kept. Memory is
 * bounded: {@value #MOST_NAMES} names, {@value Series#MOST_POINTS} points a series. Confined to one thread.
 */
public final class MetricLog {

    static final int MOST_NAMES = 4096;
    private static final int MOST_SERIES = 8;
    private static final long MOST_EPOCHS = 1L << 40;
    /** A time that is not known. */
    public static final long NO_TIME = Series.NO_TIME;

    private static final Set<String> LOSSES = Set.of(
            "loss",
            "train/loss",
            "train_loss",
            "train_loss_step",
            "training_loss",
            "train/loss_step",
            "training/loss",
            "lm loss",
            "lm-loss-training/lm loss",
            "loss_metrics/global_avg_loss");

    private final ColumnMapping mapping;
    private final Map<String, Told> names = new LinkedHashMap<>();
    private final Map<Column, Series> values = new LinkedHashMap<>();
    private final Series ticks = new Series();
    private final LossCurve losses = new LossCurve();
    private final MetricSettings settings;
    private final Set<Stage> stages = EnumSet.noneOf(Stage.class);
    private long points;
    private long evaluations;
    private long epochs;
    private boolean epochsFromZero;
    private double reportedFlop;
    private long firstMicros = NO_TIME;
    private long lastMicros = NO_TIME;
    private boolean tooLong;
    private boolean rowsOnly;

    /** Begins a file whose names a mapping explains. */
    public MetricLog(ColumnMapping mapping) {
        this.mapping = mapping;
        this.settings = new MetricSettings(mapping);
    }

    /** How often a name was given, and what it was taken for. */
    private static final class Told {

        private final @Nullable Column column;
        private long points;

        Told(@Nullable Column column) {
            this.column = column;
        }
    }

    /**
     * Takes a value.
     *
     * @param name name of the metric
     * @param step what the tracker keeps with the value; negative if nothing
     * @param value the value; not finite if it is none, which still tells that the step was made
     * @param micros when it was written, microseconds since 1970 UTC, or {@link #NO_TIME}
     */
    public void add(String name, long step, double value, long micros) {
        points++;
        see(micros);
        Told told = told(name);
        if (told == null || told.column == null) {
            return;
        }
        Column column = told.column;
        if (column.stage() != null) {
            stages.add(column.stage());
        }
        boolean byEpoch = column.axis() == Column.Axis.EPOCH && column.means() != Meaning.EPOCH;
        if (byEpoch && !rowsOnly && step >= 0 && step < MOST_EPOCHS) {
            epochs = Math.max(epochs, step + 1);
        }
        if (column.means().ticks() && column.axis() == Column.Axis.STEP && step >= 0) {
            tick(step, micros);
        }
        if (isLoss(column, name) && step >= 0) {
            losses.add(step, value);
        }
        keep(column, value);
    }

    /** The training loss, under the names that one trainer gives it in every tracker. */
    private static boolean isLoss(Column column, String name) {
        return column.means() == Meaning.PROGRESS && LOSSES.contains(name);
    }

    private @Nullable Told told(String name) {
        Told told = names.get(name);
        if (told == null) {
            if (names.size() == MOST_NAMES) {
                return null;
            }
            told = new Told(mapping.column(name));
            names.put(name, told);
        }
        told.points++;
        return told;
    }

    /** Takes a time at which something was written, whatever it was. */
    public void see(long micros) {
        if (micros != NO_TIME) {
            firstMicros = firstMicros == NO_TIME ? micros : Math.min(firstMicros, micros);
            lastMicros = Math.max(lastMicros, micros);
        }
    }

    private void tick(long step, long micros) {
        int last = ticks.size() - 1;
        if (last >= 0 && ticks.step(last) == step) {
            if (micros != NO_TIME) {
                ticks.endLastAt(micros);
            }
        } else {
            tooLong |= !ticks.add(step, 0, micros);
        }
    }

    private void keep(Column column, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            return;
        }
        double scaled = value * column.scale().doubleValue();
        switch (column.means()) {
            case TOKENS, SEQUENCES -> {
                if (ticks.size() > 0 && (values.size() < MOST_SERIES || values.containsKey(column))) {
                    // The place among the steps stands where a time would: it outlives repeated step numbers.
                    tooLong |=
                            !values.computeIfAbsent(column, key -> new Series()).add(0, scaled, ticks.size() - 1);
                }
            }
            case REPORTED_FLOP -> reportedFlop = Math.max(reportedFlop, scaled);
            case EPOCH -> {
                epochsFromZero |= scaled == 0 && column.axis() == Column.Axis.EPOCH;
                epochs = scaled > MOST_EPOCHS ? epochs : Math.max(epochs, (long) Math.ceil(scaled));
            }
            case EVALUATION -> evaluations++;
            default -> settings.put(column, Double.valueOf(value));
        }
    }

    /** Says that the numbers given as steps are those of rows, so that only sums over the whole run mean something. */
    public void countsRows() {
        rowsOnly = true;
    }

    boolean isOfRows() {
        return rowsOnly;
    }

    /** Returns what the file says of the run's settings. */
    public MetricSettings settings() {
        return settings;
    }

    /** Returns what each name was taken for; null where the mapping does not know it. In the order of the file. */
    public Map<String, @Nullable Column> columns() {
        var columns = new LinkedHashMap<String, @Nullable Column>();
        names.forEach((name, told) -> columns.put(name, told.column));
        return columns;
    }

    /** Returns how many values were given of a name. */
    public long points(String name) {
        Told told = names.get(name);
        return told == null ? 0 : told.points;
    }

    /** Returns how many values were given. */
    public long points() {
        return points;
    }

    /** Returns how many trained steps the file names, each time it goes back to one counted again. */
    public int ticks() {
        return ticks.size();
    }

    /** Returns the highest step that the file names as trained, or -1. */
    public long lastStep() {
        long last = -1;
        for (int i = 0; i < ticks.size(); i++) {
            last = Math.max(last, ticks.step(i));
        }
        return last;
    }

    /** Returns the lowest step that the file names as trained, or -1. */
    public long firstStep() {
        long first = ticks.size() == 0 ? -1 : Long.MAX_VALUE;
        for (int i = 0; i < ticks.size(); i++) {
            first = Math.min(first, ticks.step(i));
        }
        return first;
    }

    /** Returns when the first value was written, microseconds since 1970 UTC, or {@link #NO_TIME}. */
    public long firstMicros() {
        return firstMicros;
    }

    /** Returns when the last value was written, microseconds since 1970 UTC, or {@link #NO_TIME}. */
    public long lastMicros() {
        return lastMicros;
    }

    /** Returns whether values were left out because there were too many. */
    public boolean isTooLong() {
        return tooLong;
    }

    /** Returns whether anything tells that a model was trained: steps or epochs. */
    public boolean tellsTraining() {
        return ticks.size() > 0 || epochs() > 0;
    }

    /** Returns how many epochs the file names, 0 if none. */
    public long epochs() {
        return epochs + (epochsFromZero ? 1 : 0);
    }

    ColumnMapping mapping() {
        return mapping;
    }

    Map<Column, Series> values() {
        return values;
    }

    LossCurve losses() {
        return losses;
    }

    Series tickSeries() {
        return ticks;
    }

    Set<Stage> stages() {
        return stages;
    }

    long evaluations() {
        return evaluations;
    }

    double reportedFlop() {
        return reportedFlop;
    }
}
