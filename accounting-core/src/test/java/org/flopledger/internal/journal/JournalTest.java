package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.journal.JournalFact.Kind;
import org.flopledger.journal.JournalOptions;
import org.flopledger.journal.JournalRecovery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final JournalOptions OPTIONS = JournalOptions.durable();

    @TempDir
    Path directory;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void everyBufferIsFreed() {
        allocator.close();
    }

    @Test
    void a_commit_comes_back_as_it_was_written() {
        try (Journal journal = open(new RecordingReplay());
                TestBatch batch = batch("orion", 1, 3)) {
            journal.awaitDurable(journal.append(
                    List.of(JournalFact.of(Kind.RUN, "{\"run\":\"orion\"}"), batch.steps(), finding("crossed"))));
        }
        assertThat(read().commits)
                .containsExactly(List.of(
                        "RUN {\"run\":\"orion\"}",
                        "orion 1 tokens=101 moe=false",
                        "orion 2 tokens=102 moe=true",
                        "orion 3 tokens=103 moe=false",
                        "FINDING crossed"));
    }

    @Test
    void rejected_rows_are_left_out() {
        try (Journal journal = open(new RecordingReplay());
                TestBatch batch = batch("orion", 1, 5)) {
            journal.append(List.of(batch.stepsWithout(0, 3)));
        }
        assertThat(read().entries())
                .containsExactly(
                        "orion 2 tokens=102 moe=true", "orion 3 tokens=103 moe=false", "orion 5 tokens=105 moe=false");
    }

    @Test
    void nulls_come_back_as_nulls_with_and_without_rejected_rows() {
        try (Journal journal = open(new RecordingReplay());
                TestBatch batch = new TestBatch(allocator);
                TestBatch other = new TestBatch(allocator)) {
            fill(batch);
            fill(other);
            journal.append(List.of(batch.steps()));
            journal.append(List.of(other.stepsWithout(0, 1)));
        }
        List<String> rows =
                List.of("a 1 moe=false", "b 2 tokens=7 moe=true", "a 3 moe=false", "c 4 tokens=9 moe=true padding=5");
        assertThat(read().commits).containsExactly(rows, rows.subList(2, 4));
    }

    @Test
    void a_column_that_first_holds_a_value_later_begins_a_segment_and_costs_nothing_before() throws IOException {
        try (Journal journal = open(new RecordingReplay());
                TestBatch plain = batch("orion", 1, 2);
                TestBatch padded = new TestBatch(allocator).row("orion", 3, 103, false, 4)) {
            JournalSteps plainSteps = plain.steps();
            journal.append(List.of(plainSteps));
            journal.append(List.of(padded.steps()));
            journal.append(List.of(plainSteps));
        }
        assertThat(segments()).hasSize(2);
        assertThat(read().entries())
                .contains("orion 3 tokens=103 moe=false padding=4")
                .hasSize(5);
    }

    @Test
    void a_journal_goes_on_where_it_was_closed() {
        for (int open = 0; open < 4; open++) {
            RecordingReplay replay = new RecordingReplay();
            try (Journal journal = open(replay);
                    TestBatch batch = batch("run-" + open % 2, open * 10, open * 10 + 2)) {
                assertThat(replay.commits).hasSize(open);
                assertThat(journal.recovery().closedInOrder()).isTrue();
                journal.append(List.of(batch.steps()));
            }
        }
        assertThat(segments()).hasSize(1);
        assertThat(read().entries()).hasSize(12).contains("run-1 31 tokens=131 moe=false");
    }

    @Test
    void full_segments_are_sealed_and_the_next_begun() {
        try (Journal journal =
                        Journal.open(directory, OPTIONS.withSegmentBytes(16_384), allocator, new RecordingReplay());
                TestBatch batch = batch("orion", 1, 100)) {
            JournalSteps steps = batch.steps();
            for (int i = 0; i < 10; i++) {
                journal.append(List.of(steps));
            }
        }
        assertThat(segments()).hasSizeBetween(2, 9);
        assertThat(read().entries()).hasSize(1_000);
    }

    @Test
    void a_second_writer_is_told_who_has_the_ledger() {
        try (Journal journal = open(new RecordingReplay())) {
            assertThatThrownBy(() -> open(new RecordingReplay()))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("another writer has this ledger open (process "
                            + ProcessHandle.current().pid() + ")")
                    .extracting(e -> ((JournalException) e).kind())
                    .isEqualTo(JournalException.Kind.LOCKED);
            journal.append(List.of(finding("still open")));
        }
        open(new RecordingReplay()).close();
    }

    @Test
    void a_reader_sees_whole_commits_while_a_writer_has_the_journal_open() {
        try (Journal journal = open(new RecordingReplay())) {
            journal.append(List.of(finding("one"), finding("two")));
            assertThat(read().entries()).containsExactly("FINDING one", "FINDING two");
            journal.append(List.of(finding("three")));
            assertThat(read().entries()).hasSize(3);
        }
    }

    @Test
    void a_journal_opens_from_its_last_snapshot_and_its_whole_history_can_still_be_read() {
        try (Journal journal = open(new RecordingReplay())) {
            journal.append(List.of(finding("before")));
            journal.snapshot(JournalFact.of(Kind.SNAPSHOT, "state"));
            journal.append(List.of(finding("after")));
        }
        RecordingReplay replay = new RecordingReplay();
        open(replay).close();
        assertThat(replay.entries()).containsExactly("SNAPSHOT state", "FINDING after");
        assertThat(read().entries()).containsExactly("FINDING before", "SNAPSHOT state", "FINDING after");
    }

    @Test
    void compaction_keeps_what_follows_the_snapshot_and_a_chain_that_can_be_verified() {
        RecordingReplay replay = new RecordingReplay();
        long next;
        try (Journal journal = open(replay)) {
            journal.append(List.of(finding("one")));
            journal.snapshot(JournalFact.of(Kind.SNAPSHOT, "s1"));
            journal.append(List.of(finding("two")));
            journal.snapshot(JournalFact.of(Kind.SNAPSHOT, "s2"));
            assertThat(journal.compact()).isEqualTo(2);
            journal.append(List.of(finding("three")));
            next = journal.append(List.of(finding("four")));
        }
        assertThat(read().entries()).containsExactly("SNAPSHOT s2", "FINDING three", "FINDING four");
        JournalRecovery recovery = JournalReader.read(directory, true, allocator, new RecordingReplay());
        assertThat(recovery.firstSequence()).isPositive();
        assertThat(recovery.nextSequence()).isEqualTo(next + 1);
    }

    @Test
    void a_flush_interval_puts_commits_on_the_disk_when_asked_and_when_closed() {
        JournalOptions lazy = OPTIONS.withFlushInterval(Duration.ofMinutes(1));
        try (Journal journal = Journal.open(directory, lazy, allocator, new RecordingReplay())) {
            journal.awaitDurable(journal.append(List.of(finding("one"))));
            journal.flush();
            journal.awaitDurable(journal.append(List.of(finding("two"))));
        }
        assertThat(read().entries()).hasSize(2);
        assertThat(JournalReader.read(directory, true, allocator, new RecordingReplay())
                        .closedInOrder())
                .isTrue();
    }

    @Test
    void a_commit_above_the_limit_is_refused_and_the_journal_goes_on() {
        try (Journal journal = open(new RecordingReplay());
                TestBatch batch = batch("new text", 1, 1)) {
            JournalFact huge = JournalFact.of(Kind.SNAPSHOT, new byte[RecordFrame.MAX_LENGTH]);
            JournalSteps steps = batch.steps();
            assertThatThrownBy(() -> journal.append(List.of(steps, huge)))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("above the limit of " + RecordFrame.MAX_LENGTH);
            journal.append(List.of(steps));
        }
        assertThat(read().entries()).containsExactly("new text 1 tokens=101 moe=false");
    }

    @Test
    void commits_with_long_records_are_chained_whatever_comes_between() {
        int rows = 5_000;
        List<String> expected = new ArrayList<>();
        for (int life = 0; life < 2; life++) {
            try (Journal journal = open(new RecordingReplay())) {
                for (int commit = 0; commit < 6; commit++) {
                    try (TestBatch batch = batch("run-" + life + "-" + commit, 1, rows)) {
                        JournalSteps steps = batch.steps();
                        expected.addAll(TestBatch.rows(steps.batch()));
                        List<JournalEntry> entries = new ArrayList<>(List.of(steps));
                        if (commit % 2 == 1) {
                            entries.add(finding("f" + commit));
                            expected.add("FINDING f" + commit);
                        }
                        journal.awaitDurable(journal.append(entries));
                    }
                }
                JournalFact huge = JournalFact.of(Kind.SNAPSHOT, new byte[RecordFrame.MAX_LENGTH]);
                assertThatThrownBy(() -> journal.append(List.of(finding("refused"), huge)))
                        .isInstanceOf(JournalException.class);
            }
        }
        assertThat(read().entries()).isEqualTo(expected);
    }

    @Test
    void a_directory_that_is_not_there_or_holds_no_journal_is_said_to() {
        assertThatThrownBy(
                        () -> JournalReader.read(directory.resolve("absent"), true, allocator, new RecordingReplay()))
                .hasMessage("the ledger directory does not exist or is a file");
        assertThatThrownBy(this::read).hasMessage("the directory holds no journal (no file journal-*.arrows)");
    }

    private Journal open(JournalReplay replay) {
        return Journal.open(directory, OPTIONS, allocator, replay);
    }

    private RecordingReplay read() {
        RecordingReplay replay = new RecordingReplay();
        JournalReader.read(directory, true, allocator, replay);
        return replay;
    }

    private List<Path> segments() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".arrows")).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JournalFact finding(String text) {
        return JournalFact.of(Kind.FINDING, text);
    }

    private static void fill(TestBatch batch) {
        batch.row("a", 1, -1).row("b", 2, 7).row("a", 3, -1).row("c", 4, 9, true, 5);
    }

    private TestBatch batch(String run, long first, long last) {
        TestBatch batch = new TestBatch(allocator);
        for (long step = first; step <= last; step++) {
            batch.row(run, step, 100 + step);
        }
        return batch;
    }
}
