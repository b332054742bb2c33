package org.flopledger.jmh.journal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.journal.Journal;
import org.flopledger.internal.journal.JournalFact;
import org.flopledger.internal.journal.JournalReader;
import org.flopledger.internal.journal.JournalReplay;
import org.flopledger.internal.journal.JournalSteps;
import org.flopledger.journal.JournalOptions;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;

/** The journal as a store of steps. */
final class JournalStore implements StepStore {

    private final Path directory;
    private final BufferAllocator allocator = new RootAllocator();
    private final Journal journal;

    JournalStore(Path directory, Durability durability) {
        this.directory = directory;
        journal = Journal.open(directory, options(durability), allocator, new Summing());
    }

    static JournalOptions options(Durability durability) {
        JournalOptions strict = JournalOptions.durable();
        return durability == Durability.FLUSH ? strict : strict.withFlushInterval(Duration.ofMillis(10));
    }

    @Override
    public void keep(Batch batch) {
        journal.awaitDurable(journal.append(List.of(new JournalSteps(batch.columns(), null))));
    }

    @Override
    public Writer writer() {
        return Writer.of(this);
    }

    @Override
    public Sums sums() {
        Summing sums = new Summing();
        JournalReader.read(directory, true, allocator, sums);
        return new Sums(sums.steps, sums.tokens);
    }

    @Override
    public void close() {
        journal.close();
        allocator.close();
    }

    /** Sums what a journal replays. */
    static final class Summing implements JournalReplay {
        long steps;
        long tokens;

        @Override
        public void fact(JournalFact fact) {
            throw new IllegalStateException("unexpected " + fact);
        }

        @Override
        public void steps(StepBatch batch) {
            steps += batch.rows();
            for (int row = 0; row < batch.rows(); row++) {
                tokens += batch.longAt(StepColumn.TOKENS, row);
            }
        }
    }
}
