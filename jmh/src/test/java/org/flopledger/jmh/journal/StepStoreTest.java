package org.flopledger.jmh.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.jmh.journal.StepStore.Batch;
import org.flopledger.jmh.journal.StepStore.Durability;
import org.flopledger.jmh.journal.StepStore.Kind;
import org.flopledger.jmh.journal.StepStore.Row;
import org.flopledger.jmh.journal.StepStore.Sums;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the benchmark compares keeps the same steps. */
class StepStoreTest {

    private static final int STEPS = 1_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void each_store_gives_every_step_back(Kind kind) throws Exception {
        for (Durability durability : Durability.values()) {
            Path own = Files.createDirectory(directory.resolve(durability.name()));
            List<Batch> batches = Batch.many(STEPS, 30);
            try (StepStore store = kind.open(own, durability)) {
                for (Batch batch : batches) {
                    store.keep(batch);
                }
                assertThat(store.sums()).isEqualTo(expected());
            }
            batches.forEach(Batch::close);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void each_store_gives_back_what_several_threads_wrote(Kind kind) throws Exception {
        List<Batch> batches = Batch.many(STEPS, 10);
        try (StepStore store = kind.open(directory, Durability.FLUSH)) {
            assertThat(StoreTiming.secondsOfThreads(store, 4, batches)).isPositive();
            assertThat(store.sums()).isEqualTo(expected());
        }
        batches.forEach(Batch::close);
    }

    private static Sums expected() {
        long tokens = 0;
        for (int step = 0; step < STEPS; step++) {
            tokens += Row.of(step).tokens();
        }
        return new Sums(STEPS, tokens);
    }
}
