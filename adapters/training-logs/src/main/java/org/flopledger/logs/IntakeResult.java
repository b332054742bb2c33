package org.flopledger.logs;

import java.util.List;
import org.flopledger.IngestResult;
import org.flopledger.telemetry.RowRejection;
import org.jspecify.annotations.Nullable;

/**
 * What became of a logged run in a ledger.
 *
 * @param run identity of the run
 * @param kind what happened
 * @param rows rows that the log makes
 * @param accepted rows that were new
 * @param duplicates rows that the ledger held already, or that tell an earlier moment of what it holds
 * @param conflicts rows that say something else than the ledger holds
 * @param rejected rows that are not possible
 * @param why a sentence where the log was not taken in as it is, else null
 */
public record IntakeResult(
        String run,
        Kind kind,
        long rows,
        long accepted,
        long duplicates,
        long conflicts,
        long rejected,
        @Nullable String why) {

    /** What happened to a run. */
    public enum Kind {
        /** Rows that the ledger did not hold are in it. */
        TAKEN,
        /** The ledger knew all of it. */
        KNOWN,
        /** The ledger held an earlier moment of the run, part of which this log replaced. */
        GROWN,
        /** The log contradicts what the ledger holds; the one with more work counts. */
        CONFLICT,
        /** None of it could be taken in. */
        FAILED
    }

    /** Returns whether the log could not be taken in as it is. */
    public boolean isFault() {
        return kind == Kind.CONFLICT || kind == Kind.FAILED;
    }

    static IntakeResult failed(String run, String why) {
        return new IntakeResult(run, Kind.FAILED, 0, 0, 0, 0, 0, why);
    }

    /** Counts while batches are taken in. Confined to one thread. */
    static final class Counter {

        private long rows;
        private long accepted;
        private long duplicates;
        private long conflicts;
        private long rejected;
        private @Nullable RowRejection firstRejection;

        void add(IngestResult result) {
            rows += result.rows();
            accepted += result.accepted();
            duplicates += result.repeats().duplicates();
            conflicts += result.repeats().conflicts();
            List<RowRejection> rejections = result.rejections();
            for (RowRejection rejection : rejections) {
                rejected += rejection.count();
                firstRejection = firstRejection == null ? rejection : firstRejection;
            }
        }

        long conflicts() {
            return conflicts;
        }

        /** Begins anew: what was counted so far was taken back. */
        void forget() {
            rows = 0;
            accepted = 0;
            duplicates = 0;
            conflicts = 0;
            rejected = 0;
            firstRejection = null;
        }

        @Nullable
        RowRejection firstRejection() {
            return firstRejection;
        }

        IntakeResult result(String run, Kind kind, @Nullable String why) {
            return new IntakeResult(run, kind, rows, accepted, duplicates, conflicts, rejected, why);
        }
    }
}
