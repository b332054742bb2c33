package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;
import org.flopledger.internal.journal.JournalFact.Kind;
import org.flopledger.journal.JournalOptions;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepColumn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Segments through Arrow's own reader, which knows nothing of journals. */
class SegmentAsArrowStreamTest {

    private final BufferAllocator allocator = new RootAllocator();
    private final SimulatedDisk disk = new SimulatedDisk(1);

    @AfterEach
    void everyBufferIsFreed() {
        allocator.close();
    }

    @Test
    void sealed_segments_sum_to_what_the_journal_says() throws IOException {
        write(30);
        assertThat(disk.names()).hasSizeGreaterThan(2);
        assertThat(tokensByRunOfArrow()).isEqualTo(tokensByRunOfJournal()).hasSize(3);
    }

    @Test
    void the_segment_that_is_being_written_opens_too() throws IOException {
        JournalOptions options = JournalOptions.durable();
        try (Journal journal = Journal.open(disk, options, null, allocator, new RecordingReplay());
                TestBatch batch = new TestBatch(allocator)) {
            journal.append(List.of(batch.row("a", 1, 5).row("b", 2, 6).steps()));
            assertThat(tokensByRunOfArrow()).isEqualTo(Map.of("a", 5L, "b", 6L));
        }
    }

    private void write(int commits) {
        JournalOptions options = JournalOptions.durable().withSegmentBytes(8_192);
        try (Journal journal = Journal.open(disk, options, null, allocator, new RecordingReplay())) {
            for (int i = 0; i < commits; i++) {
                try (TestBatch batch = new TestBatch(allocator)) {
                    batch.row("run-" + i % 3, i, i, true, i % 4 == 0 ? 1 : -1).row("run-0", 100 + i, 1);
                    JournalFact fact = JournalFact.of(Kind.RUN, "{\"run\":" + i + "}");
                    journal.append(List.of(fact, batch.stepsWithout(i % 5 == 0 ? new int[] {1} : new int[0])));
                }
            }
        }
    }

    private Map<String, Long> tokensByRunOfJournal() {
        Map<String, Long> sums = new TreeMap<>();
        JournalReader.read(disk, true, allocator, new JournalReplay() {
            @Override
            public void fact(JournalFact fact) {
                assertThat(fact.kind()).isEqualTo(Kind.RUN);
            }

            @Override
            public void steps(StepBatch batch) {
                for (int row = 0; row < batch.rows(); row++) {
                    sums.merge(batch.runs().get(batch.runIndex(row)), batch.longAt(StepColumn.TOKENS, row), Long::sum);
                }
            }
        });
        return sums;
    }

    private Map<String, Long> tokensByRunOfArrow() throws IOException {
        Map<String, Long> sums = new TreeMap<>();
        for (String name : disk.names()) {
            try (ArrowStreamReader reader = new ArrowStreamReader(
                    new MessageChannelReader(new FlagFree(disk.bytes(name)), allocator), allocator)) {
                while (reader.loadNextBatch()) {
                    add(reader.getVectorSchemaRoot(), reader, sums);
                }
            }
        }
        return sums;
    }

    private static void add(VectorSchemaRoot root, ArrowStreamReader reader, Map<String, Long> sums)
            throws IOException {
        if (root.getRowCount() == 0) {
            return;
        }
        FieldVector run = root.getVector("run");
        BigIntVector tokens = (BigIntVector) root.getVector("tokens");
        try (FieldVector names = (FieldVector) DictionaryEncoder.decode(
                run, reader.lookup(run.getField().getDictionary().getId()))) {
            for (int row = 0; row < root.getRowCount(); row++) {
                sums.merge(String.valueOf(names.getObject(row)), tokens.get(row), Long::sum);
            }
        }
    }

    /** Arrow's channel reads into its buffers in a way that needs a JVM flag; this one does not. */
    private static final class FlagFree extends ReadChannel {

        FlagFree(byte[] bytes) {
            super(Channels.newChannel(new ByteArrayInputStream(bytes)));
        }

        @Override
        public long readFully(ArrowBuf buffer, long length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate((int) length);
            long read = readFully(bytes);
            buffer.setBytes(0, bytes.array(), 0, (int) read);
            buffer.writerIndex(read);
            return read;
        }
    }
}
