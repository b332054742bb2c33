package org.flopledger;

import java.util.Optional;

/**
 * Writes the state of a ledger into its journal: now and then, so that opening stays short, and before a compaction. Confined
 * to the ledger's lock, which makes the state that of the records before it.
 */
final class Snapshots {

    private static final System.Logger LOG = System.getLogger(ComputeLedger.class.getName());

    private LedgerState state;
    private final LedgerJournal journal;
    private final long interval;
    private final int most;

    /** Bytes appended since the ledger was opened at which the next snapshot is due. */
    private long next;

    /**
     * Makes the snapshots of a ledger that was just opened.
     *
     * @param interval bytes of journal from one snapshot to the next; 0 for none
     * @param recoveredBytes bytes that were read to open it
     * @param most bytes that a snapshot may have
     */
    Snapshots(LedgerState state, LedgerJournal journal, long interval, long recoveredBytes, int most) {
        this.state = state;
        this.journal = journal;
        this.interval = interval;
        this.most = most;
        // What was read behind the last snapshot counts as appended since.
        next = interval - (recoveredBytes - state.snapshotBytes());
    }

    /** Goes on with another state of the same records. */
    void use(LedgerState other) {
        state = other;
    }

    /** Writes a snapshot if enough was appended since the last one; to be called between commits. */
    void writeIfDue() {
        if (interval > 0 && journal.appendedBytes() >= next && !write()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no snapshot was written: the state of the ledger has more than "
                            + most
                            + " bytes; opening it reads all records since the last snapshot");
        }
    }

    /**
     * Writes a snapshot and deletes the records before it.
     *
     * @return how many files were deleted
     * @throws LedgerException if the state is too large for a snapshot: then nothing is deleted, and the ledger goes on
     */
    int compact() {
        if (!write()) {
            throw new LedgerException(
                    LedgerException.Code.TOO_LARGE,
                    "the ledger was not compacted and goes on: its state has more than " + most + " bytes");
        }
        return journal.deleteBeforeSnapshot();
    }

    private boolean write() {
        Optional<byte[]> bytes = LedgerSnapshot.bytesOf(state, most);
        bytes.ifPresent(journal::snapshot);
        // Too large a state is not tried again before as much was appended once more.
        next = journal.appendedBytes() + interval;
        return bytes.isPresent();
    }
}
