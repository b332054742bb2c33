package org.flopledger.internal.fold;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.flopledger.account.CellTotals;
import org.flopledger.account.RunTotals;
import org.flopledger.internal.cells.CellKey;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.ModelFormulas;
import org.flopledger.internal.cells.Names;
import org.flopledger.internal.cells.Numbering;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.Validation;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The running totals of many runs. Fold batches into it, merge others into it, and read immutable totals out of it.
 *
 * <p>Every sum is exact, so folding and merging are commutative and associative. To commit a batch only once it is
 * durable, fold it into an empty account and {@link #merge} that afterwards. Not thread-safe: one writer.
 */
public final class LedgerAccounts {

    private final Names runs = new Names();
    private final Names models = new Names();
    private CellTable table = new CellTable();
    private @Nullable BatchKeys lastKeys;

    /** Adds the accepted rows of a batch. {@code formulas} tell under which masks pairs are to be counted. */
    public void fold(Validation validation, ModelFormulas formulas) {
        foldRange(validation, formulas, 0, validation.batch().rows());
    }

    /** Adds the accepted rows {@code from} (included) to {@code to} (excluded) of a batch. */
    public void foldRange(Validation validation, ModelFormulas formulas, int from, int to) {
        if (from < 0 || from > to || to > validation.batch().rows()) {
            throw new IndexOutOfBoundsException("rows " + from + " to " + to + " of a batch of "
                    + validation.batch().rows());
        }
        new BatchFold(this, validation, formulas).fold(from, to);
    }

    /**
     * Adds all that another account holds. The other must not hold the same observations: sums cannot tell. Where it may, merge
     * books, which keep the steps: {@code AccountBook.merge}.
     */
    public void merge(LedgerAccounts other) {
        Numbering runNumbers = new Numbering(runs, other.runs.all());
        Numbering modelNumbers = new Numbering(models, other.models.all());
        for (int cell = 1; cell < other.table.end(); cell++) {
            mergeCell(other, cell, runNumbers, modelNumbers);
        }
    }

    private void mergeCell(LedgerAccounts other, int cell, Numbering runNumbers, Numbering modelNumbers) {
        CellTable from = other.table;
        int model = from.model(cell);
        int target = table.cell(
                runNumbers.number(from.run(cell)),
                from.attempt(cell),
                from.stage(cell),
                model < 0 ? -1 : modelNumbers.number(model),
                from.inputs(cell));
        table.mergeCell(target, from, cell);
    }

    /**
     * Returns the state as bytes: equal contents give equal bytes, whatever the order of folding and merging.
     *
     * @throws IllegalStateException if they are more than 2^30
     */
    public byte[] toBytes() {
        return AccountState.write(table, runs, models, true);
    }

    /**
     * Returns the account that {@link #toBytes} wrote. Untrusted bytes are safe to give.
     *
     * @throws IllegalArgumentException if the bytes are damaged, of another version, or no account state
     */
    public static LedgerAccounts fromBytes(byte[] bytes) {
        return StateReader.read(bytes);
    }

    /** Returns the runs with an observation, in order of arrival. */
    public List<String> runs() {
        return runs.all().stream()
                .filter(run -> table.cellsOf(runs.find(run)).length > 0)
                .toList();
    }

    /** Returns the totals of a run; empty ones if it was never seen. */
    public RunTotals totals(String run) {
        int number = runs.find(run);
        Map<CellKey, IntArrayList> byKey = new TreeMap<>();
        for (int cell : table.cellsOf(number)) {
            byKey.computeIfAbsent(key(cell), absent -> new IntArrayList()).add(cell);
        }
        List<CellTotals> cells = new ArrayList<>();
        byKey.forEach((key, parts) -> cells.add(new CellTotals(key, table, parts)));
        return new RunTotals(run, cells);
    }

    /** Returns an account that holds what this one holds of one run. */
    public LedgerAccounts copyOf(String run) {
        LedgerAccounts copy = new LedgerAccounts();
        int number = runs.find(run);
        Numbering runNumbers = new Numbering(copy.runs, runs.all());
        Numbering modelNumbers = new Numbering(copy.models, models.all());
        for (int cell : table.cellsOf(number)) {
            copy.mergeCell(this, cell, runNumbers, modelNumbers);
        }
        return copy;
    }

    /** Forgets the sums of a run; those of the others keep their order. */
    public void forgetCells(String run) {
        int number = runs.find(run);
        CellTable before = table;
        table = new CellTable();
        // They remember cells of the table before.
        lastKeys = null;
        for (int cell = 1; cell < before.end(); cell++) {
            if (before.run(cell) != number) {
                int same = table.cell(
                        before.run(cell),
                        before.attempt(cell),
                        before.stage(cell),
                        before.model(cell),
                        before.inputs(cell));
                table.mergeCell(same, before, cell);
            }
        }
    }

    /** Forgets that a run without sums was ever named, so that it comes last when it is seen again. */
    public void forgetName(String run) {
        runs.forget(run);
    }

    /** Widens the time spans of the sums that are here by those of another account. */
    public void takeTimes(LedgerAccounts other) {
        CellTable from = other.table;
        for (int cell = 1; cell < from.end(); cell++) {
            int target = cellLike(other, cell);
            if (target != CellTable.WASTE) {
                takeTimes(target, other, cell);
            }
        }
    }

    /** Widens the times of a cell by those of a cell of another account. */
    public void takeTimes(int cell, LedgerAccounts other, int otherCell) {
        Lanes.addTimes(table.coldLanes(), cell * Lanes.COLD, other.table.coldLanes(), otherCell * Lanes.COLD);
    }

    /** Returns the cell here with the key of another account's cell, or {@link CellTable#WASTE} if there is none. */
    public int cellLike(LedgerAccounts other, int cell) {
        CellTable theirs = other.table;
        int run = runs.find(other.runs.name(theirs.run(cell)));
        int otherModel = theirs.model(cell);
        int model = otherModel < 0 ? -1 : models.find(other.models.name(otherModel));
        boolean isUnknown = run < 0 || (otherModel >= 0 && model < 0);
        return isUnknown ? CellTable.WASTE : table.find(run, model, theirs, cell);
    }

    private CellKey key(int cell) {
        int model = table.model(cell);
        return new CellKey(
                table.attempt(cell), Stage.values()[table.stage(cell)], model < 0 ? null : models.name(model));
    }

    /** Returns the keys of a batch: those of the batch before, where its dictionaries are the same. */
    BatchKeys keysOf(StepBatch batch) {
        BatchKeys keys = lastKeys;
        if (keys == null || !keys.areOf(batch)) {
            keys = new BatchKeys(table, runs, models, batch);
            lastKeys = keys;
        }
        return keys;
    }

    public CellTable table() {
        return table;
    }

    /** Returns the number of a run, a new one where it has none. */
    int runNumber(String name) {
        return runs.number(name);
    }

    /** Returns the number of a model, a new one where it has none. */
    int modelNumber(String name) {
        return models.number(name);
    }

    public Names runNames() {
        return runs;
    }

    public Names modelNames() {
        return models;
    }
}
