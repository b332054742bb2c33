package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flopledger.account.RunAccount;
import org.flopledger.journal.JournalOptions;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that is opened from snapshots, compacted or not, is the ledger that is opened from all its records. */
class LedgerSnapshotPropertiesTest {

    private static final int SEEDS = 8;
    private static final int ROUNDS = 40;
    private static final JournalOptions FAST =
            JournalOptions.durable().withFlushInterval(java.time.Duration.ofSeconds(1));

    @TempDir
    private Path directory;

    @Test
    void openingFromASnapshotGivesWhatAFullReplayGives() throws IOException, InterruptedException {
        long snapshots = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Path whole = directory.resolve("whole-" + seed);
            Path shortened = directory.resolve("short-" + seed);
            runBoth(seed, whole, shortened);
            LedgerAudit expected = LedgerAudit.of(whole);
            LedgerAudit actual = LedgerAudit.of(shortened);
            assertThat(actual.faults()).as("seed " + seed).isEmpty();
            assertThat(expected.faults()).as("seed " + seed).isEmpty();
            assertThat(figures(actual.runs())).as("seed " + seed).isEqualTo(figures(expected.runs()));
            assertThat(actual.findings()).as("seed " + seed).isEqualTo(expected.findings());
            assertThat(actual.retractions()).as("seed " + seed).isEqualTo(expected.retractions());
            assertThat(actual.told()).as("seed " + seed).isEqualTo(expected.told());
            assertThat(actual.profiles()).as("seed " + seed).isEqualTo(expected.profiles());
            assertThat(actual.specs().keySet())
                    .as("seed " + seed)
                    .isEqualTo(expected.specs().keySet());
            snapshots += actual.journal().segments() - 1;
        }
        assertThat(snapshots).as("segments begun by snapshots").isGreaterThan(SEEDS);
    }

    private static void runBoth(long seed, Path whole, Path shortened) throws InterruptedException {
        RandomHistory history = new RandomHistory(seed);
        ComputeLedger a = open(whole, 0);
        ComputeLedger b = open(shortened, 2_000 + 500 * seed);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                if (history.onceIn(6)) {
                    int run = history.nextRun();
                    a.run(RandomHistory.run(run));
                    b.run(RandomHistory.run(run));
                }
                List<RandomHistory.Row> rows = history.nextRows();
                assertThat(ingest(b, rows)).as("seed %d, round %d", seed, round).isEqualTo(ingest(a, rows));
                a.awaitListeners();
                b.awaitListeners();
                if (history.onceIn(6)) {
                    RandomHistory.Range steps = history.nextRange();
                    assertThat(retract(b, steps))
                            .as("seed %d, round %d", seed, round)
                            .isEqualTo(retract(a, steps));
                }
                if (history.onceIn(15)) {
                    int unused = b.compact();
                }
                if (history.onceIn(8)) {
                    a.close();
                    b.close();
                    a = open(whole, 0);
                    b = open(shortened, 2_000 + 500 * seed);
                    assertThat(state(b)).as("seed %d, round %d", seed, round).isEqualTo(state(a));
                }
            }
        } finally {
            a.close();
            b.close();
        }
    }

    private static ComputeLedger open(Path path, long snapshotBytes) {
        return ComputeLedger.open(path)
                .journal(FAST.withSnapshotBytes(snapshotBytes))
                .clock(() -> Instant.EPOCH)
                .profile(ReviewProfiles.named("eu-gpai"))
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .onFinding(finding -> {
                    if (finding.summary().hashCode() % 5 == 0) {
                        throw new IllegalStateException("this listener never learns of it");
                    }
                })
                .start();
    }

    private static Object retract(ComputeLedger ledger, RandomHistory.Range steps) {
        try {
            return ledger.retract("run-" + steps.run(), steps.attempt(), steps.first(), steps.last(), null, "wrong");
        } catch (LedgerException e) {
            return e.code();
        }
    }

    private static IngestResult ingest(ComputeLedger ledger, List<RandomHistory.Row> rows) {
        try (StepBatchBuilder builder = ledger.newBatch()) {
            RandomHistory.append(builder, rows);
            try (StepBatch batch = builder.build()) {
                return ledger.ingest(batch);
            }
        }
    }

    private static List<Object> state(ComputeLedger ledger) {
        List<RunAccount> runs = ledger.runs().stream().map(ledger::totals).toList();
        return List.of(ledger.runs(), figures(runs), ledger.findings(), ledger.retractions());
    }

    private static List<Object> figures(List<RunAccount> runs) {
        List<Object> figures = new ArrayList<>();
        for (RunAccount run : runs) {
            figures.add(List.of(
                    run.run(),
                    run.attempts(),
                    run.figures(),
                    run.retained(),
                    run.discarded(),
                    run.totals().tokens(),
                    run.retainedByStage()));
        }
        return figures;
    }

    @Test
    void everyCopyTakenWhileTheLedgerWritesOpensSoundWithWhatWasAcknowledged() throws IOException {
        RandomHistory history = new RandomHistory(77);
        Path original = directory.resolve("original");
        int copies = 0;
        try (ComputeLedger ledger = open(original, 3_000)) {
            for (int round = 0; round < ROUNDS; round++) {
                ingest(ledger, history.nextRows());
                if (history.onceIn(10)) {
                    int unused = ledger.compact();
                }
                Path copy = copy(original, directory.resolve("copy-" + copies++));
                try (ComputeLedger opened = open(copy, 3_000)) {
                    assertThat(state(opened)).as("round " + round).isEqualTo(state(ledger));
                }
                assertThat(LedgerAudit.of(copy).faults()).as("round " + round).isEmpty();
            }
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".arrows")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
