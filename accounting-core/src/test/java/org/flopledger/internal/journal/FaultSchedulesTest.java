package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/**
 * The journal over a disk that loses, tears, reorders and refuses writes. The number of schedules is a system property, so
 * that a nightly build can run many more.
 */
class FaultSchedulesTest {

    private static final int SCHEDULES = Integer.getInteger("flopledger.faultSchedules", 10_000);
    private static final int PLANTED = 300;

    @Test
    void nothing_acknowledged_is_lost_and_nothing_is_recorded_twice() {
        int sessions = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            try {
                sessions += run(seed, false, false);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(sessions).isGreaterThan(2 * SCHEDULES);
    }

    @Test
    void a_journal_that_acknowledges_before_it_flushes_is_caught() {
        assertThat(violations(true, false)).isGreaterThan(PLANTED / 20);
    }

    @Test
    void a_disk_whose_flushes_do_nothing_is_caught() {
        assertThat(violations(false, true)).isGreaterThan(PLANTED / 20);
    }

    private static int violations(boolean acknowledgesBeforeFlush, boolean flushesLie) {
        int violations = 0;
        for (long seed = 0; seed < PLANTED; seed++) {
            try {
                run(seed, acknowledgesBeforeFlush, flushesLie);
            } catch (FaultSchedule.Violation e) {
                violations++;
            }
        }
        return violations;
    }

    private static int run(long seed, boolean acknowledgesBeforeFlush, boolean flushesLie) {
        try (BufferAllocator allocator = new RootAllocator()) {
            FaultSchedule schedule = new FaultSchedule(seed, allocator, acknowledgesBeforeFlush, flushesLie);
            try {
                return schedule.run();
            } finally {
                schedule.close();
            }
        }
    }
}
