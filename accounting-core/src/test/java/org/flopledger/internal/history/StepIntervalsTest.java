package org.flopledger.internal.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepIntervalsTest {

    @Test
    void ten_million_consecutive_steps_of_one_content_are_one_interval() {
        StepIntervals intervals = new StepIntervals();
        for (long step = 0; step < 10_000_000; step += 1_000) {
            intervals.add(step, step + 999, 0);
        }
        assertThat(intervals.intervals()).isEqualTo(1);
        assertThat(intervals.steps()).isEqualTo(10_000_000);
    }

    @Test
    void steps_in_random_order_end_as_one_interval_in_one_chunk() {
        List<Integer> order = new ArrayList<>(IntStream.range(0, 50_000).boxed().toList());
        Collections.shuffle(order, new Random(7));
        StepIntervals intervals = new StepIntervals();
        order.forEach(step -> intervals.add(step, step, 3));
        assertThat(intervals.intervals()).isEqualTo(1);
        assertThat(intervals.contentAt(49_999)).isEqualTo(3);
        assertThat(intervals.contentAt(50_000)).isEqualTo(StepIntervals.ABSENT);
    }

    @Test
    void neighbours_of_different_content_stay_apart() {
        StepIntervals intervals = new StepIntervals();
        intervals.add(0, 9, 1);
        intervals.add(10, 19, 2);
        assertThat(intervals.intervals()).isEqualTo(2);
        assertThat(intervals.contentAt(9)).isEqualTo(1);
        assertThat(intervals.contentAt(10)).isEqualTo(2);
    }

    @Test
    void many_single_steps_inserted_in_any_order_are_found_again() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            StepIntervals intervals = new StepIntervals();
            TreeMap<Long, Integer> expected = new TreeMap<>();
            for (int i = 0; i < 6_000; i++) {
                long step = random.nextInt(8_000);
                int content = random.nextInt(2);
                boolean free = intervals.isFree(step, step);
                assertThat(free).as("seed %d step %d", seed, step).isEqualTo(!expected.containsKey(step));
                if (free) {
                    intervals.add(step, step, content);
                    expected.put(step, content);
                }
            }
            assertThat(contents(intervals, 0, Long.MAX_VALUE - 1))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat(contents(intervals, 1_000, 5_000))
                    .as("seed %d", seed)
                    .isEqualTo(expected.subMap(1_000L, 5_001L));
            assertThat(intervals.steps()).isEqualTo(expected.size());
        }
    }

    private static TreeMap<Long, Integer> contents(StepIntervals intervals, long from, long to) {
        TreeMap<Long, Integer> contents = new TreeMap<>();
        intervals.forEach(from, to, (first, last, content) -> {
            for (long step = first; step <= last; step++) {
                contents.put(step, content);
            }
        });
        return contents;
    }
}
