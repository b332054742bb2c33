package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/**
 * A ledger with snapshots and compactions over a disk that loses, tears, reorders and refuses writes. The number of
 * schedules is a system property, so that a nightly build can run many more.
 */
class LedgerFaultSchedulesTest {

    private static final int SCHEDULES = Integer.getInteger("flopledger.ledgerFaultSchedules", 300);

    @Test
    void noFaultBetweenBatchSnapshotAndCompactionLosesOrRepeatsAnything() {
        int compactions = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            try (BufferAllocator allocator = new RootAllocator()) {
                compactions += new LedgerFaultSchedule(seed, allocator).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(compactions).isGreaterThan(SCHEDULES / 2);
    }
}
