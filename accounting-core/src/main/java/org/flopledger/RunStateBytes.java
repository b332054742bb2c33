package org.flopledger;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.internal.bytes.StateFrame;
import org.flopledger.internal.bytes.StateInput;
import org.flopledger.internal.bytes.StateWriter;
import org.flopledger.telemetry.StepColumn;
import org.jspecify.annotations.Nullable;

/** Writes and reads the state of a run; the layout is drawn in {@code accounting-core/docs/formats/run-state.md}. */
final class RunStateBytes {

    private static final StepColumn[] COLUMNS = StepColumn.values();

    /** The magic is "FLRS". A column more is a bit more that may be set; the book within has a version of its own. */
    private static final StateFrame FRAME = new StateFrame("run state", 0x53524c46, 1, "bits for columns", Long.SIZE);

    private static final int HELD = 0;
    private static final int CONTRADICTED = 1;

    private RunStateBytes() {}

    /** What a state consists of. */
    record Parts(@Nullable String run, boolean isContradicted, Set<StepColumn> implausible, AccountBook book) {}

    static byte[] write(Parts parts) {
        StateWriter out = FRAME.begin(StateFrame.MAX_BYTES);
        long columns = 0;
        for (StepColumn column : parts.implausible) {
            columns |= 1L << column.ordinal();
        }
        out.putText(parts.run);
        out.putByte(parts.isContradicted ? CONTRADICTED : HELD);
        out.putLong(columns);
        if (parts.run != null && !parts.isContradicted) {
            out.putBlock(parts.book.toBytes());
        }
        return FRAME.end(out);
    }

    static Parts read(byte[] bytes) {
        StateInput in = FRAME.open(bytes);
        String run = in.text("run");
        int form = in.byteValue();
        Set<StepColumn> implausible = columns(in);
        if (form > CONTRADICTED || (run == null && (form != HELD || !implausible.isEmpty()))) {
            throw in.broken("form is " + form + " with " + implausible.size() + " implausible columns, of "
                    + (run == null ? "no run" : "a run"));
        }
        AccountBook book = new AccountBook();
        if (run != null && form == HELD) {
            book = AccountBook.fromBytes(in.block("book"));
            if (!book.runs().equals(List.of(run))) {
                throw in.broken("the book holds " + book.runs().size() + " runs, must hold the run of the state");
            }
        }
        in.expectEnd("part");
        return new Parts(run, form == CONTRADICTED, implausible, book);
    }

    private static Set<StepColumn> columns(StateInput in) {
        long bits = in.longValue();
        if (bits >>> COLUMNS.length != 0) {
            throw in.broken("implausible columns are 0x" + Long.toHexString(bits) + ", there are " + COLUMNS.length);
        }
        Set<StepColumn> columns = EnumSet.noneOf(StepColumn.class);
        for (StepColumn column : COLUMNS) {
            if ((bits >>> column.ordinal() & 1) != 0) {
                columns.add(column);
            }
        }
        return columns;
    }
}
