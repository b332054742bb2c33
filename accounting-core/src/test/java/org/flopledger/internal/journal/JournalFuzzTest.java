package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.journal.JournalFact.Kind;
import org.flopledger.journal.JournalOptions;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, a journal is read, or refused with a {@link JournalException}; nothing else, and no memory leaks. */
class JournalFuzzTest {

    private static final int CASES = 4_000;
    private static final long MEMORY_LIMIT = 64L << 20;

    @Test
    void forged_records_with_right_checksums_and_links_are_read_or_refused() {
        byte[] segment = segment();
        int refused = 0;
        for (long seed = 0; seed < CASES; seed++) {
            refused += readOrRefused(ForgedRecords.mutated(segment, new Random(seed)), seed);
        }
        assertThat(refused).isBetween(CASES / 20, CASES - 1);
    }

    @Test
    void random_changes_are_read_or_refused() {
        byte[] segment = segment();
        for (long seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = segment.clone();
            for (int change = random.nextInt(8); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            readOrRefused(bytes, seed);
        }
    }

    @Test
    void random_bytes_are_no_journal() {
        for (long seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            readOrRefused(bytes, seed);
        }
    }

    private static int readOrRefused(byte[] bytes, long seed) {
        SimulatedDisk disk = new SimulatedDisk(seed);
        disk.put(Segments.name(1), bytes);
        try (BufferAllocator allocator = new RootAllocator(MEMORY_LIMIT)) {
            JournalReader.read(disk, true, allocator, new RecordingReplay());
            return 0;
        } catch (JournalException e) {
            assertThat(e.getMessage()).as("seed %d", seed).contains("journal-000000001.arrows");
            return 1;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static byte[] segment() {
        SimulatedDisk disk = new SimulatedDisk(0);
        try (BufferAllocator allocator = new RootAllocator();
                Journal journal =
                        Journal.open(disk, JournalOptions.durable(), null, allocator, new RecordingReplay())) {
            for (int i = 0; i < 4; i++) {
                try (TestBatch batch = new TestBatch(allocator)) {
                    batch.row("run-" + i, i, i).row("other", i, -1, true, i);
                    journal.append(List.of(JournalFact.of(Kind.RUN, "{\"run\":" + i + "}"), batch.steps()));
                }
            }
        }
        return disk.bytes(Segments.name(1));
    }
}
