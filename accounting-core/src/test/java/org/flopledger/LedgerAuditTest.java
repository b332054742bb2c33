package org.flopledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.flopledger.account.RunAccount;
import org.flopledger.internal.journal.Journal;
import org.flopledger.internal.journal.JournalFact;
import org.flopledger.internal.journal.JournalReplay;
import org.flopledger.internal.journal.JournalSteps;
import org.flopledger.journal.JournalOptions;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.telemetry.StepBatch;
import org.flopledger.telemetry.StepBatchBuilder;
import org.flopledger.units.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerAuditTest {

    private static final long TOKENS = 1_000_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void the_totals_of_an_audit_are_those_of_the_ledger() {
        try (ComputeLedger ledger = open(directory)) {
            steps(ledger, 0, 1, 200);
            steps(ledger, 1, 150, 300);
            steps(ledger, 1, 150, 300);
            LedgerAudit audit = LedgerAudit.of(directory);
            RunAccount expected = ledger.totals("orion");
            assertThat(audit.faults()).isEmpty();
            assertThat(audit.runs()).hasSize(1);
            assertThat(audit.runs().get(0).total()).isEqualTo(expected.total());
            assertThat(audit.runs().get(0).discarded()).isEqualTo(expected.discarded());
            assertThat(audit.findings()).isEqualTo(ledger.findings()).hasSize(1);
            assertThat(audit.profiles()).containsExactly("seed-review-1e24");
            assertThat(audit.specs()).containsOnlyKeys("orion");
        }
    }

    @Test
    void a_copy_into_another_ledger_counts_once_and_finds_anew() {
        Path other = directory.resolve("other");
        try (ComputeLedger ledger = open(directory)) {
            steps(ledger, 0, 1, 200);
        }
        try (ComputeLedger target = open(other)) {
            steps(target, 0, 151, 250);
            LedgerAudit.Copied copied = LedgerAudit.copy(directory, target);
            assertThat(copied).isEqualTo(new LedgerAudit.Copied(200, 150, 50, 0));
            assertThat(target.totals("orion").totals().observations()).isEqualTo(250);
            assertThat(target.findings()).hasSize(1);
        }
    }

    @Test
    void records_that_no_ledger_writes_are_named_as_faults() {
        try (BufferAllocator allocator = new RootAllocator();
                Journal journal = Journal.open(directory, JournalOptions.durable(), allocator, new Ignoring());
                StepBatchBuilder rows = StepBatch.builder(allocator)) {
            row(rows, 0, 1);
            row(rows, 0, 1);
            try (StepBatch batch = rows.build()) {
                journal.append(List.of(new JournalSteps(batch, null), JournalFact.of(JournalFact.Kind.DELIVERY, "7")));
            }
        }
        assertThat(LedgerAudit.of(directory).faults())
                .containsExactly(
                        "a recorded batch of 2 rows has 0 that are not valid and 1 that were recorded before",
                        "listeners were told of finding 7, of which there is no record");
    }

    @Test
    void a_fact_that_cannot_be_read_is_damage() {
        try (BufferAllocator allocator = new RootAllocator();
                Journal journal = Journal.open(directory, JournalOptions.durable(), allocator, new Ignoring())) {
            journal.append(List.of(JournalFact.of(JournalFact.Kind.FINDING, "{\"kind\":\"NONE\"}")));
        }
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> LedgerAudit.of(directory))
                .withMessageStartingWith("the journal holds a FINDING record that cannot be read: ");
    }

    @Test
    void a_run_that_contradicts_an_earlier_record_is_damage() {
        RunSpec before =
                RunSpec.pretraining("orion").parameters("dense-1b", 7, 7).build();
        RunSpec after =
                RunSpec.pretraining("orion").parameters("dense-1b", 8, 8).build();
        try (BufferAllocator allocator = new RootAllocator();
                Journal journal = Journal.open(directory, JournalOptions.durable(), allocator, new Ignoring())) {
            journal.append(List.of(
                    JournalFact.of(JournalFact.Kind.RUN, RunSpecJson.write(before)),
                    JournalFact.of(JournalFact.Kind.RUN, RunSpecJson.write(after))));
        }
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ComputeLedger.open(directory).start())
                .withMessageStartingWith(
                        "the journal holds a RUN record that cannot be read: model 'dense-1b' is registered with another")
                .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.CORRUPT));
    }

    @Test
    void a_directory_without_a_ledger_is_said_to_be_one() throws Exception {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> LedgerAudit.of(empty))
                .satisfies(e -> assertThat(e.code()).isEqualTo(LedgerException.Code.NOT_A_LEDGER));
    }

    private static ComputeLedger open(Path directory) {
        ComputeLedger ledger = ComputeLedger.open(directory)
                .profile(ReviewProfiles.named("seed-review-1e24"))
                .start();
        ledger.run(RunSpec.pretraining("orion")
                .model("dense-1b", ExactFormula.sixNd(1_000_000_000L))
                .build());
        return ledger;
    }

    private static void steps(ComputeLedger ledger, int attempt, long first, long last) {
        try (StepBatchBuilder rows = ledger.newBatch()) {
            for (long step = first; step <= last; step++) {
                row(rows, attempt, step);
            }
            try (StepBatch batch = rows.build()) {
                ledger.ingest(batch);
            }
        }
    }

    private static void row(StepBatchBuilder rows, int attempt, long step) {
        rows.run("orion")
                .attempt(attempt)
                .step(step)
                .source("log")
                .stage(Stage.PRETRAINING)
                .model("dense-1b")
                .tokens(TOKENS)
                .append();
    }

    private static final class Ignoring implements JournalReplay {
        @Override
        public void fact(JournalFact fact) {
            throw new AssertionError("an empty journal holds " + fact);
        }

        @Override
        public void steps(StepBatch batch) {
            throw new AssertionError("an empty journal holds steps");
        }
    }
}
