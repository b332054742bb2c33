package org.flopledger.jmh.journal;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.Stage;

/** Something that keeps batches of steps durably. */
public interface StepStore extends AutoCloseable {

    /** Returns when the batch is as durable as the store was opened for. */
    void keep(Batch batch) throws SQLException;

    /** Returns a way into the store for one more thread. Close it before the store. */
    Writer writer() throws SQLException;

    /** Returns the number of steps and the sum of their tokens, read back from the disk. */
    Sums sums() throws SQLException;

    @Override
    void close() throws SQLException;

    /** One thread's way into a store. */
    interface Writer extends AutoCloseable {

        /** Returns when the batch is as durable as the store was opened for. */
        void keep(Batch batch) throws SQLException;

        @Override
        void close() throws SQLException;

        /** Returns a writer into a store that any number of threads may write to. */
        static Writer of(StepStore store) {
            return new Writer() {
                @Override
                public void keep(Batch batch) throws SQLException {
                    store.keep(batch);
                }

                @Override
                public void close() {
                    // The store is closed by who opened it.
                }
            };
        }
    }

    /** What a store holds. */
    record Sums(long steps, long tokens) {}

    /** When a batch is acknowledged. */
    enum Durability {
        /** When it has been flushed to the disk. */
        FLUSH,
        /** At once, and it is flushed at most ten milliseconds later. */
        WITHIN_10_MS
    }

    /** The stores compared. */
    enum Kind {
        /** The journal alone. */
        JOURNAL {
            @Override
            public StepStore open(Path directory, Durability durability) {
                return new JournalStore(directory, durability);
            }
        },
        /** The whole way of a batch into a durable ledger. */
        LEDGER {
            @Override
            public StepStore open(Path directory, Durability durability) {
                return new LedgerStore(directory, durability);
            }
        },
        /** SQLite through JDBC. */
        SQLITE {
            @Override
            public StepStore open(Path directory, Durability durability) throws SQLException {
                return new SqliteStore(directory, durability);
            }
        };

        /** Opens an empty store in an empty directory. */
        public abstract StepStore open(Path directory, Durability durability) throws SQLException;
    }

    /** One step as plain values, for a store that takes rows. */
    record Row(
            String run,
            int attempt,
            long step,
            String source,
            long startedAt,
            long endedAt,
            int stage,
            String model,
            long tokens,
            int sequences,
            long squaredLengths,
            double deviceSeconds) {

        static final String RUN = "orion-70b";
        static final String MODEL = "orion";

        static Row of(long step) {
            long length = 4_096;
            int sequences = 512 + (int) (step % 3);
            return new Row(
                    RUN,
                    0,
                    step,
                    "rank-0",
                    1_700_000_000_000_000L + step * 2_500_000,
                    1_700_000_000_000_000L + step * 2_500_000 + 2_400_000,
                    Stage.PRETRAINING.ordinal(),
                    MODEL,
                    sequences * length,
                    sequences,
                    sequences * length * length,
                    2_048 * (2.4 + step % 7 * 0.01));
        }
    }

    /** The same steps in both forms, made beforehand: the benchmark is about keeping them. */
    record Batch(StepBatch columns, List<Row> rows, BufferAllocator allocator) implements AutoCloseable {

        /** Returns steps from 0 in batches of one size, the last one perhaps smaller. */
        public static List<Batch> many(int steps, int batchSteps) {
            List<Batch> batches = new ArrayList<>();
            for (int first = 0; first < steps; first += batchSteps) {
                batches.add(of(first, Math.min(batchSteps, steps - first)));
            }
            return batches;
        }

        /** Returns so many steps from {@code first} on. */
        public static Batch of(int first, int count) {
            BufferAllocator allocator = new RootAllocator();
            List<Row> rows = new ArrayList<>();
            try (StepBatchBuilder builder = StepBatch.builder(allocator)) {
                for (int step = first; step < first + count; step++) {
                    Row row = Row.of(step);
                    rows.add(row);
                    builder.run(row.run)
                            .attempt(row.attempt)
                            .step(row.step)
                            .source(row.source)
                            .startedAtMicros(row.startedAt)
                            .endedAtMicros(row.endedAt)
                            .stage(Stage.PRETRAINING)
                            .model(row.model)
                            .tokens(row.tokens)
                            .sequences(row.sequences)
                            .squaredLengths(row.squaredLengths)
                            .deviceSeconds(row.deviceSeconds)
                            .append();
                }
                return new Batch(builder.build(), rows, allocator);
            }
        }

        @Override
        public void close() {
            columns.close();
            allocator.close();
        }
    }
}
