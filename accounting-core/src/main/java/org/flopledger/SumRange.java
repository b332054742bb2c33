package org.flopledger;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.book.AccountBook;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.flopledger.telemetry.Validation;

/** Finds out whether the figures of runs can still be computed after a batch with very large values. */
final class SumRange {

    /** Larger values than any step has; sums of 2^30 smaller ones stay far below 2^127 FLOP. */
    private static final long LARGE_COUNT = 1L << 44;

    private static final long LARGE_SQUARES = 1L << 56;
    private static final long LARGE_UPPER_FLOP = 1L << 26;

    private SumRange() {}

    /** Throws {@link ArithmeticException} if a run of the batch with a very large value has a figure out of range. */
    static void require(Validation validation, AccountBook book) {
        StepBatch batch = validation.batch();
        if (!mayHaveLarge(batch)) {
            return;
        }
        Set<String> runs = new HashSet<>();
        for (int row = 0; row < batch.rows(); row++) {
            if (validation.mask().isAccepted(row) && isLarge(batch, row)) {
                runs.add(batch.runs().get(batch.runIndex(row)));
            }
        }
        for (String run : runs) {
            RunAccount account = book.account(run);
            Objects.requireNonNull(account.figures());
            Objects.requireNonNull(account.retained());
        }
    }

    /** Looks at whole columns; values of rows that have none may make it say true. */
    private static boolean mayHaveLarge(StepBatch batch) {
        return or(batch, StepColumn.TOKENS) > LARGE_COUNT
                || or(batch, StepColumn.SQUARED_LENGTHS) > LARGE_SQUARES
                || isPresent(batch, StepColumn.REPORTED_FLOP);
    }

    private static long or(StepBatch batch, StepColumn column) {
        if (!isPresent(batch, column)) {
            return 0;
        }
        long or = batch.kernel().orAndSum64(batch.data(column), batch.rows(), new long[2]);
        return or < 0 ? Long.MAX_VALUE : or;
    }

    private static boolean isPresent(StepBatch batch, StepColumn column) {
        long bits = batch.validity(column);
        return batch.data(column) != 0 && (bits == 0 || !batch.kernel().noneSet(bits, 0, batch.rows()));
    }

    private static boolean isLarge(StepBatch batch, int row) {
        return isAbove(batch, StepColumn.TOKENS, row, LARGE_COUNT)
                || isAbove(batch, StepColumn.SQUARED_LENGTHS, row, LARGE_SQUARES)
                || (batch.isKnown(StepColumn.REPORTED_FLOP, row)
                        && batch.upperLongAt(StepColumn.REPORTED_FLOP, row) > LARGE_UPPER_FLOP);
    }

    private static boolean isAbove(StepBatch batch, StepColumn column, int row, long most) {
        return batch.isKnown(column, row) && batch.longAt(column, row) > most;
    }
}
