package org.flopledger.internal.fold;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.eclipse.collections.impl.map.mutable.primitive.IntLongHashMap;
import org.flopledger.estimation.AttentionMask;
import org.flopledger.internal.bytes.StateFrame;
import org.flopledger.internal.bytes.StateWriter;
import org.flopledger.internal.cells.CellTable;
import org.flopledger.internal.cells.Lanes;
import org.flopledger.internal.cells.Names;
import org.flopledger.internal.cells.PairSums;
import org.jspecify.annotations.Nullable;

/**
 * Writes an account as bytes. The layout is drawn in {@code accounting-core/docs/formats/account-state.md}.
 *
 * <p>Canonical: equal contents give equal bytes, because runs, models and cells are written in order of their names and keys.
 */
public final class AccountState {

    /** The magic is "FLAS". */
    static final StateFrame FRAME =
            new StateFrame("account state", 0x53414c46, 2, "lanes of a cell", Lanes.HOT + Lanes.COLD);

    /** What was written until there were generated tokens: the same without the lanes of these, which are the last. */
    static final StateFrame FRAME_1 =
            new StateFrame("account state", 0x53414c46, 1, "lanes of a cell", Lanes.HOT + Lanes.GENERATED_TOKENS);

    private AccountState() {}

    /** A cell with its key in names instead of numbers. */
    private record NamedCell(
            String run, int attempt, int stage, @Nullable String model, int inputs, int cell) {}

    private static final Comparator<NamedCell> ORDER = Comparator.comparing(NamedCell::run)
            .thenComparingInt(NamedCell::attempt)
            .thenComparingInt(NamedCell::stage)
            .thenComparing(NamedCell::model, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingInt(NamedCell::inputs);

    /**
     * Returns the bytes of an account.
     *
     * @param withPairs whether to write the pairs under attention masks too, which depend on the formulas in use
     */
    public static byte[] write(CellTable table, Names runs, Names models, boolean withPairs) {
        List<NamedCell> cells = new ArrayList<>();
        for (int cell = 1; cell < table.end(); cell++) {
            int model = table.model(cell);
            cells.add(new NamedCell(
                    runs.name(table.run(cell)),
                    table.attempt(cell),
                    table.stage(cell),
                    model < 0 ? null : models.name(model),
                    table.inputs(cell),
                    cell));
        }
        cells.sort(ORDER);
        StateWriter out = FRAME.begin(StateFrame.MAX_BYTES);
        out.putInt(cells.size());
        for (NamedCell cell : cells) {
            writeCell(out, cell, table, withPairs);
        }
        return FRAME.end(out);
    }

    private static void writeCell(StateWriter out, NamedCell cell, CellTable table, boolean withPairs) {
        out.putText(cell.run());
        out.putText(cell.model());
        out.putInt(cell.attempt());
        out.putInt(cell.stage());
        out.putInt(cell.inputs());
        for (int lane = 0; lane < Lanes.HOT; lane++) {
            out.putLong(table.hot(cell.cell(), lane));
        }
        for (int lane = 0; lane < Lanes.COLD; lane++) {
            out.putLong(table.cold(cell.cell(), lane));
        }
        writePeft(out, table.peftEvents(cell.cell()));
        writePairs(out, withPairs ? table.pairs(cell.cell()) : null);
    }

    private static void writePeft(StateWriter out, @Nullable IntLongHashMap events) {
        int[] keys = events == null ? new int[0] : events.keySet().toSortedArray();
        out.putInt(keys.length);
        for (int key : keys) {
            out.putInt(key);
            out.putLong(events == null ? 0 : events.get(key));
        }
    }

    private static void writePairs(StateWriter out, @Nullable PairSums pairs) {
        Map<AttentionMask, PairSums.Sum> sums = pairs == null ? Map.of() : pairs.byMask();
        out.putInt(sums.size());
        sums.forEach((mask, sum) -> {
            out.putInt(mask.kind().code());
            out.putLong(mask.size());
            out.putLong(sum.rows());
            out.putBig(sum.bounds().least());
            out.putBig(sum.bounds().low());
            out.putBig(sum.bounds().high());
        });
    }
}
