package org.flopledger.cli.options;

import org.flopledger.LedgerAudit;
import org.flopledger.LedgerException;
import org.jspecify.annotations.Nullable;

/** Says what to do about a ledger that cannot be used. */
public final class RepairStep {

    /** What to do about an end that a writer did not finish. */
    private static final String UNFINISHED_END =
            "Repair: nothing; what was acknowledged is whole, and the next ingest --ledger into it cuts the unfinished end"
                    + " off.";

    /** What to do about records that do not add up. */
    private static final String DAMAGED =
            "Repair: keep a copy of the directory, then restore the named file from a backup and run flopledger verify; or"
                    + " make the ledger again from the logs: flopledger ingest --ledger NEW PATH...";

    private RepairStep() {}

    /** Returns the step after a failure, or null where the message says all there is to do. */
    public static @Nullable String of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LedgerException ledger) {
                return of(ledger.code());
            }
        }
        return null;
    }

    /** Returns what to do about the faults of a ledger, or null if it has none. */
    public static @Nullable String of(LedgerAudit audit) {
        if (audit.faults().isEmpty()) {
            return null;
        }
        boolean isTornOnly = audit.journal().torn() != null && audit.faults().size() == 1;
        return isTornOnly ? UNFINISHED_END : DAMAGED;
    }

    private static @Nullable String of(LedgerException.Code code) {
        return switch (code) {
            case CORRUPT -> DAMAGED;
            case LOCKED ->
                "Repair: wait until the other writer has ended, or end it; reading needs no lock: flopledger totals.";
            case NOT_A_LEDGER ->
                "Repair: name the directory that holds the .arrows files; flopledger ingest --ledger DIR"
                        + " PATH... makes a ledger.";
            case STORAGE_FAILED ->
                "Repair: free space or mend the disk, then run the same command again: what was acknowledged"
                        + " is kept, and steps that are there already count once.";
            case COMPACTED -> "Repair: use the ledger as it was before it was compacted, from a backup.";
            default -> null;
        };
    }
}
