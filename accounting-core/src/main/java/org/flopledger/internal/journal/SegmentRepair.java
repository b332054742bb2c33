package org.flopledger.internal.journal;

import java.io.IOException;
import java.util.List;
import org.flopledger.journal.JournalRecovery;

/** What a writer does to the files when it opens a journal, and what compaction deletes. */
final class SegmentRepair {

    private static final int PIECE = 1 << 20;

    private SegmentRepair() {}

    /**
     * Makes the end that a scan has found the real end, on the disk.
     *
     * <p>What was read may be in the cache of the operating system only: after a failed flush the system drops the pages
     * and still shows them to readers. So the bytes that no later record vouches for are written once more, in place, and
     * flushed, before anything is built on them.
     */
    static void repair(Storage storage, JournalRecovery found, JournalScan.End end, SegmentWriter writer)
            throws IOException {
        String torn = found.tornFile();
        if (torn != null && found.tornOffset() == 0) {
            // A segment that was just being begun.
            storage.delete(torn);
            storage.forceNames();
        }
        String segment = end.segment();
        if (segment == null) {
            return;
        }
        Storage.WritableFile file = storage.open(segment, end.provenOffset());
        try {
            long until = end.isSealed() ? end.offset() + RecordFrame.PREFIX_LENGTH : end.offset();
            byte[] piece = new byte[(int) Math.min(PIECE, until - end.provenOffset())];
            for (long at = end.provenOffset(); at < until; at += piece.length) {
                int length = (int) Math.min(piece.length, until - at);
                storage.read(segment, at, piece, 0, length);
                file.write(piece, 0, length);
            }
            file.cut();
            file.force();
            storage.forceNames();
        } catch (IOException e) {
            file.close();
            throw e;
        }
        if (end.isSealed()) {
            file.close();
        } else {
            writer.resume(file);
        }
    }

    /** Deletes the segments before the last snapshot, oldest first, and returns how many. */
    static int deleteBeforeSnapshot(Storage storage) throws IOException {
        List<String> names = Segments.list(storage);
        int kept = Segments.lastSnapshot(storage, names);
        for (String name : names.subList(0, kept)) {
            storage.delete(name);
            // One after the other: a later deletion that reached the disk before an earlier one would leave a gap.
            storage.forceNames();
        }
        return kept;
    }
}
