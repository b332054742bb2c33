package org.flopledger.journal;

import org.jspecify.annotations.Nullable;

/**
 * What was found when a journal was read from front to back.
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
        long tornBytes) {}
