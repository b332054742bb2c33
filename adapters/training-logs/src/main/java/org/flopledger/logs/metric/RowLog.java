package org.flopledger.logs.metric;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a table row by row: finds the step, the time and the run of each row by a mapping, and gives the rest to the metrics of
 * that run.
 *
 * <p>A row without a step belongs to the last step that was named. If no row names one, rows are counted instead. Confined to one
 * thread.
 */
public final class RowLog {

    private static final int MOST_RUNS = 1_000;
    private static final int MOST_CELLS = 4_096;
    private static final double LATEST_SECONDS = 1e10;
    private static final double MICROS = 1e6;

    private final ColumnMapping mapping;
    private final Map<String, OfRun> runs = new LinkedHashMap<>();
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();
    private double[] values = new double[16];
    private double step;
    private int stepRank;
    private long micros;
    private String run = "";
    private @Nullable String metric;
    private double metricValue;
    private boolean tooManyRuns;

    /** Begins a table whose columns a mapping explains. */
    public RowLog(ColumnMapping mapping) {
        this.mapping = mapping;
        clear();
    }

    private record Kind(@Nullable Column column) {}

    /** The rows of one run: by the steps they name, and by their own number as long as none is named. */
    private static final class OfRun {

        private final MetricLog bySteps;
        private @Nullable MetricLog byRows;
        private long rows;
        private long lastStep = -1;

        OfRun(ColumnMapping mapping) {
            bySteps = new MetricLog(mapping);
            byRows = new MetricLog(mapping);
            byRows.countsRows();
        }
    }

    private void clear() {
        names.clear();
        step = -1;
        stepRank = Integer.MAX_VALUE;
        micros = MetricLog.NO_TIME;
        run = "";
        metric = null;
        metricValue = Double.NaN;
    }

    /** Takes a cell of the row as text; empty cells are no cells. */
    public void put(String name, String text) {
        String plain = text.strip();
        if (plain.isEmpty()) {
            return;
        }
        Column column = column(name);
        Meaning means = column == null ? Meaning.IGNORED : column.means();
        switch (means) {
            case RUN -> run = plain.length() > 200 ? plain.substring(0, 200) : plain;
            case NAME -> metric = plain.length() > 200 ? plain.substring(0, 200) : plain;
            case TIME -> time(column, plain);
            default -> put(name, number(plain));
        }
    }

    private void time(@Nullable Column column, String text) {
        double seconds = number(text);
        if (!Double.isNaN(seconds) && column != null) {
            time(seconds * column.scale().doubleValue());
            return;
        }
        try {
            // A time without a zone is that of an unknown place, so it is no instant.
            micros = micros(OffsetDateTime.parse(text.replace(' ', 'T')).toInstant());
        } catch (DateTimeException e) {
            micros = MetricLog.NO_TIME;
        }
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    private void time(double seconds) {
        // Some tables are in milliseconds where others of the same tracker are in seconds.
        double plain = seconds > LATEST_SECONDS ? seconds / 1_000 : seconds;
        micros = plain >= 0 && plain <= LATEST_SECONDS ? Math.round(plain * MICROS) : MetricLog.NO_TIME;
    }

    /** Takes a cell of the row as a number; NaN if something stands there that is none. */
    public void put(String name, double value) {
        Column column = column(name);
        Meaning means = column == null ? Meaning.IGNORED : column.means();
        switch (means) {
            case STEP -> step(column, value);
            case TIME -> time(column == null ? value : value * column.scale().doubleValue());
            case VALUE -> metricValue = value;
            case RUN -> run = String.valueOf(value);
            default -> cell(name, value);
        }
    }

    /** Several columns may number steps: the one that comes first in the mapping is meant. */
    private void step(@Nullable Column column, double value) {
        int rank = column == null ? Integer.MAX_VALUE : mapping.rank(column);
        if (rank < stepRank && value >= 0 && value == Math.rint(value)) {
            step = value;
            stepRank = rank;
        }
    }

    private void cell(String name, double value) {
        if (names.size() == MOST_CELLS) {
            return;
        }
        if (names.size() == values.length) {
            values = Arrays.copyOf(values, 2 * values.length);
        }
        values[names.size()] = value;
        names.add(name);
    }

    private @Nullable Column column(String name) {
        Kind kind = kinds.get(name);
        if (kind == null) {
            kind = new Kind(mapping.column(name));
            if (kinds.size() < MetricLog.MOST_NAMES) {
                kinds.put(name, kind);
            }
        }
        return kind.column();
    }

    /** Ends the row; returns false if it could not be taken because there are too many runs. */
    public boolean endRow() {
        OfRun of = runs.get(run);
        if (of == null && runs.size() == MOST_RUNS) {
            tooManyRuns = true;
            clear();
            return false;
        }
        if (of == null) {
            of = new OfRun(mapping);
            runs.put(run, of);
        }
        end(of);
        clear();
        return true;
    }

    private void end(OfRun of) {
        if (step >= 0 && step < 0x1p53) {
            of.lastStep = (long) step;
            of.byRows = null;
        }
        if (metric != null) {
            cell(metric, metricValue);
        }
        of.bySteps.see(micros);
        for (int i = 0; i < names.size(); i++) {
            of.bySteps.add(names.get(i), of.lastStep, values[i], micros);
            if (of.byRows != null) {
                of.byRows.add(names.get(i), of.rows, values[i], micros);
            }
        }
        of.rows++;
    }

    /** Returns the metrics of each run by the name that the table gives it; the name is empty where it gives none. */
    public Map<String, MetricLog> runs() {
        var logs = new LinkedHashMap<String, MetricLog>();
        runs.forEach((name, of) -> logs.put(name, of.byRows == null ? of.bySteps : of.byRows));
        return logs;
    }

    /** Returns whether rows were left out because there are too many runs. */
    public boolean hasTooManyRuns() {
        return tooManyRuns;
    }

    /** Returns the number that a cell holds; NaN if it holds none. */
    static double number(String text) {
        if (text.length() > 64) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
