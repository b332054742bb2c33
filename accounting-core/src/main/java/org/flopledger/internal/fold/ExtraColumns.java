package org.flopledger.internal.fold;

import java.util.Arrays;
import java.util.List;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.ExactReal;
import org.flopledger.internal.cells.Inputs;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.cells.PeftCounts;
import org.flopledger.internal.kernel.ColumnKernel;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.units.PeftEvent;

/**
 * Folds the columns that few batches have: times, devices, energy, parameters, events, and pairs under attention masks. A
 * column that is empty in a block costs one test. Confined to one thread.
 */
final class ExtraColumns {

    private static final StepColumn[] COLUMNS = {
        StepColumn.STARTED_AT,
        StepColumn.ENDED_AT,
        StepColumn.REPORTED_FLOP,
        StepColumn.DEVICES,
        StepColumn.DEVICE_SECONDS,
        StepColumn.ENERGY_JOULES,
        StepColumn.TOTAL_PARAMETERS,
        StepColumn.ACTIVE_PARAMETERS,
        StepColumn.TRAINABLE_PARAMETERS,
        StepColumn.MOE,
        StepColumn.PEFT_EVENT,
        StepColumn.GENERATED_TOKENS
    };

    private final CellTable table;
    private final StepBatch batch;
    private final ColumnKernel kernel;
    private final List<List<AttentionMask>> masks;
    private final long[] extremes = new long[2];

    ExtraColumns(CellTable table, StepBatch batch, ModelFormulas formulas) {
        this.table = table;
        this.batch = batch;
        kernel = batch.kernel();
        masks = masks(batch, formulas);
    }

    /** Returns the masks of each model, or nothing at all if no row scores pairs under one. */
    private static List<List<AttentionMask>> masks(StepBatch batch, ModelFormulas formulas) {
        if (!formulas.hasMasks()) {
            return List.of();
        }
        boolean hasPadding = batch.data(StepColumn.PADDING_TOKENS) != 0;
        List<List<AttentionMask>> masks = batch.models().stream()
                .map(model -> hasPadding ? formulas.masks(model) : formulas.attentionMasks(model))
                .toList();
        return masks.stream().allMatch(List::isEmpty) ? List.of() : masks;
    }

    /** Returns whether the batch has any such column at all. */
    boolean hasAny() {
        for (StepColumn column : COLUMNS) {
            if (batch.data(column) != 0) {
                return true;
            }
        }
        return !masks.isEmpty();
    }

    /** Folds accepted rows, all into one cell. */
    void fold(int from, int count, int cell) {
        for (StepColumn column : COLUMNS) {
            long bits = batch.validity(column);
            if (batch.data(column) == 0 || (bits != 0 && kernel.noneSet(bits, from, count))) {
                continue;
            }
            boolean isAllKnown = bits == 0 || kernel.allSet(bits, from, count);
            if (isAllKnown && column == StepColumn.STARTED_AT) {
                addTimes(column, Lanes.STARTED_FIRST, from, count, cell);
            } else if (isAllKnown && column == StepColumn.ENDED_AT) {
                addTimes(column, Lanes.ENDED_FIRST, from, count, cell);
            } else {
                for (int row = from; row < from + count; row++) {
                    if (isAllKnown || batch.isKnown(column, row)) {
                        add(column, row, cell);
                    }
                }
            }
        }
        if (!masks.isEmpty()) {
            int[] cells = new int[count];
            Arrays.fill(cells, cell);
            foldPairs(from, count, cells);
        }
    }

    private void addTimes(StepColumn column, int lane, int from, int count, int cell) {
        kernel.extremes64(batch.data(column) + 8L * from, count, extremes);
        Lanes.addExtremes(table.coldLanes(), cell * Lanes.COLD + lane, extremes[0], extremes[1]);
    }

    /** Folds accepted rows, each into its cell. */
    void fold(int from, int count, int[] cells) {
        for (StepColumn column : COLUMNS) {
            long bits = batch.validity(column);
            if (batch.data(column) != 0 && (bits == 0 || !kernel.noneSet(bits, from, count))) {
                for (int i = 0; i < count; i++) {
                    if (batch.isKnown(column, from + i)) {
                        add(column, from + i, cells[i]);
                    }
                }
            }
        }
        if (!masks.isEmpty()) {
            foldPairs(from, count, cells);
        }
    }

    private void add(StepColumn column, int row, int cell) {
        long[] cold = table.coldLanes();
        int at = cell * Lanes.COLD;
        switch (column) {
            case STARTED_AT -> addLong(cold, at + Lanes.STARTED_FIRST, batch.longAt(column, row));
            case ENDED_AT -> addLong(cold, at + Lanes.ENDED_FIRST, batch.longAt(column, row));
            case DEVICES -> addLong(cold, at + Lanes.DEVICES_LEAST, batch.intAt(column, row));
            case REPORTED_FLOP ->
                addWide(cold, at + Lanes.REPORTED, batch.longAt(column, row), batch.upperLongAt(column, row));
            case DEVICE_SECONDS -> addDeviceSeconds(cold, at, row);
            case ENERGY_JOULES -> ExactReal.add(cold, at + Lanes.JOULES, batch.doubleAt(column, row));
            case TOTAL_PARAMETERS -> addParameters(cold, at + Lanes.TOTAL_PARAMETERS, column, row);
            case ACTIVE_PARAMETERS -> addParameters(cold, at + Lanes.ACTIVE_PARAMETERS, column, row);
            case TRAINABLE_PARAMETERS -> addParameters(cold, at + Lanes.TRAINABLE_PARAMETERS, column, row);
            case MOE -> addMoe(cold, at, row);
            case PEFT_EVENT -> addPeft(cell, row);
            case GENERATED_TOKENS -> addWide(cold, at + Lanes.GENERATED_TOKENS, batch.longAt(column, row), 0);
            default -> throw new IllegalStateException("column " + column + " is no extra column");
        }
    }

    private static void addLong(long[] cold, int at, long value) {
        Lanes.addExtremes(cold, at, value, value);
    }

    private static void addWide(long[] cold, int at, long low, long high) {
        Lanes.addWide(cold, at, low, high, 0);
        cold[at + Lanes.WIDE_ROWS]++;
    }

    private void addDeviceSeconds(long[] cold, int at, int row) {
        double seconds = batch.doubleAt(StepColumn.DEVICE_SECONDS, row);
        ExactReal.add(cold, at + Lanes.DEVICE_SECONDS, seconds);
        if (batch.isKnown(StepColumn.UTILISATION, row)) {
            ExactReal.add(cold, at + Lanes.UTILISED_SECONDS, seconds * batch.doubleAt(StepColumn.UTILISATION, row));
        }
    }

    private void addParameters(long[] cold, int at, StepColumn column, int row) {
        long value = batch.longAt(column, row);
        Lanes.addParameters(cold, at, value, value, 1, batch.step(row), value);
    }

    private void addMoe(long[] cold, int at, int row) {
        cold[at + Lanes.MOE_KNOWN]++;
        cold[at + Lanes.MOE_ROWS] += batch.bitAt(StepColumn.MOE, row) ? 1 : 0;
    }

    private void addPeft(int cell, int row) {
        int event = batch.intAt(StepColumn.PEFT_EVENT, row);
        if (event != PeftEvent.NONE.ordinal()) {
            boolean isNamed = batch.isKnown(StepColumn.PEFT_METHOD, row);
            int technique = isNamed ? batch.intAt(StepColumn.PEFT_METHOD, row) : PeftCounts.UNNAMED;
            table.addPeft(cell, PeftCounts.key(event, technique), 1);
        }
    }

    /** Counts pairs under masks, at once for rows that repeat the one before. */
    private void foldPairs(int from, int count, int[] cells) {
        int first = 0;
        while (first < count) {
            int end = first + 1;
            if (table.inputs(cells[first]) != Inputs.ALL) {
                first = end;
                continue;
            }
            while (end < count && cells[end] == cells[first] && isRepeat(from + first, from + end)) {
                end++;
            }
            addPairs(from + first, end - first, cells[first]);
            first = end;
        }
    }

    private boolean isRepeat(int row, int other) {
        return batch.modelIndex(row) == batch.modelIndex(other)
                && batch.intAt(StepColumn.SEQUENCES, row) == batch.intAt(StepColumn.SEQUENCES, other)
                && batch.longAt(StepColumn.TOKENS, row) == batch.longAt(StepColumn.TOKENS, other)
                && batch.longAt(StepColumn.SQUARED_LENGTHS, row) == batch.longAt(StepColumn.SQUARED_LENGTHS, other)
                && padding(row) == padding(other);
    }

    private void addPairs(int row, int rows, int cell) {
        int model = batch.modelIndex(row);
        if (model < 0) {
            return;
        }
        for (AttentionMask mask : masks.get(model)) {
            table.pairsToChange(cell)
                    .add(
                            mask,
                            rows,
                            batch.longAt(StepColumn.TOKENS, row),
                            padding(row),
                            batch.intAt(StepColumn.SEQUENCES, row),
                            batch.longAt(StepColumn.SQUARED_LENGTHS, row));
        }
    }

    private long padding(int row) {
        return batch.isKnown(StepColumn.PADDING_TOKENS, row) ? batch.longAt(StepColumn.PADDING_TOKENS, row) : 0;
    }
}
