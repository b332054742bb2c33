package org.flopledger.internal.cells;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.eclipse.collections.impl.map.mutable.primitive.IntLongHashMap;
import org.eclipse.collections.impl.map.mutable.primitive.IntObjectHashMap;
import org.flopledger.internal.kernel.ColumnKernel;
import org.jspecify.annotations.Nullable;

/**
 * The cells of many runs as flat lanes, found by key through open addressing.
 *
 * <p>A key is (run, attempt, stage, model, inputs): {@code inputs} says which of tokens, sequences and squared lengths the
 * rows of the cell have, so that every row of a cell can be priced, or none. Cell 0 takes what does not count. Confined to
 * one thread.
 *
 * <pre>
 * runAndAttempt[cell]   63 run 32 | 31 attempt 0
 * rest[cell]            63 model + 1, 0 for none 32 | 15 stage 8 | 7 inputs 0
 * hot[8 cell ..]        the lanes that every row touches, 64 bytes: see {@link Lanes}
 * cold[48 cell ..]      the others, 384 bytes
 * slots[hash]           the cell, or 0 for an empty slot
 * </pre>
 *
 * <p>Slots are probed one after the other. At most half of them are taken, so that a search looks at 1.5 slots if it finds its cell
 * and at 2.5 if there is none (Knuth, The Art of Computer Programming 3, section 6.4). Cells are never removed, which keeps
 * probing free of marks; a run is forgotten by making another table.
 */
public final class CellTable implements ColumnKernel.Carry {

    /** Where rows go that do not count. */
    public static final int WASTE = 0;

    private static final int FIRST_CAPACITY = 8;

    private long[] hot = new long[FIRST_CAPACITY * Lanes.HOT];
    private long[] cold = new long[FIRST_CAPACITY * Lanes.COLD];
    private long[] runAndAttempt = new long[FIRST_CAPACITY];
    private long[] rest = new long[FIRST_CAPACITY];
    private int[] slots = new int[FIRST_CAPACITY * 4];
    private int cells = 1;
    private final List<@Nullable IntLongHashMap> peftEvents = new ArrayList<>();
    private final List<@Nullable PairSums> pairs = new ArrayList<>();
    private final IntObjectHashMap<IntArrayList> cellsOfRun = new IntObjectHashMap<>();

    public CellTable() {
        peftEvents.add(null);
        pairs.add(null);
        Lanes.clear(hot, 0, cold, 0);
    }

    /** Returns one more than the last cell; the first is 1. */
    public int end() {
        return cells;
    }

    /** Returns the cells of a run, oldest first. */
    public int[] cellsOf(int run) {
        IntArrayList found = cellsOfRun.get(run);
        return found == null ? new int[0] : found.toArray();
    }

    public int run(int cell) {
        return (int) (runAndAttempt[cell] >>> 32);
    }

    public int attempt(int cell) {
        return (int) runAndAttempt[cell];
    }

    /** Returns the model's number, or -1. */
    public int model(int cell) {
        return (int) (rest[cell] >>> 32) - 1;
    }

    public int stage(int cell) {
        return (int) (rest[cell] >>> 8) & 0xff;
    }

    public int inputs(int cell) {
        return (int) rest[cell] & 0xff;
    }

    public long hot(int cell, int lane) {
        return hot[cell * Lanes.HOT + lane];
    }

    public long cold(int cell, int lane) {
        return cold[cell * Lanes.COLD + lane];
    }

    /** Returns the hot lanes of all cells, until the next new cell. */
    public long[] hotLanes() {
        return hot;
    }

    /** Returns the cold lanes of all cells, until the next new cell. */
    public long[] coldLanes() {
        return cold;
    }

    /** Returns the cell of the key that a cell has in another table, given this table's numbers; 0 if there is none. */
    public int find(int run, int model, CellTable other, int otherCell) {
        long first = ((long) run << 32) | other.attempt(otherCell);
        long second = ((model + 1L) << 32) | ((long) other.stage(otherCell) << 8) | other.inputs(otherCell);
        int slot = slot(first, second);
        while (slots[slot] != 0 && (runAndAttempt[slots[slot]] != first || rest[slots[slot]] != second)) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slots[slot];
    }

    /** Returns the cell of a key, new if there is none. {@code model} is -1 for none. */
    public int cell(int run, int attempt, int stage, int model, int inputs) {
        long first = ((long) run << 32) | attempt;
        long second = ((model + 1L) << 32) | ((long) stage << 8) | inputs;
        int slot = slot(first, second);
        while (slots[slot] != 0) {
            int cell = slots[slot];
            if (runAndAttempt[cell] == first && rest[cell] == second) {
                return cell;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return add(first, second, slot);
    }

    private int slot(long first, long second) {
        // Odd multipliers spread small consecutive numbers: 2^64 and 2^32 over the golden ratio (Knuth, section 6.4,
        // multiplicative
        // hashing) and, so that equal halves do not cancel, the second prime of xxHash64. Keys are our own numbers, not
        // input.
        long hash = (first * 0x9E3779B97F4A7C15L) ^ (second * 0xC2B2AE3D27D4EB4FL);
        return (int) (((hash ^ (hash >>> 32)) * 0x9E3779B1L) >>> 16) & (slots.length - 1);
    }

    private int add(long first, long second, int slot) {
        if (cells == runAndAttempt.length) {
            grow();
        }
        int cell = cells++;
        runAndAttempt[cell] = first;
        rest[cell] = second;
        Lanes.clear(hot, cell * Lanes.HOT, cold, cell * Lanes.COLD);
        peftEvents.add(null);
        pairs.add(null);
        cellsOfRun.getIfAbsentPut((int) (first >>> 32), IntArrayList::new).add(cell);
        slots[slot] = cell;
        if (cells * 2 > slots.length) {
            rehash();
        }
        return cell;
    }

    private void grow() {
        int capacity = Math.multiplyExact(cells, 2);
        hot = Arrays.copyOf(hot, Math.multiplyExact(capacity, Lanes.HOT));
        cold = Arrays.copyOf(cold, Math.multiplyExact(capacity, Lanes.COLD));
        runAndAttempt = Arrays.copyOf(runAndAttempt, capacity);
        rest = Arrays.copyOf(rest, capacity);
    }

    private void rehash() {
        slots = new int[slots.length * 4];
        for (int cell = 1; cell < cells; cell++) {
            int slot = slot(runAndAttempt[cell], rest[cell]);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = cell;
        }
    }

    @Override
    public void carry(int cell, int lane) {
        cold[cell * Lanes.COLD + lane]++;
    }

    /** Adds to the sum in a hot lane of a cell. */
    public void addSum(int cell, int lane, long low, long units) {
        Lanes.addSum(hot, cell * Lanes.HOT, cold, cell * Lanes.COLD, lane, low, units);
    }

    /** Adds rows to a cell, at steps from {@code firstStep} to {@code lastStep}. */
    public void addRows(int cell, long rows, long firstStep, long lastStep) {
        hot[cell * Lanes.HOT + Lanes.ROWS] += rows;
        Lanes.addExtremes(hot, cell * Lanes.HOT + Lanes.FIRST_STEP, firstStep, lastStep);
    }

    /** Counts a PEFT event, given as its code and that of its technique. */
    public void addPeft(int cell, int eventAndTechnique, long count) {
        IntLongHashMap counts = peftEvents.get(cell);
        if (counts == null) {
            counts = new IntLongHashMap();
            peftEvents.set(cell, counts);
        }
        counts.addToValue(eventAndTechnique, count);
    }

    @Nullable
    public IntLongHashMap peftEvents(int cell) {
        return peftEvents.get(cell);
    }

    @Nullable
    public PairSums pairs(int cell) {
        return pairs.get(cell);
    }

    /** Returns the sums of scored pairs of a cell, new if there are none. */
    public PairSums pairsToChange(int cell) {
        PairSums sums = pairs.get(cell);
        if (sums == null) {
            sums = new PairSums();
            pairs.set(cell, sums);
        }
        return sums;
    }

    /** Forgets the pairs of a cell. */
    public void clearPairs(int cell) {
        pairs.set(cell, null);
    }

    /** Adds a cell of another table to a cell of this. */
    public void mergeCell(int cell, CellTable other, int otherCell) {
        Lanes.merge(
                hot,
                cell * Lanes.HOT,
                cold,
                cell * Lanes.COLD,
                other.hot,
                otherCell * Lanes.HOT,
                other.cold,
                otherCell * Lanes.COLD);
        IntLongHashMap events = other.peftEvents.get(otherCell);
        if (events != null) {
            events.forEachKeyValue((key, count) -> addPeft(cell, key, count));
        }
        PairSums otherPairs = other.pairs.get(otherCell);
        if (otherPairs != null) {
            pairsToChange(cell).merge(otherPairs);
        }
    }
}
