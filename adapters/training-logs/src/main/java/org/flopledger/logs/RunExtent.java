package org.flopledger.logs;

import java.math.BigInteger;
import java.util.Comparator;
import org.flopledger.account.CellTotals;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount;
import org.flopledger.account.RunTotals;
import org.flopledger.units.CountingMethod;
import org.jspecify.annotations.Nullable;

/**
 * How far a run came, as a log or a ledger tells it. Two tellings of one run may be an earlier and a later one; or they contradict
 * each other, and then the one with more work counts.
 *
 * @param lastStep number of the last step, or of the row that holds it; 0 if not known
 * @param tokens tokens of all steps, or null if not known
 * @param reported FLOP that the framework reported, or null
 */
record RunExtent(
        long lastStep,
        @Nullable BigInteger tokens,
        @Nullable BigInteger reported) {

    private static final Comparator<@Nullable BigInteger> UNKNOWN_FIRST =
            Comparator.nullsFirst(Comparator.<BigInteger>naturalOrder());

    /** The one that tells more of a run comes last. */
    static final Comparator<RunExtent> LATER = Comparator.comparingLong(RunExtent::lastStep)
            .thenComparing(RunExtent::tokens, UNKNOWN_FIRST)
            .thenComparing(RunExtent::reported, UNKNOWN_FIRST);

    /** The one that tells of more work comes last. */
    static final Comparator<RunExtent> LARGER = Comparator.comparing(RunExtent::tokens, UNKNOWN_FIRST)
            .thenComparing(RunExtent::reported, UNKNOWN_FIRST)
            .thenComparingLong(RunExtent::lastStep);

    /** Returns what a ledger holds of a run. */
    static RunExtent of(RunAccount account) {
        RunTotals totals = account.totals();
        ComputeFigure reported = account.figures().get(CountingMethod.REPORTED);
        return new RunExtent(
                totals.cells().stream().mapToLong(CellTotals::lastStep).max().orElse(0),
                totals.known(CellTotals.Known.TOKENS) == 0 ? null : totals.tokens(),
                reported == null || reported.covered() == 0
                        ? null
                        : reported.bounds().best().toBigInteger());
    }

    /** Returns whether this tells more of the run than the other, which {@link #agreesWith} it. */
    boolean isLaterThan(RunExtent other) {
        return LATER.compare(this, other) > 0;
    }

    /** Returns whether this tells of more work than the other, which contradicts it. */
    boolean isLargerThan(RunExtent other) {
        return LARGER.compare(this, other) > 0;
    }

    /** Returns whether one of the two can be the beginning of the other: what rises with the steps rose. */
    boolean agreesWith(RunExtent other) {
        RunExtent first = isLaterThan(other) ? other : this;
        RunExtent second = first.equals(this) ? other : this;
        return rises(first.tokens, second.tokens) && rises(first.reported, second.reported);
    }

    private static boolean rises(@Nullable BigInteger before, @Nullable BigInteger after) {
        return before == null || after == null || before.compareTo(after) <= 0;
    }
}
