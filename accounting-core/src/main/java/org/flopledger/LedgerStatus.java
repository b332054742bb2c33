package org.flopledger;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a ledger stands at a moment: what it was given since it was opened, and what of that is safe.
 *
 * <p>Every observation given is one of {@code pending}, {@code accepted}, {@code rejected}, {@code duplicates} or {@code
 * conflicts}. Immutable and thread-safe.
 *
 * @param pending observations that were recorded or are being taken in, and are not on the disk yet; after a failure they
 *     never will be, or nothing is known of it. They are in no total that the ledger has acknowledged
 * @param accepted observations that count and, in a durable ledger, are on the disk
 * @param rejected observations refused, by reason, such as {@code TOKENS_NEGATIVE}; those too that were accepted before a model was
 *     registered by which they cannot have been
 * @param duplicates observations that were held already, with the same content
 * @param conflicts observations that contradict one that was held already, which stays
 * @param lastDurableSteps by run, the greatest step of its newest attempt that is on the disk
 * @param recorderPending of the pending ones, those that wait in the recorder
 * @param recorderCapacity how many the recorder has room for
 * @param waits how often a thread that recorded a step had to wait because the recorder was full
 * @param refused steps that {@code record} refused because the recorder was full
 * @param restarts attempts that began because a step number went back
 * @param failure what stopped the ledger, or null while it runs
 */
public record LedgerStatus(
        long pending,
        long accepted,
        Map<String, Long> rejected,
        long duplicates,
        long conflicts,
        Map<String, Long> lastDurableSteps,
        int recorderPending,
        int recorderCapacity,
        long waits,
        long refused,
        long restarts,
        @Nullable LedgerException failure) {

    /** Copies the maps. */
    public LedgerStatus {
        rejected = Map.copyOf(rejected);
        lastDurableSteps = Map.copyOf(lastDurableSteps);
    }

    /** Returns how full the recorder is, from 0 to 1. */
    public double recorderFill() {
        return (double) recorderPending / recorderCapacity;
    }
}
