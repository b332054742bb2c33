package org.flopledger.journal;

import org.jspecify.annotations.Nullable;

/**
 * What was found when a journal was read from front to back.
 *
 * <p>{@code LedgerAudit.journal} returns it, for anyone who checks a directory of records. Immutable.
 *
 * @param segments number of segment files read
 * @param commits number of commits read
 * @param records number of records read, all with a right checksum and a right link to the record before
 * @param bytes length of the commits read
 * @param firstSequence number of the first record read; above 0 when older segments were compacted away or skipped
 * @param nextSequence number the next record gets
 * @param headHash SHA-256 of the last record, 64 hexadecimal digits; write it down elsewhere to notice a journal cut short
 * @param closedInOrder whether the last writer closed the journal
 * @param tornFile segment with an unfinished end, or null when there is none
 * @param tornOffset where that end begins; 0 when there is none
 * @param tornBytes length of that end: commits that were never acknowledged, cut when the journal is opened for writing
 * @param endsSealed whether the last segment there is was ended for another one, which was about to be begun or is missing
 * @param soughtRecord number of the record whose hash was sought, the one before the first included; -1 if it was not found
 */
public record JournalRecovery(
        int segments,
        long commits,
        long records,
        long bytes,
        long firstSequence,
        long nextSequence,
        String headHash,
        boolean closedInOrder,
        @Nullable String tornFile,
        long tornOffset,
        long tornBytes,
        boolean endsSealed,
        long soughtRecord) {

    /** Returns what the unfinished end is, in a sentence's beginning, or null when there is none. */
    public @Nullable String torn() {
        return tornFile == null
                ? null
                : "journal file " + tornFile + ", offset " + tornOffset + ": " + tornBytes + " bytes from record "
                        + nextSequence + " on, of a commit that was never finished";
    }
}
