package org.flopledger.spool;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of lines so far. Immutable.
 *
 * @param lines lines that were read, empty ones not counted
 * @param rows observations that they held
 * @param accepted observations that were new and count
 * @param duplicates observations that the ledger held already
 * @param conflicts observations that contradict one that the ledger holds, which stays
 * @param rejected observations that the ledger refused, by its reason, such as {@code TOKENS_NEGATIVE}
 * @param refused lines that were refused whole, by reason
 * @param firstRefusal where the first of them stood and what is wrong with it; null if there is none
 * @param lost lines that their writers say they could not write
 */
public record LineTotals(
        long lines,
        long rows,
        long accepted,
        long duplicates,
        long conflicts,
        Map<String, Long> rejected,
        Map<LineFault, Long> refused,
        @Nullable String firstRefusal,
        long lost) {

    /** Copies the maps. */
    public LineTotals {
        rejected = Map.copyOf(rejected);
        refused = Map.copyOf(refused);
    }

    /** Returns whether everything that was read is in the ledger, and nothing is known to be missing. */
    public boolean isWhole() {
        return conflicts == 0 && rejected.isEmpty() && refused.isEmpty() && lost == 0;
    }
}
