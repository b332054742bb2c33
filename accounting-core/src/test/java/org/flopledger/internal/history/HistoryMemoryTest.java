package org.flopledger.internal.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryMemoryTest {

    private static final int CONTENT_WORDS = 20;

    @Test
    void ten_million_consecutive_steps_of_one_content_need_less_than_10_kilobytes() {
        long before = usedHeap();
        List<RunHistory> histories = new ArrayList<>();
        for (int run = 0; run < 5; run++) {
            histories.add(historyOf(10_000_000));
        }
        long perRun = (usedHeap() - before) / histories.size();
        assertThat(histories)
                .allSatisfy(history -> assertThat(history.observations()).isEqualTo(10_000_000));
        assertThat(perRun).isLessThan(10_000);
    }

    @Test
    void ten_thousand_idle_runs_need_less_than_64_megabytes() {
        long before = usedHeap();
        List<RunHistory> histories = new ArrayList<>();
        for (int run = 0; run < 10_000; run++) {
            histories.add(historyOf(100));
        }
        long used = usedHeap() - before;
        assertThat(histories).hasSize(10_000);
        assertThat(used).isLessThan(64L << 20);
    }

    private static RunHistory historyOf(int steps) {
        RunHistory history = new RunHistory(CONTENT_WORDS, content -> true, (a, c, s) -> {});
        StepRepeats repeats = new StepRepeats();
        StepRows rows = new StepRows(CONTENT_WORDS);
        int batch = Math.min(steps, 100_000);
        long[] column = new long[batch];
        long[] accept = new long[(batch + 63) >>> 6];
        for (int first = 0; first < steps; first += batch) {
            for (int row = 0; row < batch; row++) {
                column[row] = first + row;
            }
            Arrays.fill(accept, -1L);
            repeats.admit(rows.batch(batch, column, accept), run -> history);
        }
        return history;
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
