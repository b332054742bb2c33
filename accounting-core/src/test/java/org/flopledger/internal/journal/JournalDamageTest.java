package org.flopledger.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.journal.JournalFact.Kind;
import org.flopledger.journal.JournalOptions;
import org.flopledger.journal.JournalRecovery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JournalDamageTest {

    private static final String FIRST = Segments.name(1);

    private final BufferAllocator allocator = new RootAllocator();
    private final SimulatedDisk disk = new SimulatedDisk(1);

    @AfterEach
    void everyBufferIsFreed() {
        allocator.close();
    }

    @Test
    void a_changed_byte_is_found_wherever_it_lies() {
        write(disk, 4, true);
        List<List<String>> whole = read().commits;
        long end = disk.bytes(FIRST).length;
        for (long offset = 0; offset < end; offset++) {
            disk.flip(FIRST, offset, 1 << offset % 8);
            RecordingReplay replay = new RecordingReplay();
            try {
                JournalRecovery recovery = JournalReader.read(disk, true, allocator, replay);
                // Only the mark of the orderly end has no record behind it that vouches for it.
                assertThat(recovery.closedInOrder()).as("offset %d", offset).isFalse();
                assertThat(recovery.tornBytes()).as("offset %d", offset).isPositive();
                assertThat(replay.commits).as("offset %d", offset).isEqualTo(whole);
            } catch (JournalException e) {
                assertThat(e.kind()).isEqualTo(JournalException.Kind.CORRUPT);
                assertThat(e).hasMessageContaining(FIRST).hasMessageContaining("offset");
                assertThat(replay.commits).isEqualTo(whole.subList(0, replay.commits.size()));
            }
            disk.flip(FIRST, offset, 1 << offset % 8);
        }
        assertThat(read().commits).isEqualTo(whole);
    }

    @Test
    void a_journal_cut_anywhere_gives_the_whole_commits_before_the_cut() {
        write(disk, 3, true);
        byte[] bytes = disk.bytes(FIRST);
        List<List<String>> whole = read().commits;
        for (int length = 0; length < bytes.length; length++) {
            SimulatedDisk cut = new SimulatedDisk(length);
            cut.put(FIRST, Arrays.copyOf(bytes, length));
            RecordingReplay replay = new RecordingReplay();
            JournalRecovery recovery = JournalReader.read(cut, true, allocator, replay);
            assertThat(replay.commits).as("length %d", length).isEqualTo(whole.subList(0, replay.commits.size()));
            assertThat(recovery.closedInOrder()).as("length %d", length).isFalse();
            assertThat(recovery.bytes() + recovery.tornBytes())
                    .as("length %d", length)
                    .isEqualTo(length);
        }
    }

    @Test
    void an_unfinished_end_is_cut_once_and_told() {
        write(disk, 3, false);
        byte[] bytes = disk.bytes(FIRST);
        SimulatedDisk torn = new SimulatedDisk(2);
        torn.put(FIRST, Arrays.copyOf(bytes, bytes.length - 5));
        try (Journal journal = Journal.open(torn, JournalOptions.durable(), null, allocator, new RecordingReplay())) {
            assertThat(journal.recovery().tornFile()).isEqualTo(FIRST);
            assertThat(journal.recovery().tornOffset() + journal.recovery().tornBytes())
                    .isEqualTo(bytes.length - 5);
            journal.append(List.of(JournalFact.of(Kind.FINDING, "after the cut")));
        }
        RecordingReplay replay = new RecordingReplay();
        JournalRecovery second = JournalReader.read(torn, true, allocator, replay);
        assertThat(second.tornFile()).isNull();
        assertThat(replay.entries())
                .contains("FINDING after the cut", "FINDING 1")
                .doesNotContain("FINDING 2");
    }

    @Test
    void damage_says_where_it_is_and_what_is_safe() {
        write(disk, 4, true);
        disk.flip(FIRST, disk.bytes(FIRST).length / 2, 4);
        assertThatThrownBy(this::read)
                .isInstanceOf(JournalException.class)
                .hasMessageMatching(
                        "journal file journal-000000001\\.arrows, offset \\d+: record \\d+ is damaged: a later"
                                + " record says that it was on the disk; the \\d+ records in \\d+ commits before offset \\d+ are safe");
    }

    @Test
    void a_damaged_journal_is_not_opened_for_writing_and_not_changed() {
        write(disk, 4, true);
        disk.flip(FIRST, disk.bytes(FIRST).length / 2, 4);
        byte[] before = disk.bytes(FIRST);
        assertThatThrownBy(() -> Journal.open(disk, JournalOptions.durable(), null, allocator, new RecordingReplay()))
                .isInstanceOf(JournalException.class);
        assertThat(disk.bytes(FIRST)).isEqualTo(before);
    }

    @Test
    void a_missing_segment_is_named() {
        write(disk, 40, true);
        assertThat(disk.names()).hasSizeGreaterThan(3);
        SimulatedDisk gap = new SimulatedDisk(3);
        disk.names().stream()
                .filter(name -> !name.equals(Segments.name(2)))
                .forEach(name -> gap.put(name, disk.bytes(name)));
        assertThatThrownBy(() -> JournalReader.read(gap, true, allocator, new RecordingReplay()))
                .hasMessage("journal file journal-000000002.arrows, offset 0: the segment is missing; segments up to "
                        + FIRST + " are safe");
    }

    @Test
    void a_segment_of_another_journal_does_not_fit_the_chain() {
        write(disk, 40, true);
        SimulatedDisk other = new SimulatedDisk(4);
        write(other, 41, true);
        disk.put(Segments.name(2), other.bytes(Segments.name(2)));
        assertThat(read(other).commits).hasSize(41);
        disk.put(FIRST, disk.bytes(FIRST));
        assertThatThrownBy(this::read).hasMessageContaining("later segments follow it");
    }

    @Test
    void the_oldest_segment_cannot_be_taken_away_unnoticed() {
        write(disk, 40, true);
        SimulatedDisk rest = new SimulatedDisk(5);
        disk.names().stream().filter(name -> !name.equals(FIRST)).forEach(name -> rest.put(name, disk.bytes(name)));
        assertThatThrownBy(() -> JournalReader.read(rest, true, allocator, new RecordingReplay()))
                .hasMessageContaining("the segments before it are missing");
    }

    @Test
    void a_newer_format_is_refused_by_name() {
        write(disk, 1, true);
        byte[] bytes = disk.bytes(FIRST);
        int version = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("flopledger.journal");
        int digit = version;
        while (bytes[digit] != '1') {
            digit--;
        }
        bytes[digit] = '2';
        disk.put(FIRST, ForgedRecords.resealed(bytes));
        assertThatThrownBy(this::read)
                .hasMessage("journal file " + FIRST + ": format version is 2, this library reads 1")
                .extracting(e -> ((JournalException) e).kind())
                .isEqualTo(JournalException.Kind.UNKNOWN_VERSION);
    }

    private RecordingReplay read() {
        return read(disk);
    }

    private RecordingReplay read(SimulatedDisk from) {
        RecordingReplay replay = new RecordingReplay();
        JournalReader.read(from, true, allocator, replay);
        return replay;
    }

    private void write(SimulatedDisk to, int commits, boolean closeInOrder) {
        JournalOptions options = JournalOptions.durable().withSegmentBytes(8_192);
        Journal journal = Journal.open(to, options, null, allocator, new RecordingReplay());
        for (int i = 0; i < commits; i++) {
            try (TestBatch batch = new TestBatch(allocator)) {
                batch.row("run-" + i % 3 + "-of-" + commits, i, i % 2 == 1 ? -1 : i);
                journal.awaitDurable(
                        journal.append(List.of(batch.steps(), JournalFact.of(Kind.FINDING, Integer.toString(i)))));
            }
        }
        if (closeInOrder) {
            journal.close();
        } else {
            journal.abandon();
        }
    }
}
