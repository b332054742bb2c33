package org.flopledger.internal.journal;

import org.flopledger.telemetry.StepBatch;

/**
 * Receives what a journal holds, in the order it was written, whole commits only. Called on the thread that opens or reads
 * the journal. What it throws ends the reading.
 */
public interface JournalReplay {

    /** Takes a fact. */
    void fact(JournalFact fact);

    /** Takes a batch of steps, all of its rows once accepted. The batch lives until this call returns. */
    void steps(StepBatch batch);

    /** Is told that everything since the last call, or the start, was one commit. */
    default void commit() {}
}
