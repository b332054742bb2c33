package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.journal.JournalFact.Kind;
import org.flopledger.journal.JournalOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** After a flush that failed, the next one succeeds and says nothing of what the failed one dropped. */
@Timeout(60)
class FailedFlushTest {

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @Test
    void no_segment_is_begun_by_a_thread_that_waited_while_a_flush_failed() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            Journal journal = Journal.open(disk, JournalOptions.durable(), null, allocator, new RecordingReplay());
            journal.awaitDurable(journal.append(List.of(JournalFact.of(Kind.FINDING, "durable"))));
            long dropped = journal.append(List.of(JournalFact.of(Kind.FINDING, "dropped by the disk")));
            List<String> segments = disk.names();

            CountDownLatch flushing = new CountDownLatch(1);
            CountDownLatch mayGoOn = new CountDownLatch(1);
            disk.beforeCall(what -> {
                if (what.equals("force")) {
                    flushing.countDown();
                    await(mayGoOn);
                }
            });
            CompletableFuture<JournalException.Kind> flush = new CompletableFuture<>();
            new Thread(() -> flush.complete(kindOf(() -> journal.awaitDurable(dropped)))).start();
            await(flushing);
            CompletableFuture<JournalException.Kind> begin = new CompletableFuture<>();
            JournalFact snapshot = JournalFact.of(Kind.SNAPSHOT, "state".getBytes(StandardCharsets.UTF_8));
            Thread writer = new Thread(() -> begin.complete(kindOf(() -> journal.snapshot(snapshot))));
            writer.start();
            while (writer.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            disk.failAfter(0);
            mayGoOn.countDown();

            assertThat(flush.get()).isEqualTo(JournalException.Kind.INPUT_OUTPUT);
            assertThat(begin.get()).isEqualTo(JournalException.Kind.STOPPED);
            assertThat(journal.durableCommit()).isLessThan(dropped);
            assertThat(disk.names()).isEqualTo(segments);
            journal.abandon();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JournalException.Kind kindOf(Runnable action) {
        try {
            action.run();
            throw new AssertionError("nothing was thrown");
        } catch (JournalException e) {
            return e.kind();
        }
    }
}
