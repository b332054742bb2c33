package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.internal.journal.Journal;
import org.flopledger.internal.journal.JournalFact;
import org.flopledger.internal.journal.JournalReader;
import org.flopledger.internal.journal.JournalReplay;
import org.flopledger.journal.JournalOptions;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerSnapshotTest {

    private static final JournalOptions OPTIONS = JournalOptions.durable().withSnapshotBytes(0);

    @TempDir
    private Path directory;

    private ComputeLedger open(Path path, long snapshotBytes) {
        return ComputeLedger.open(path)
                .journal(OPTIONS.withSnapshotBytes(snapshotBytes))
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .start();
    }

    private static IngestResult steps(ComputeLedger ledger, int attempt, long first, long last) {
        try (StepBatchBuilder builder = ledger.newBatch()) {
            for (long step = first; step <= last; step++) {
                builder.run("orion")
                        .attempt(attempt)
                        .step(step)
                        .source("rank-0")
                        .stage(Stage.PRETRAINING);
                builder.reportedFlop(FlopCount.parse("9e21")).append();
            }
            try (StepBatch batch = builder.build()) {
                return ledger.ingest(batch);
            }
        }
    }

    private static List<Path> segments(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(".arrows"))
                    .sorted()
                    .toList();
        }
    }

    private Path ledgerWith(String name, long lastStep) {
        Path path = directory.resolve(name);
        try (ComputeLedger ledger = open(path, 0)) {
            steps(ledger, 0, 1, lastStep);
        }
        return path;
    }

    @Test
    void aCompactedLedgerSaysAndFindsWhatItDidBefore() throws IOException {
        Path path = directory.resolve("compacted");
        try (ComputeLedger ledger = open(path, 0)) {
            ledger.run(RunSpec.pretraining("orion").build());
            steps(ledger, 0, 1, 100);
            steps(ledger, 1, 51, 120);
            assertThat(ledger.findings()).isNotEmpty();
            int files = segments(path).size();
            assertThat(ledger.compact()).isEqualTo(files);
        }
        assertThat(segments(path)).hasSize(1);

        try (ComputeLedger ledger = open(path, 0)) {
            assertThat(ledger.totals("orion").total().bounds().best()).isEqualTo(FlopCount.parse("1530e21"));
            assertThat(ledger.totals("orion").discarded().bounds().best()).isEqualTo(FlopCount.parse("450e21"));
            assertThat(ledger.totals("orion").attempts()).isEqualTo(2);
            IngestResult again = steps(ledger, 1, 101, 121);
            assertThat(again.repeats().duplicates()).isEqualTo(20);
            assertThat(again.accepted()).isEqualTo(1);
            assertThat(again.findings()).isEmpty();
        }
        LedgerAudit audit = LedgerAudit.of(path);
        assertThat(audit.faults()).isEmpty();
        assertThat(audit.beginsWithSnapshot()).isTrue();
        assertThat(audit.specs()).containsKey("orion");
        assertThat(audit.findings()).isNotEmpty();
    }

    @Test
    void aLedgerInMemoryHasNothingToCompact() {
        try (ComputeLedger ledger = ComputeLedger.inMemory().start()) {
            assertThat(ledger.compact()).isZero();
        }
    }

    @Test
    void snapshotsAreWrittenByTheLedgerItselfAndOpeningReadsOnlyWhatFollows() throws IOException {
        Path path = directory.resolve("often");
        try (ComputeLedger ledger = open(path, 20_000)) {
            for (int batch = 0; batch < 60; batch++) {
                steps(ledger, 0, 10L * batch, 10L * batch + 9);
            }
        }
        assertThat(segments(path)).hasSizeGreaterThan(3);
        try (BufferAllocator allocator = new RootAllocator();
                Journal journal = Journal.open(path, OPTIONS, allocator, new Nothing())) {
            assertThat(journal.recovery().bytes()).isLessThan(25_000);
        }
        LedgerAudit audit = LedgerAudit.of(path);
        assertThat(audit.faults()).isEmpty();
        assertThat(audit.beginsWithSnapshot()).isFalse();
        assertThat(audit.journal().bytes()).isGreaterThan(60_000);
    }

    private static final class Nothing implements JournalReplay {
        @Override
        public void fact(JournalFact fact) {
            // Only how much is read is of interest.
        }

        @Override
        public void steps(StepBatch batch) {
            // Only how much is read is of interest.
        }
    }

    @Test
    void anAuditFindsASnapshotThatSaysOtherThanTheRecordsBeforeIt() {
        Path path = ledgerWith("forged", 100);
        LedgerState other = stateOf(ledgerWith("other", 99));
        append(path, LedgerSnapshot.bytesOf(other, Integer.MAX_VALUE).orElseThrow());

        assertThat(LedgerAudit.of(path).faults())
                .containsExactly("a snapshot after 100 observations holds another state than the records before it:"
                        + " other accounts");
    }

    @Test
    void aSnapshotThatCannotBeReadStopsOpeningAndAudit() {
        Path path = ledgerWith("damaged", 10);
        byte[] snapshot =
                LedgerSnapshot.bytesOf(stateOf(path), Integer.MAX_VALUE).orElseThrow();
        snapshot[snapshot.length - 20]++;
        append(path, snapshot);

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> open(path, 0))
                .withMessageContaining("SNAPSHOT record that cannot be read: book state: checksum is")
                .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.CORRUPT));
    }

    @Test
    void aCompactedLedgerIsNotCopiedInPart() {
        Path path = ledgerWith("source", 10);
        try (ComputeLedger ledger = open(path, 0)) {
            int unused = ledger.compact();
            steps(ledger, 0, 11, 20);
        }
        try (ComputeLedger target = ComputeLedger.inMemory().start()) {
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(() -> LedgerAudit.copy(path, target))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.COMPACTED));
            assertThat(target.runs()).isEmpty();
        }
    }

    @Test
    void aLedgerWithSnapshotsAmongItsRecordsIsCopiedAsAWhole() {
        Path path = directory.resolve("source");
        try (ComputeLedger ledger = open(path, 3_000)) {
            for (int batch = 0; batch < 20; batch++) {
                steps(ledger, 0, 10L * batch, 10L * batch + 9);
            }
        }
        try (ComputeLedger target = ComputeLedger.inMemory().start()) {
            assertThat(LedgerAudit.copy(path, target).accepted()).isEqualTo(200);
            assertThat(target.totals("orion").totals().observations()).isEqualTo(200);
        }
    }

    @Test
    void anUnfinishedCompactionIsReadFromTheSnapshotOnAndFinishedByTheNext() throws IOException {
        Path path = directory.resolve("unfinished");
        try (ComputeLedger ledger = open(path, 3_000)) {
            for (int batch = 0; batch < 20; batch++) {
                steps(ledger, 0, 10L * batch, 10L * batch + 9);
            }
        }
        // The machine went down after the oldest file was deleted; the next one begins with a snapshot or not.
        Files.delete(segments(path).get(0));
        assertThat(LedgerAudit.of(path).faults()).isEmpty();
        try (ComputeLedger ledger = open(path, 0)) {
            assertThat(ledger.totals("orion").totals().observations()).isEqualTo(200);
            assertThat(ledger.compact()).isGreaterThan(1);
        }
        assertThat(segments(path)).hasSize(1);
        assertThat(LedgerAudit.of(path).runs().get(0).totals().observations()).isEqualTo(200);
    }

    @Test
    void aStateTooLargeForASnapshotIsNotWrittenAndTheLedgerGoesOn() throws IOException {
        Path path = ledgerWith("large", 10);
        LedgerState state = new LedgerState(fault -> {
            throw new AssertionError(fault);
        });
        int files = segments(path).size();
        try (BufferAllocator allocator = new RootAllocator();
                LedgerJournal journal = LedgerJournal.open(Journal::open, path, OPTIONS, allocator, state)) {
            var snapshots = new Snapshots(state, journal, 1, 1_000, 100);
            snapshots.writeIfDue();
            assertThatExceptionOfType(LedgerException.class)
                    .isThrownBy(snapshots::compact)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.TOO_LARGE));
            journal.requireRunning();
        }
        assertThat(segments(path)).hasSize(files);
    }

    private static LedgerState stateOf(Path path) {
        LedgerState state = new LedgerState(fault -> {
            throw new AssertionError(fault);
        });
        try (BufferAllocator allocator = new RootAllocator()) {
            JournalReader.read(path, true, allocator, state);
        }
        return state;
    }

    private static void append(Path path, byte[] snapshot) {
        try (BufferAllocator allocator = new RootAllocator();
                Journal journal = Journal.open(path, OPTIONS, allocator, new Nothing())) {
            journal.snapshot(JournalFact.of(JournalFact.Kind.SNAPSHOT, snapshot));
        }
    }
}
