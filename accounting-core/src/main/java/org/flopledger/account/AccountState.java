package org.flopledger.account;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.eclipse.collections.impl.map.mutable.primitive.IntLongHashMap;
import org.flopledger.estimation.AttentionMask;
import org.jspecify.annotations.Nullable;

/**
 * Writes an account as bytes. The layout is drawn in {@code accounting-core/docs/formats/account-state.md}.
 *
 * <p>Canonical: equal contents give equal bytes, because runs, models and cells are written in order of their names and keys.
 */
final class AccountState {

    /** "FLAS" read as a little-endian integer. */
    static final int MAGIC = 0x53414c46;

    static final int VERSION = 1;
    static final int HEADER_BYTES = 16;
    static final int CHECKSUM_BYTES = 4;

    /** Limits on what is read; a writer that passes one fails as well. */
    static final int MAX_BYTES = 1 << 30;

    static final int MAX_NAME_BYTES = 4096;
    static final int LANES = Lanes.HOT + Lanes.COLD;

    private AccountState() {}

    /** A cell with its key in names instead of numbers. */
    private record NamedCell(
            String run, int attempt, int stage, @Nullable String model, int inputs, int cell) {}

    private static final Comparator<NamedCell> ORDER = Comparator.comparing(NamedCell::run)
            .thenComparingInt(NamedCell::attempt)
            .thenComparingInt(NamedCell::stage)
            .thenComparing(NamedCell::model, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingInt(NamedCell::inputs);

    static byte[] write(CellTable table, Names runs, Names models) {
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
        StateWriter body = new StateWriter();
        body.putInt(cells.size());
        for (NamedCell cell : cells) {
            writeCell(body, cell, table);
        }
        return framed(body.toBytes());
    }

    private static void writeCell(StateWriter out, NamedCell cell, CellTable table) {
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
        writePairs(out, table.pairs(cell.cell()));
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
            out.putInt(PairSums.code(mask));
            out.putLong(PairSums.size(mask));
            out.putLong(sum.rows());
            out.putBig(sum.bounds().least());
            out.putBig(sum.bounds().low());
            out.putBig(sum.bounds().high());
        });
    }

    private static byte[] framed(byte[] body) {
        int size = Math.addExact(body.length, HEADER_BYTES + CHECKSUM_BYTES);
        if (size > MAX_BYTES) {
            throw new IllegalStateException("account state has " + size + " bytes, the limit is " + MAX_BYTES);
        }
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).putInt(VERSION).putInt(LANES).putInt(body.length).put(body);
        return buffer.putInt(checksum(buffer.array(), size - CHECKSUM_BYTES)).array();
    }

    /** Returns the CRC32C of the first bytes. */
    static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_NAME_BYTES) {
            throw new IllegalStateException("name has " + bytes.length + " bytes, the limit is " + MAX_NAME_BYTES);
        }
        return bytes;
    }
}
