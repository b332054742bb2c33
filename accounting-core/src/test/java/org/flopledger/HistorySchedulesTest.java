package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a ledger against a list of rows and BigInteger. The number of schedules and the first seed are system
 * properties: {@code -Dflopledger.schedules=100000 -Dflopledger.schedules.seed=1}.
 */
class HistorySchedulesTest {

    private static final int SCHEDULES = Integer.getInteger("flopledger.schedules", 2_000);

    @Test
    void whateverHappensALedgerSaysWhatItsRowsAddUpTo() {
        long first = Long.getLong("flopledger.schedules.seed", 1L);
        System.out.println("HistorySchedulesTest seeds from " + first);
        Map<HistorySchedule.Event, Integer> events = new EnumMap<>(HistorySchedule.Event.class);
        for (int i = 0; i < SCHEDULES; i++) {
            try {
                new HistorySchedule(first + i)
                        .run()
                        .forEach((event, count) -> events.merge(event, count, Integer::sum));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + (first + i) + ", schedule " + i, e);
            }
        }
        System.out.println("HistorySchedulesTest " + events);
        if (SCHEDULES >= 1_000) {
            for (HistorySchedule.Event event : HistorySchedule.Event.values()) {
                assertThat(events.getOrDefault(event, 0)).as("%s", event).isGreaterThan(SCHEDULES / 100);
            }
        }
    }
}
