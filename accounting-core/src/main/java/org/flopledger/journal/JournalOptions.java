package org.flopledger.journal;

import java.time.Duration;
import java.util.Objects;

/**
 * How a journal is kept.
 *
 * <p>Given to {@code LedgerBuilder.journal} by anyone who wants other than the defaults. Immutable.
 *
 * @param flushInterval zero: {@code awaitDurable} returns when the commit is on the disk. Otherwise it returns at
 *     once and the disk follows at most this much later: a power failure may take the acknowledged commits of that long,
 *     always the newest and always whole; the death of the process alone takes none
 * @param segmentBytes length from which a segment is sealed and the next begun; at least 4096
 * @param snapshotBytes a ledger writes a snapshot of its state after each commit that brings what was appended since the last
 *     one to this length, so that opening reads little more than that; 0 for never
 */
public record JournalOptions(Duration flushInterval, long segmentBytes, long snapshotBytes) {

    private static final long SMALLEST_SEGMENT = 4_096;
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);

    /** Checks the values. */
    public JournalOptions {
        Objects.requireNonNull(flushInterval, "flushInterval");
        if (flushInterval.isNegative() || flushInterval.compareTo(LONGEST_INTERVAL) > 0) {
            throw new IllegalArgumentException(
                    "flushInterval is " + flushInterval + ", must be from 0 to " + LONGEST_INTERVAL);
        }
        if (segmentBytes < SMALLEST_SEGMENT) {
            throw new IllegalArgumentException("segmentBytes is " + segmentBytes + ", must be >= " + SMALLEST_SEGMENT);
        }
        if (snapshotBytes < 0) {
            throw new IllegalArgumentException("snapshotBytes is " + snapshotBytes + ", must be >= 0");
        }
    }

    /** Returns the strictest form: on the disk before it is acknowledged, segments of 64 MiB, a snapshot every 256 MiB. */
    public static JournalOptions durable() {
        return new JournalOptions(Duration.ZERO, 64L << 20, 256L << 20);
    }

    /** Returns these options with another flush interval. */
    public JournalOptions withFlushInterval(Duration interval) {
        return new JournalOptions(interval, segmentBytes, snapshotBytes);
    }

    /** Returns these options with another segment length. */
    public JournalOptions withSegmentBytes(long bytes) {
        return new JournalOptions(flushInterval, bytes, snapshotBytes);
    }

    /** Returns these options with another length from snapshot to snapshot; 0 for no snapshots. */
    public JournalOptions withSnapshotBytes(long bytes) {
        return new JournalOptions(flushInterval, segmentBytes, bytes);
    }
}
